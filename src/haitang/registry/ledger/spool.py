"""Keeps rows on disk for a while, where nobody can read them: in a file without a name, under a key without a copy."""

import pickle
import tempfile
from collections.abc import Iterable
from typing import Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from haitang.registry.ledger.shapes import Cell

_KEY_BITS = 256
_NONCE_BYTES = 12

NumberedLine = tuple[int, tuple[Cell, ...]]
Block = tuple[int, int]


class Spool:
    """Blocks of rows in the order they came. The file is gone with the process, however that ends; what the disk
    may still hold of it is sealed with a key that was only ever in memory."""

    def __init__(self) -> None:
        self._seal = AESGCM(AESGCM.generate_key(_KEY_BITS))
        self._file = tempfile.TemporaryFile(prefix="haitang-")  # noqa: SIM115 -- closed by close()
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._file.close()

    def put(self, rows: Iterable[NumberedLine]) -> Block:
        """Write some rows; where they are."""
        sealed = self._seal.encrypt(self._nonce(self._end), pickle.dumps(list(rows)), None)
        self._file.seek(self._end)
        self._file.write(sealed)
        block = self._end, len(sealed)
        self._end += len(sealed)
        return block

    def get(self, block: Block) -> bytes:
        """A block as `rows_of` takes it."""
        self._file.seek(block[0])
        return self._seal.decrypt(self._nonce(block[0]), self._file.read(block[1]), None)

    @staticmethod
    def _nonce(position: int) -> bytes:
        return position.to_bytes(_NONCE_BYTES, "big")  # nothing is written twice at one place


def rows_of(block: bytes) -> list[NumberedLine]:
    """The rows of a block that a spool gave back."""
    rows: list[NumberedLine] = pickle.loads(block)  # noqa: S301 -- written by ourselves, and sealed since
    return rows
