"""How much each piece of evidence says: how likely it is if the row means this person, against if it means
somebody whom the ledger doesn't know (Fellegi and Sunter 1969). `docs/joining.md` explains each number."""

from dataclasses import dataclass

from haitang.registry.joining import likeness
from haitang.registry.joining.index import Door, Index
from haitang.registry.joining.names import HIDDEN, Name, surname_of
from haitang.registry.joining.shapes import Line

# How often a name is written so in a list, if the person is in the ledger.
SAME, SOUND, BLURRED = 0.9, 0.03, 0.01
# Against how often somebody unknown, of the same family as likely as not, would bear such a name.
NAMES = {
    **dict.fromkeys(("name_missing", "name_extra", "name_swapped", "name_part"), 60.0),
    "name_given": 20.0,
    "name_surname": 0.03,
    "name_other": 0.004,
    "": 1.0,
}
ONE_CHARACTER = {"door_same": 0.5, "": 20.0, "door_building": 5.0}
HIDDEN_AT_DOOR = 2.0
DOOR = 0.9
DOORS = {"door_near": 1.5, "door_other": 0.04, "": 1.0}
PHONE, FAMILY_PHONE = 0.6, 0.1
LEAST_PEOPLE = 500  # however small a ledger is, a phone says as much as in one of so many
AT_DOOR = {"phone_same": 3.0, "phone_digits": 2.5, "phone_family": 0.4}
PHONES = {"phone_near": 3.0, "phone_other": 0.25, "": 1.0}
BIRTH = 0.85
BIRTHS = {"birth_near": 2.0, "birth_other": 0.03, "": 1.0}
GENERATION = 4.0  # a name tells the generation: among its bearers a year of birth is so many times as usual
SEXES = {"sex_same": 1.1, "sex_other": 0.04, "": 1.0}  # a name tells the sex too
SEX_ALONE = 1.9

ALIKE = frozenset(
    {
        *("name_same", "name_sound", "name_blurred", "name_masked", "name_missing", "name_extra"),
        *("name_swapped", "name_part", "name_given", "name_char"),
    }
)
OWN_PHONE = frozenset({"phone_same", "phone_digits"})
PHONE_AGREES = OWN_PHONE | {"phone_family"}
DOOR_AGREES = frozenset({"door_same", "door_building", "door_room"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a row and a person compare, one word for each piece, "" where a side does not tell."""

    name: str
    door: str
    phone: str
    birth: str
    sex: str

    @property
    def codes(self) -> tuple[str, ...]:
        """What there is, as codes of `words.EVIDENCE`."""
        return tuple(code for code in (self.name, self.door, self.phone, self.birth, self.sex) if code)

    @property
    def may_be_certain(self) -> bool:
        """Whether nobody need look, if it is likely enough. A name alone never is, nor a phone without a name; a
        name that is only alike needs the door; what contradicts needs the person's own phone beside the name."""
        if self.name not in ALIKE:
            return False
        if (self.door == "door_other" or self.birth == "birth_other") and self.phone not in OWN_PHONE:
            return False
        if self.name != "name_same":
            return self.door == "door_same"
        return self.door in DOOR_AGREES or self.phone in PHONE_AGREES or self.birth == "birth_same"


class Row:
    """A row of a list held against a ledger: what is the same for all whom it may mean is looked up once."""

    def __init__(self, line: Line, name: Name, index: Index) -> None:
        self.line, self.name, self._index = line, name, index
        self.door: Door = (line.building, line.entrance, line.room)
        self.owners = index.owners(line.phones)
        self.family = index.family_of(self.owners)

    def evidence(self, place: int) -> Evidence:
        """How the row compares with the person at `place` of the index."""
        line, person = self.line, self._index.people[place]
        phone = likeness.compare_phones(line.phones, person.phones)
        if phone not in OWN_PHONE and place in self.family:
            phone = "phone_family"
        return Evidence(
            name=likeness.compare_names(self.name, self._index.names[place]),
            door=likeness.compare_doors(self.door, self._index.doors[place]),
            phone=phone,
            birth=likeness.compare_births(line.birth_year, person.birth_year),
            sex=likeness.compare_sexes(line.sex, person.sex),
        )

    def weight(self, evidence: Evidence, place: int) -> float:
        """How many times likelier the evidence is if this person is meant than if nobody of the ledger is."""
        known = self._index.names[place]
        return (
            self._name(evidence, known)
            * self._door(evidence.door)
            * self._phone(evidence)
            * self._birth(evidence)
            * self._sex(evidence)
        )

    def _name(self, evidence: Evidence, known: Name) -> float:
        index = self._index
        match evidence.name:
            case "name_same":
                return SAME / index.share_of_name(len(index.by_name[known.normal]))
            case "name_sound":
                return SOUND / index.share_of_name(max(len(index.by_sound[s]) for s in known.sounds))
            case "name_blurred":
                return BLURRED / index.share_of_name(max(len(index.by_blur[s]) for s in known.blurred))
            case "name_char":
                return ONE_CHARACTER.get(evidence.door, 1.0)
            case "name_masked":
                if evidence.door == "door_same":
                    return HIDDEN_AT_DOOR
                surname = surname_of(known.normal.rstrip(HIDDEN))
                return SAME / index.share_of_name(len(index.by_surname.get(surname, ())))
        return NAMES[evidence.name]

    def _door(self, door: str) -> float:
        given = DOORS.get(door)
        return DOOR * self._index.choice_of_doors(self.line) if given is None else given

    def _phone(self, evidence: Evidence) -> float:
        """At the row's own door a family's phone tells little more; anywhere else it tells who is meant."""
        if evidence.phone not in AT_DOOR:
            return PHONES[evidence.phone]
        if evidence.door == "door_same":
            return AT_DOOR[evidence.phone]
        share = FAMILY_PHONE if evidence.phone == "phone_family" else PHONE
        return share * max(len(self._index.people), LEAST_PEOPLE) / max(len(self.owners), 1)

    def _birth(self, evidence: Evidence) -> float:
        if evidence.birth != "birth_same":
            return BIRTHS[evidence.birth]
        share = self._index.share_of_year(self.line.birth_year)
        return BIRTH / (share * GENERATION if evidence.name in ALIKE else share)

    @staticmethod
    def _sex(evidence: Evidence) -> float:
        is_all = evidence.sex == "sex_same" and evidence.name not in ALIKE
        return SEX_ALONE if is_all else SEXES[evidence.sex]
