"""Playbooks: what a hazard asks of a neighbourhood, read from TOML and refused when anything is amiss."""

import math
import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import TypeVar

from haitang.registry.ledger.vocabulary import FLAGS

PLAYBOOKS = Path(__file__).parent
PATTERNS = ("sealed", "controlled", "precaution")
PLACEHOLDERS = frozenset({"area", "level", "reason", "issuer", "start", "review"})
NOTICES = ("public_notice", "building_notice", "lifted_notice")
COUNTED = ("team", "buildings", "households")
SLUG = re.compile(r"[a-z][a-z0-9_]*")

Item = TypeVar("Item")


class PlaybookInvalid(Exception):
    """A playbook can't be used; the message names the file, the key and what is wrong with it."""


@dataclass(frozen=True)
class Text:
    """The same words in Chinese and in English, neither of them empty."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The words for a Django language code: Chinese for `zh` and its variants, English for all others."""
        return self.zh if language.lower().startswith("zh") else self.en


@dataclass(frozen=True)
class Level:
    """How far a zone is closed; `pattern` is how the map draws it: sealed, controlled or precaution."""

    slug: str
    pattern: str
    title: Text
    meaning: Text


@dataclass(frozen=True)
class TeamRole:
    """A task in an action team: one person for each `ratio` of what `per` counts."""

    slug: str
    title: Text
    duty: Text
    per: str
    ratio: float

    def needed(self, *, buildings: int, households: int) -> int:
        """People wanted in this role, rounded up; a `per` of team with a ratio of 0.25 asks for four."""
        counted = {"team": 1, "buildings": buildings, "households": households}[self.per]
        return math.ceil(counted / self.ratio)


@dataclass(frozen=True)
class Norm:
    """A planning figure with its unit and where it comes from."""

    key: str
    title: Text
    value: float
    unit: Text
    source: str


@dataclass(frozen=True)
class Check:
    """One line of the opening checklist, due `due_hours` after the order starts, owned by a role."""

    key: str
    levels: tuple[str, ...]
    title: Text
    detail: Text
    owner: str
    due_hours: float


@dataclass(frozen=True)
class Silence:
    """After how many hours without a word a household is work; no flags means every household."""

    flags: tuple[str, ...]
    hours: float


@dataclass(frozen=True)
class Playbook:
    """Everything a hazard decides, as data."""

    slug: str
    version: int
    title: Text
    hazard: str
    levels: tuple[Level, ...]
    roles: tuple[TeamRole, ...]
    norms: tuple[Norm, ...]
    checklist: tuple[Check, ...]
    texts: Mapping[str, Text]
    review_hours_max: int
    legal_bases: tuple[Text, ...]
    silence: tuple[Silence, ...]

    def level(self, slug: str) -> Level:
        """The level called `slug`. Raises KeyError."""
        return {level.slug: level for level in self.levels}[slug]

    def role(self, slug: str) -> TeamRole:
        """The role called `slug`. Raises KeyError."""
        return {role.slug: role for role in self.roles}[slug]

    def checks_at(self, level: str) -> tuple[Check, ...]:
        """The checklist of a zone at `level`, soonest due first."""
        return tuple(
            sorted((check for check in self.checklist if level in check.levels), key=lambda c: c.due_hours)
        )

    def silent_after(self, flags: Collection[str]) -> float:
        """Hours without a word before a household with these flags is work: the strictest rule that fits."""
        return min(rule.hours for rule in self.silence if not rule.flags or set(rule.flags) & set(flags))

    def fill(self, key: str, language: str, **values: str) -> str:
        """The text `key`, its placeholders filled. Raises KeyError for an unknown text or a missing value."""
        return self.texts[key].in_language(language).format(**values)


class _Table:
    """A TOML table being read: every key must be asked for, and `close` refuses what nobody asked for."""

    def __init__(self, data: object, file: str, path: str = "") -> None:
        self.file, self.path = file, path
        if not isinstance(data, dict):
            raise PlaybookInvalid(f"{file}: {path}: must be a table")
        self.rest: dict[str, object] = dict(data)

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def invalid(self, key: str, problem: str) -> PlaybookInvalid:
        return PlaybookInvalid(f"{self.file}: {self.at(key)}: {problem}")

    def take(self, key: str) -> object:
        if key not in self.rest:
            raise self.invalid(key, "is missing")
        return self.rest.pop(key)

    def close(self) -> None:
        for key in self.rest:
            raise self.invalid(key, "is not a key that playbooks have")

    def string(self, key: str) -> str:
        value = self.take(key)
        if not isinstance(value, str) or not value.strip():
            raise self.invalid(key, "must be words, not empty")
        return value

    def slug(self, key: str) -> str:
        value = self.string(key)
        if not SLUG.fullmatch(value):
            raise self.invalid(key, f'must be a small word like "sealed", is "{value}"')
        return value

    def one_of(self, key: str, choices: tuple[str, ...]) -> str:
        value = self.string(key)
        if value not in choices:
            raise self.invalid(key, f'must be one of {", ".join(choices)}, is "{value}"')
        return value

    def number(self, key: str) -> float:
        value = self.take(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
            raise self.invalid(key, f"must be a number above 0, is {value!r}")
        return float(value)

    def whole(self, key: str) -> int:
        value = self.number(key)
        if value != int(value):
            raise self.invalid(key, f"must be a whole number, is {value}")
        return int(value)

    def items(self, key: str) -> list[object]:
        value = self.take(key)
        if not isinstance(value, list) or not value:
            raise self.invalid(key, "must be a list with at least one entry")
        return value

    def slugs(self, key: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
        if may_be_empty and self.rest.get(key) == []:
            del self.rest[key]
            return ()
        values = self.items(key)
        for value in values:
            if not isinstance(value, str) or not SLUG.fullmatch(value):
                raise self.invalid(key, f"must be a list of small words, has {value!r}")
        return tuple(str(value) for value in values)

    def text(self, key: str) -> Text:
        table = self.table(key)
        text = Text(zh=table.string("zh"), en=table.string("en"))
        table.close()
        return text

    def table(self, key: str) -> "_Table":
        return _Table(self.take(key), self.file, self.at(key))

    def each(self, key: str, read: Callable[["_Table"], Item]) -> tuple[Item, ...]:
        found = []
        for index, data in enumerate(self.items(key)):
            table = _Table(data, self.file, f"{self.at(key)}[{index}]")
            found.append(read(table))
            table.close()
        return tuple(found)


def _level(table: _Table) -> Level:
    return Level(
        slug=table.slug("slug"),
        pattern=table.one_of("pattern", PATTERNS),
        title=table.text("title"),
        meaning=table.text("meaning"),
    )


def _role(table: _Table) -> TeamRole:
    return TeamRole(
        slug=table.slug("slug"),
        title=table.text("title"),
        duty=table.text("duty"),
        per=table.one_of("per", COUNTED),
        ratio=table.number("ratio"),
    )


def _norm(table: _Table) -> Norm:
    return Norm(
        key=table.slug("key"),
        title=table.text("title"),
        value=table.number("value"),
        unit=table.text("unit"),
        source=table.string("source"),
    )


def _check(table: _Table) -> Check:
    return Check(
        key=table.slug("key"),
        levels=table.slugs("levels"),
        title=table.text("title"),
        detail=table.text("detail"),
        owner=table.slug("owner"),
        due_hours=table.number("due_hours"),
    )


def _silence(table: _Table) -> Silence:
    flags = table.slugs("flags", may_be_empty=True)
    for flag in flags:
        if flag not in FLAGS:
            raise table.invalid("flags", f'no flag of a ledger is called "{flag}"')
    return Silence(flags=flags, hours=table.number("hours"))


def _legal_basis(table: _Table) -> Text:
    return Text(zh=table.string("zh"), en=table.string("en"))


def _texts(table: _Table) -> Mapping[str, Text]:
    for key in NOTICES:
        if key not in table.rest:
            raise table.invalid(key, "is missing")
    texts = {key: table.text(key) for key in tuple(table.rest)}
    for key, text in texts.items():
        if _placeholders(text.zh, table, key) != _placeholders(text.en, table, key):
            raise table.invalid(key, "must have the same placeholders in both languages")
    return MappingProxyType(texts)


def _placeholders(words: str, table: _Table, key: str) -> set[str]:
    """The names in braces; conversions and formats are refused, so filling in can't reach an attribute."""
    try:
        parts = [part for part in Formatter().parse(words) if part[1] is not None]
    except ValueError as error:
        raise table.invalid(key, f"has a brace that is not closed ({error})") from None
    for _, name, form, conversion in parts:
        if name not in PLACEHOLDERS or form or conversion:
            known = ", ".join(sorted(PLACEHOLDERS))
            raise table.invalid(key, f'has the unknown placeholder "{name}"; known are {known}')
    return {str(name) for _, name, _, _ in parts}


def _read(table: _Table) -> Playbook:
    book = Playbook(
        slug=table.slug("slug"),
        version=table.whole("version"),
        title=table.text("title"),
        hazard=table.slug("hazard"),
        review_hours_max=table.whole("review_hours_max"),
        legal_bases=table.each("legal_bases", _legal_basis),
        levels=table.each("levels", _level),
        roles=table.each("roles", _role),
        norms=table.each("norms", _norm),
        silence=table.each("silence", _silence),
        checklist=table.each("checklist", _check),
        texts=_texts(table.table("texts")),
    )
    table.close()
    return book


def _check_names(book: Playbook, table: _Table) -> None:
    """Refuses a name given twice within one list."""
    lists = {
        "levels": [level.slug for level in book.levels],
        "roles": [role.slug for role in book.roles],
        "norms": [norm.key for norm in book.norms],
        "checklist": [check.key for check in book.checklist],
    }
    for key, names in lists.items():
        for index, name in enumerate(names):
            if name in names[:index]:
                raise table.invalid(f"{key}[{index}]", f'"{name}" is there twice')


def _check_references(book: Playbook, table: _Table) -> None:
    """Refuses a check whose owner or level does not exist, and silence rules that leave a household out."""
    roles, levels = {role.slug for role in book.roles}, {level.slug for level in book.levels}
    for index, check in enumerate(book.checklist):
        if check.owner not in roles:
            raise table.invalid(f"checklist[{index}].owner", f'no role is called "{check.owner}"')
        for slug in check.levels:
            if slug not in levels:
                raise table.invalid(f"checklist[{index}].levels", f'no level is called "{slug}"')
    if sum(not rule.flags for rule in book.silence) != 1:
        raise table.invalid("silence", "must have exactly one rule with flags = [], for every household")


def _load_file(path: Path) -> Playbook:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlaybookInvalid(f"{path.name}: can't be read: {error}") from error
    table = _Table(data, path.name)
    book = _read(table)
    if book.slug != path.stem:
        raise table.invalid("slug", f'must be the name of the file, "{path.stem}", is "{book.slug}"')
    _check_names(book, table)
    _check_references(book, table)
    return book


def load(folder: Path = PLAYBOOKS) -> Mapping[str, Playbook]:
    """All playbooks of `folder` by slug. Raises PlaybookInvalid naming file and key of the first fault."""
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise PlaybookInvalid(f"{folder}: has no playbook (a file that ends in .toml)")
    return MappingProxyType({path.stem: _load_file(path) for path in paths})


@cache
def _shipped() -> Mapping[str, Playbook]:
    return load()


def playbook(slug: str) -> Playbook:
    """The shipped playbook called `slug`, read once per process. Raises KeyError, PlaybookInvalid."""
    return _shipped()[slug]
