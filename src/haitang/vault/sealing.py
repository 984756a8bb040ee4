"""How a secret is sealed: AES-256-GCM, a nonce of 12 bytes before it, bound to what it is about."""

import hashlib
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class Unreadable(ValueError):
    """A sealed text that this key does not open, or not as what it is said to be about."""


def draw_key() -> bytes:
    """A new key of 32 random bytes."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, secret: bytes, about: bytes) -> bytes:
    """`secret` sealed for whoever holds `key`; opens only together with the same `about`."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, about)


def unseal(key: bytes, sealed: bytes, about: bytes) -> bytes:
    """The secret in `sealed`. Raises Unreadable."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
    except (InvalidTag, ValueError) as fault:
        raise Unreadable from fault


def token(key: bytes, word: str) -> int:
    """A keyed hash of `word` as a signed number of 64 bits (BLAKE2b): equal words are found by it, none is told."""
    digest = hashlib.blake2b(word.encode(), digest_size=8, key=key).digest()
    return int.from_bytes(digest, "big", signed=True)
