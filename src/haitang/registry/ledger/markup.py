"""Follows XML piece by piece, and refuses what no spreadsheet program writes."""

from collections.abc import Iterable
from xml.parsers import expat

from haitang.registry.ledger.messages import unreadable

_DEEPEST = 60
_LONGEST_TAG = 1 << 20


class Markup:
    """Knows nothing about what it reads: `start`, `end` and `said` are for those who do.

    Declarations of a document type, and with them all entities, are refused, as are tags nested without end and
    tags longer than 1 MiB. Every fault is Unreadable.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.depth = 0
        self.encoding = ""
        self._fed = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.said
        self.parser.XmlDeclHandler = self._declared
        self.parser.StartDoctypeDeclHandler = self._refuse

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins; `tag` is without its prefix."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def said(self, text: str) -> None:
        """Text between tags."""

    @property
    def is_waiting(self) -> bool:
        """Whether the last piece ended in the middle of a tag, a comment or the like."""
        return self.parser.CurrentByteIndex < self._fed

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""
        self._parse(piece, is_last=False)
        if self._fed - max(self.parser.CurrentByteIndex, 0) > _LONGEST_TAG:
            self._refuse()

    def close(self) -> None:
        """The document must be complete."""
        self._parse(b"", is_last=True)

    def follow(self, pieces: Iterable[bytes]) -> None:
        """Take all pieces to the end."""
        for piece in pieces:
            self.feed(piece)
        self.close()

    def _parse(self, piece: bytes, *, is_last: bool) -> None:
        self._fed += len(piece)
        try:
            self.parser.Parse(piece, is_last)
        except (expat.ExpatError, LookupError, ValueError) as fault:
            raise unreadable("damaged", name=self.name) from fault

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            self._refuse()
        self.start(tag.rpartition(":")[2], attributes)

    def _end(self, tag: str) -> None:
        self.end(tag.rpartition(":")[2])
        self.depth -= 1

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = encoding or ""

    def _refuse(self, *_details: object) -> None:
        raise unreadable("damaged", name=self.name)
