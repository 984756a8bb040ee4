"""How two names, two doors and two phones compare, as one word each."""

from rapidfuzz.distance import OSA

from haitang.registry.joining.names import HIDDEN, Name, surname_of

LEAST_DIGITS = 4
NATIONAL = 11
Door = tuple[str, str, str]


def compare_names(said: Name, known: Name) -> str:
    """name_same, _sound, _blurred, _masked, _missing, _extra, _swapped, _part, _given, _char, _surname, _other,
    or "" when the row names nobody."""
    if not said.normal or not known.normal:
        return ""
    if said.is_hidden or known.is_hidden:
        return _hidden(said.normal, known.normal)
    if said.normal == known.normal:
        return "name_same"
    if said.sounds & known.sounds:
        return "name_sound"
    if said.blurred & known.blurred:
        return "name_blurred"
    if not (said.is_han and known.is_han):
        return _letters(said, known)
    return _characters(said.normal, known.normal)


def _hidden(said: str, known: str) -> str:
    """Names with hidden characters agree where both tell; 王* may stand for a name of any length."""
    is_open = said.endswith(HIDDEN) or known.endswith(HIDDEN)
    if len(said) != len(known) and not is_open:
        return "name_other"
    pairs = list(zip(said, known, strict=False))
    agree = all(a == b or HIDDEN in (a, b) for a, b in pairs)
    told = any(a == b and a != HIDDEN for a, b in pairs)
    return "name_masked" if agree and told else "name_other"


def _letters(said: Name, known: Name) -> str:
    """Letters beside characters, or beside other letters: one slip in a longer name is still alike."""
    near = any(
        OSA.distance(a, b, score_cutoff=1) <= 1
        for a in said.sounds
        for b in known.sounds
        if min(len(a), len(b)) > 5
    )
    return "name_blurred" if near else "name_other"


def _characters(said: str, known: str) -> str:
    surname = surname_of(known)
    is_kin = said.startswith(surname)
    if OSA.distance(said, known, score_cutoff=1) > 1:
        return "name_surname" if is_kin else "name_other"
    if len(said) != len(known):
        return _one_more_or_less(said, known, surname)
    if sorted(said) == sorted(known):
        return "name_swapped"
    if len(known) < 3:
        return "name_surname" if is_kin else "name_other"
    return "name_char" if is_kin else "name_given"


def _one_more_or_less(said: str, known: str, surname: str) -> str:
    if len(said) < len(known):
        if known[len(surname) :] == said:
            return "name_part"
        return "name_missing" if len(said) > 1 and said.startswith(surname) else "name_surname"
    return "name_extra" if said.startswith(surname) else "name_given"


def compare_doors(said: Door, known: Door) -> str:
    """door_same, _building, _room (the other half is not told), _near (one slip), _other, "" when not told."""
    building, entrance, room = said
    if not building and not room:
        return ""
    if not room:
        return "door_building" if building == known[0] else "door_other"
    if not building:
        return "door_room" if room == known[2] else "door_other"
    is_entrance = entrance == known[1] or not entrance or not known[1]
    if building == known[0] and room == known[2]:
        return "door_same" if is_entrance else "door_near"
    slips = OSA.distance(building, known[0]) + OSA.distance(room, known[2])
    return "door_near" if slips == 1 and is_entrance else "door_other"


def compare_phones(said: tuple[str, ...], known: tuple[str, ...]) -> str:
    """phone_same, _digits (those that are told agree), _near (one slip), _other, "" when one side has none."""
    if not said or not known:
        return ""
    if any(phone in known for phone in said):
        return "phone_same"
    masked = [phone for phone in said if HIDDEN in phone]
    if any(fits(pattern, phone) for pattern in masked for phone in known):
        return "phone_digits"
    whole = [phone for phone in said if HIDDEN not in phone]
    if any(OSA.distance(a, b, score_cutoff=1) <= 1 for a in whole for b in known):
        return "phone_near"
    return "phone_other"


def fits(pattern: str, phone: str) -> bool:
    """Whether a number can be the one of which `pattern` hides digits; they are compared from the end."""
    told, digits = pattern[-NATIONAL:], phone[-NATIONAL:]
    pairs = list(zip(reversed(told), reversed(digits), strict=False))
    return sum(1 for a, b in pairs if a == b) >= LEAST_DIGITS and all(a in (b, HIDDEN) for a, b in pairs)


def compare_births(said: int | None, known: int | None) -> str:
    """birth_same, _near (one year apart, as ages give it), _other, "" when one side has none."""
    if said is None or known is None:
        return ""
    apart = abs(said - known)
    return "birth_same" if not apart else "birth_near" if apart == 1 else "birth_other"


def compare_sexes(said: str, known: str) -> str:
    """sex_same, sex_other, "" when one side does not tell."""
    if not said or not known:
        return ""
    return "sex_same" if said == known else "sex_other"
