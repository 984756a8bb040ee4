"""A household card's code: 128 random bits, written so that fingers, ears and cameras get them right.

Crockford's base 32 (no I, L, O, U), twenty-six characters for the bits and two to check them, in seven groups of
four. The two are those of a Reed-Solomon code over 32 symbols: they find any two wrong characters, and say which one
it is when it is one. What the QR says has a prefix, so that a code is known for what it is wherever it is scanned.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from haitang.core.refusal import Refused

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
READ_AS = str.maketrans("OIL", "011")
TOKEN_BYTES = 16
DATA, LENGTH, GROUP = 26, 28, 4
PREFIX = "HT1:"
BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212_.,·①-⑦]+")


def _powers() -> list[int]:
    """The powers of two among 32 symbols, where x^5 = x^2 + 1."""
    found = [1]
    while len(found) < len(ALPHABET) - 1:
        doubled = found[-1] << 1
        found.append(doubled ^ 0b100101 if doubled & 0b100000 else doubled)
    return found


POWERS = _powers()
LOGS = {symbol: power for power, symbol in enumerate(POWERS)}


class CardUnreadable(Refused):
    """What was typed or scanned is no card's code. `place` is where it is probably wrong, from 1; 0 if unknown."""

    code = "card_unreadable"
    status = 422
    message = _("This is not the code of a household card. It has seven groups of four characters.")

    def __init__(self, *, place: int = 0, **facts: object) -> None:
        group, character = divmod(place - 1, GROUP) if place else (-1, -1)
        super().__init__(place=place, group=group + 1, character=character + 1, **facts)


class CardTooShort(CardUnreadable):
    code = "card_too_short"
    message = _("Characters missing: %(missing)s. The code has seven groups of four.")


class CardTooLong(CardUnreadable):
    code = "card_too_long"
    message = _("Characters too many: %(more)s. The code has seven groups of four.")


class NoSuchCharacter(CardUnreadable):
    code = "no_such_character"
    message = _("Group %(group)s, character %(character)s: a code has no %(given)s. Look again.")


class CharacterWrong(CardUnreadable):
    code = "character_wrong"
    message = _("Group %(group)s, character %(character)s may be wrong: it looks as if it were %(likely)s.")


class SeveralWrong(CardUnreadable):
    code = "several_wrong"
    message = _("More than one character is wrong. Read the code again, group by group.")


class NoSuchCard(Refused):
    """The code is right in itself, and no card of ours has it."""

    code = "no_such_card"
    status = 404
    message = _("No household here has this card. Compare the code with the card, group by group.")


@dataclass(frozen=True, slots=True)
class Code:
    """A card's code, right in itself."""

    token: bytes

    @property
    def text(self) -> str:
        """Twenty-eight characters."""
        number = int.from_bytes(self.token)
        symbols = [number >> (5 * place) & 31 for place in reversed(range(DATA))]
        return "".join(ALPHABET[symbol] for symbol in [*symbols, *_checks(symbols)])

    @property
    def digest(self) -> bytes:
        """What is kept of it: from 128 random bits nobody comes back."""
        return hashlib.sha256(self.token).digest()

    @property
    def groups(self) -> tuple[str, ...]:
        """The text in sevenths, to be read aloud."""
        text = self.text
        return tuple(text[at : at + GROUP] for at in range(0, LENGTH, GROUP))

    @property
    def payload(self) -> str:
        """What a QR says; QR's alphanumeric mode holds it."""
        return PREFIX + self.text


def read(given: str) -> Code:
    """The code in what somebody typed or scanned, however it is spaced and cased. Raises CardUnreadable."""
    symbols = _symbols(given)
    low, high = _syndromes(symbols)
    if low or high:
        raise _wrong(symbols, low, high)
    number = 0
    for symbol in symbols[:DATA]:
        number = number << 5 | symbol
    if number >> 8 * TOKEN_BYTES:
        raise SeveralWrong
    return Code(number.to_bytes(TOKEN_BYTES))


def _plain(given: str) -> str:
    """What somebody gave, without spaces, dashes, prefix and numbers of groups, each letter as a code writes it."""
    # Numbers in circles stand before the groups on the card; normalised they would be digits of the code.
    spaced = unicodedata.normalize("NFKC", BETWEEN.sub(" ", given))
    text = BETWEEN.sub("", spaced).upper().translate(READ_AS)
    if text.startswith(PREFIX):
        return text.removeprefix(PREFIX)
    bare = PREFIX.rstrip(":")
    return text.removeprefix(bare) if len(text) == LENGTH + len(bare) else text


def _symbols(given: str) -> list[int]:
    """The value of each character. Raises CardUnreadable."""
    text = _plain(given)
    if not text or "/" in text or len(text) > 2 * LENGTH:
        raise CardUnreadable
    for place, character in enumerate(text[:LENGTH], start=1):
        if character not in ALPHABET:
            raise NoSuchCharacter(place=place, given=character)
    if len(text) < LENGTH:
        raise CardTooShort(missing=LENGTH - len(text))
    if len(text) > LENGTH:
        raise CardTooLong(more=len(text) - LENGTH)
    return [ALPHABET.index(character) for character in text]


def _times(one: int, other: int) -> int:
    return POWERS[(LOGS[one] + LOGS[other]) % len(POWERS)] if one and other else 0


def _syndromes(symbols: list[int]) -> tuple[int, int]:
    """The sum of the symbols, and their sum weighted by place: both are nought for a right code."""
    low = high = 0
    for place, symbol in enumerate(symbols):
        low ^= symbol
        high ^= _times(symbol, POWERS[place])
    return low, high


def _checks(symbols: list[int]) -> tuple[int, int]:
    """The two symbols after which both sums are nought."""
    low, high = _syndromes(symbols)
    between = LOGS[POWERS[DATA] ^ POWERS[DATA + 1]]
    gap = high ^ _times(low, POWERS[DATA])
    last = POWERS[(LOGS[gap] - between) % len(POWERS)] if gap else 0
    return low ^ last, last


def _wrong(symbols: list[int], low: int, high: int) -> CardUnreadable:
    """Which character would have to be another, if it is one."""
    place = (LOGS[high] - LOGS[low]) % len(POWERS) if low and high else LENGTH
    if place >= LENGTH:
        return SeveralWrong()
    return CharacterWrong(place=place + 1, likely=ALPHABET[symbols[place] ^ low])
