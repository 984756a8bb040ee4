"""A ledger made ready for joining: who may be meant by a row, found by key, and how rare each trait is in it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property
from uuid import UUID

from haitang.registry.joining.likeness import LEAST_DIGITS, fits
from haitang.registry.joining.names import HIDDEN, Name, name_of, surname_of
from haitang.registry.joining.shapes import Line, People, Person

Door = tuple[str, str, str]
# Names are rare beyond one compound too: as if so many more people were known, each with a name of their own.
OTHERS = 3000
YEARS = 80


class Index:
    """The people of a ledger by place in `people`, with their names' forms, and the keys that lead to them."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.names = [name_of(person.name) for person in people]
        self.doors = [door_of(person) for person in people]
        self.by_door: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.by_name: dict[str, list[int]] = defaultdict(list)
        self.by_sound: dict[str, list[int]] = defaultdict(list)
        self.by_blur: dict[str, list[int]] = defaultdict(list)
        self.by_phone: dict[str, list[int]] = defaultdict(list)
        self.by_tail: dict[str, list[int]] = defaultdict(list)
        self.homes: dict[UUID, list[int]] = defaultdict(list)
        for place, person in enumerate(people):
            self._enter(place, person)
        self.years = Counter(person.birth_year for person in people)
        self.rooms = {(building, entrance, room) for building, entrance, room in self.doors}

    def _enter(self, place: int, person: Person) -> None:
        name = self.names[place]
        self.by_door[person.building, person.room].append(place)
        self.homes[person.household].append(place)
        if name.normal:
            self.by_name[name.normal].append(place)
        for sound in name.sounds:
            self.by_sound[sound].append(place)
        for sound in name.blurred:
            self.by_blur[sound].append(place)
        for phone in person.phones:
            self.by_phone[phone].append(place)
            self.by_tail[phone[-LEAST_DIGITS:]].append(place)

    @cached_property
    def by_part(self) -> dict[str, list[int]]:
        """Everybody by their name with one character left out; made when the first row asks."""
        found: dict[str, list[int]] = defaultdict(list)
        for place, name in enumerate(self.names):
            for part in parts_of(name):
                found[part].append(place)
        return found

    @cached_property
    def by_surname(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for place, name in enumerate(self.names):
            if name.normal and name.is_han:
                found[surname_of(name.normal)].append(place)
        return found

    @cached_property
    def _doors_of_building(self) -> Counter[str]:
        return Counter(building for building, _entrance, _room in self.rooms)

    @cached_property
    def _doors_of_room(self) -> Counter[str]:
        return Counter(room for _building, _entrance, room in self.rooms)

    def near(self, line: Line, name: Name) -> set[int]:
        """Whom a row points to by its door, its phone, its name or how that is read."""
        found = set(self.by_door.get((line.building, line.room), ()))
        found.update(self.owners(line.phones))
        found.update(self.by_name.get(name.normal, ()))
        for sound in name.sounds:
            found.update(self.by_sound.get(sound, ()))
        return found

    def far(self, name: Name) -> set[int]:
        """Whom a row may mean whose name was misheard, is one character off, or is partly hidden."""
        found: set[int] = set()
        for sound in name.blurred:
            found.update(self.by_blur.get(sound, ()))
        if name.is_hidden and name.normal[0] != HIDDEN:
            return found | set(self.by_surname.get(surname_of(name.normal.rstrip(HIDDEN)), ()))
        for part in parts_of(name):
            found.update(self.by_part.get(part, ()))
        return found

    def owners(self, phones: tuple[str, ...]) -> set[int]:
        """Who has one of these phones, or one that fits where digits are hidden."""
        found: set[int] = set()
        for phone in phones:
            if HIDDEN not in phone:
                found.update(self.by_phone.get(phone, ()))
                continue
            for place in self.by_tail.get(phone[-LEAST_DIGITS:], ()):
                if any(fits(phone, held) for held in self.people[place].phones):
                    found.add(place)
        return found

    def family_of(self, places: set[int]) -> set[int]:
        """Everybody who lives with one of these."""
        return {one for place in places for one in self.homes[self.people[place].household]}

    def share_of_name(self, bearers: int) -> float:
        """How likely somebody whom the ledger doesn't know bears a name that `bearers` in it bear."""
        return max(bearers, 1) / (len(self.people) + OTHERS)

    def share_of_year(self, year: int | None) -> float:
        return (self.years[year] + 1) / (len(self.people) + YEARS)

    def choice_of_doors(self, line: Line) -> float:
        """How many doors there are for each that the row's door can mean."""
        if line.building and line.room:
            return float(len(self.rooms))
        meant = self._doors_of_building[line.building] if line.building else self._doors_of_room[line.room]
        return len(self.rooms) / max(meant, 1)


def door_of(line: Line | Person) -> Door:
    """Building, entrance and room, as far as told."""
    return line.building, line.entrance, line.room


def parts_of(name: Name) -> Iterator[str]:
    """A name of characters, and it with one of them left out, at least two kept."""
    if not name.is_han or name.is_hidden:
        return
    yield name.normal
    if len(name.normal) > 2:
        yield from {name.normal[:i] + name.normal[i + 1 :] for i in range(len(name.normal))}
