"""Opens the zip that a spreadsheet file is, believing nothing that it says about its own sizes."""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from haitang.registry.ledger.limits import MIB, Account
from haitang.registry.ledger.messages import unreadable

CHUNK = 1 << 16
_FIRST_CHUNK = 1 << 12  # often only the first rows of a sheet are looked at
_LARGEST_READ = 2 * MIB
_ENCRYPTED = 1
_ENDLESS = 1 << 62
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack without bound in one step
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
)


class Package:
    """The parts of a zip, by name without regard to case. What is unpacked is charged to `account`."""

    def __init__(self, file: BinaryIO, account: Account) -> None:
        self.account = account
        with _in_words(account.name):
            self._zip = zipfile.ZipFile(_Guarded(file))
            self._parts = {_plain(part.filename): part for part in self._zip.infolist()}
        if any(part.flag_bits & _ENCRYPTED for part in self._parts.values()):
            raise unreadable("locked", name=account.name)

    def __contains__(self, part: str) -> bool:
        return _plain(part) in self._parts

    def chunks(self, part: str) -> Iterator[bytes]:
        """The bytes of a part, piece by piece. Raises Unreadable, also when there is no such part."""
        told = self._parts.get(_plain(part))
        if told is None or told.compress_type not in _PACKINGS:
            raise unreadable("damaged", name=self.account.name)
        told.file_size = _ENDLESS  # what it says may be a lie; reading stops where the data end
        with _in_words(self.account.name), self._zip.open(told) as stream:
            size = _FIRST_CHUNK
            while chunk := stream.read(size):
                self.account.unpack(len(chunk))
                yield chunk
                size = CHUNK


class _Guarded:
    """A file that refuses to be read in large pieces: a directory of a million parts is no spreadsheet's."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > _LARGEST_READ:
            raise zipfile.BadZipFile
        return self._file.read(_LARGEST_READ if size < 0 else size)


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    try:
        yield
    except _FAULTS as fault:
        raise unreadable("damaged", name=name) from fault


def _plain(part: str) -> str:
    return posixpath.normpath(part.replace("\\", "/")).lstrip("/").lower()
