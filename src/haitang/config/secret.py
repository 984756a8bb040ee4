"""The server's secrets: from the environment, else drawn once and kept in the data folder."""

import base64
import binascii
import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import platformdirs

MASTER_KEYS = "master-keys"
MASTER_KEY_BYTES = 32


class BadMasterKeys(ValueError):
    """The master keys are not what they must be; the message says how to mend that."""

    def __init__(self) -> None:
        super().__init__(
            "HAITANG_MASTER_KEYS (else the data folder's `master-keys`) must hold keys of 32 bytes in base64, "
            "the newest first."
        )


def data_folder() -> Path:
    """Where this installation keeps its own files: HAITANG_DATA, else the user's data folder."""
    chosen = os.environ.get("HAITANG_DATA")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("haitang"))


def secret_key() -> str:
    """HAITANG_SECRET_KEY, else the 64 characters in the data folder's `secret`, drawn when first asked for."""
    given = os.environ.get("HAITANG_SECRET_KEY")
    if given:
        return given
    return _kept("secret", lambda: secrets.token_hex(32))


def master_keys() -> list[bytes]:
    """The keys that open the compounds' keys, 32 bytes each, the newest first: HAITANG_MASTER_KEYS (base64,
    separated by commas), else those in the data folder's `master-keys`. Raises BadMasterKeys."""
    given = os.environ.get("HAITANG_MASTER_KEYS")
    words = given.split(",") if given else _kept(MASTER_KEYS, draw_master_key).split()
    try:
        keys = [base64.b64decode(word.strip(), validate=True) for word in words]
    except binascii.Error as problem:
        raise BadMasterKeys from problem
    if not keys or any(len(key) != MASTER_KEY_BYTES for key in keys):
        raise BadMasterKeys
    return keys


def draw_master_key() -> str:
    """A new master key, as it is written down."""
    return base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode()


def keep_master_keys(keys: Iterable[bytes]) -> None:
    """Write the data folder's master keys anew, the newest first. Raises BadMasterKeys where the environment
    gives them: then whoever set them changes them."""
    if os.environ.get("HAITANG_MASTER_KEYS"):
        raise BadMasterKeys
    path = data_folder() / MASTER_KEYS
    new = path.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        file.write("\n".join(base64.b64encode(key).decode() for key in keys))
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _kept(name: str, draw: Callable[[], str]) -> str:
    """What the data folder's file `name` holds, drawn when first asked for and written whole."""
    path = data_folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:  # readable by us alone
            file.write(draw())
            file.flush()
            os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text()
