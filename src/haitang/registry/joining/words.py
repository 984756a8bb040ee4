"""Why a row may mean somebody, in words; `False` marks what speaks against it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVIDENCE: dict[str, tuple[bool, str | Promise]] = {
    "name_same": (True, _("same name")),
    "name_sound": (True, _("name sounds the same")),
    "name_blurred": (True, _("name sounds nearly the same")),
    "name_masked": (True, _("name agrees where it is told")),
    "name_missing": (True, _("a character of the name is missing")),
    "name_extra": (True, _("a character too many in the name")),
    "name_swapped": (True, _("characters of the name changed about")),
    "name_part": (True, _("only the given name")),
    "name_given": (True, _("same given name, other surname")),
    "name_char": (True, _("one character of the name differs")),
    "name_surname": (False, _("only the surname is the same")),
    "name_other": (False, _("other name")),
    "door_same": (True, _("same door")),
    "door_building": (True, _("same building")),
    "door_room": (True, _("same room number")),
    "door_near": (False, _("door differs by one slip")),
    "door_other": (False, _("other door")),
    "phone_same": (True, _("same phone")),
    "phone_digits": (True, _("phone agrees where it is told")),
    "phone_family": (True, _("phone of the same household")),
    "phone_near": (True, _("phone differs by one slip")),
    "phone_other": (False, _("other phone")),
    "birth_same": (True, _("same year of birth")),
    "birth_near": (True, _("year of birth one apart")),
    "birth_other": (False, _("other year of birth")),
    "sex_same": (True, _("same sex")),
    "sex_other": (False, _("other sex")),
}
