"""What the reader of a ledger says, to people: errors with their remedies, labels, notes and refusals."""

from collections.abc import Sequence

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from haitang.registry.ledger.shapes import RowError, Text, Unreadable

_MOST_NAMES = 20
_LONGEST_NAME = 40

LABELS: dict[str, Text] = {
    "compound": _("Compound"),
    "building": _("Building"),
    "unit": _("Entrance"),
    "room": _("Door"),
    "name": _("Name"),
    "phone": _("Phone"),
    "sex": _("Sex"),
    "age": _("Age"),
    "birth_date": _("Date of birth"),
    "household_id": _("Household number"),
    "relation": _("Relation to the head of household"),
    "vulnerable_flag": _("Needs special care"),
    "volunteer_skill": _("Skills as a helper"),
    "helper": _("Registered helper"),
}
NOT_USED = _("Not used")
MEANINGS: dict[str, Text] = {
    "yes": _("yes"),
    "no": _("no"),
    "f": _("female"),
    "m": _("male"),
    "head": _("head of household"),
    "spouse": _("spouse"),
    "child": _("child"),
    "parent": _("parent"),
    "lives_alone": _("lives alone"),
    "low_income": _("low income"),
    "homebound": _("can't leave home"),
    "chronic_illness": _("chronic illness"),
    "disabled": _("disabled"),
    "infant": _("infant"),
    "pregnant": _("pregnant"),
    "no_smartphone": _("no smartphone"),
    "special_care": _("needs special care"),
}

DROPPED: dict[str, Text] = {
    "identity": _("Identity numbers are never kept."),
    "looks_like_identity": _("The values look like identity numbers. These are never kept."),
    "pass": _("Health codes and passes are never kept."),
    "others": _("Contacts outside the household are never kept."),
    "no_place": _("The ledger has no place for this."),
    "unknown": _("The heading is not one the ledger knows."),
    "chosen": _("You chose to leave this out."),
    "no_use": _("This list doesn't need it."),
}
GIVEN_TWICE = _("Column {letter} already gives this.")

ERRORS: dict[str, tuple[Text, Text]] = {
    "no_name_column": (
        _("No column gives the name."),
        _("Say which column holds the name, or head it 姓名 (name)."),
    ),
    "no_door_column": (
        _("No column gives the building and the door."),
        _("Say which columns hold the building and the room, or head them 楼栋 (building) and 房号 (room)."),
    ),
    "needs_building": (
        _("The building is missing."),
        _("Enter the building's number, for instance 8, or the whole door, for instance 8-3-2706."),
    ),
    "needs_room": (
        _("The room is missing."),
        _("Enter the room's number, for instance 1404. A floor alone is not a door."),
    ),
    "bad_door": (
        _("This can't be read as a door."),
        _("Write it as 8-3-2706 (building, entrance, room) or 8-2706."),
    ),
    "door_is_date": (
        _("The spreadsheet turned this door into a date."),
        _("Format the column as text and enter the door again, for instance 8-3-2706."),
    ),
    "door_conflict": (
        _("The cells of this row name different doors."),
        _("Correct the building, the entrance, the floor or the room so that they agree."),
    ),
    "needs_name": (
        _("The name is missing."),
        _("Enter the person's name. An empty flat needs no row."),
    ),
    "needs_person": (
        _("This row names nobody and gives no phone."),
        _("Enter a name or a phone number."),
    ),
    "two_people": (
        _("This cell seems to name several people, but where one name ends can't be told."),
        _("Put each person on a row of their own, or a 、 between them. Inside one person's name put a ·."),
    ),
    "more_people": (
        _("This cell stands for more people than it names. Whoever is named was kept."),
        _("Put each person on a row of their own."),
    ),
    "two_doors": (
        _("This cell names two doors."),
        _("Put each door on a row of its own, with who lives behind it."),
    ),
    "others_phone": (
        _("This phone number is somebody else's, by the words beside it. The person was kept without it."),
        _("Enter the person's own number. Numbers of relatives elsewhere are not kept in the ledger."),
    ),
    "bad_century": (
        _("Two digits may be an age or a year of either century. The person was kept without a year."),
        _("Write the year with four digits, for instance 1948."),
    ),
    "bad_phone": (
        _("This can't be read as a phone number. The person was kept without it."),
        _("Format the column as text and enter the whole number, for instance 13800000000."),
    ),
    "bad_birth": (
        _("This can't be a date of birth. The person was kept without it."),
        _("Write it as 1948-03-25, or only the year."),
    ),
    "bad_age": (
        _("This can't be an age. The person was kept without it."),
        _("Enter the age in years, or the year of birth."),
    ),
    "identity_number": (
        _("This cell held an identity number. It was not kept."),
        _("Remove identity numbers from the file. The ledger does not need them."),
    ),
}

NOTES: dict[str, Text] = {
    "hidden_sheets": _("Hidden sheets were not read: {names}."),
    "other_sheets": _("Other sheets were not read: {names}. Load each in a file of its own."),
    "rows_above": _("Rows above the headings that were skipped: {count}."),
    "encoding": _("The text was read as {encoding}."),
    "merged": _("Merged cells were filled in for every row they cover: {count}."),
    "shared": _("Rows that name several people, who were kept one by one: {rows}."),
    "shared_unclear": _("Of these rows, what doesn't say whose it is was left out: {rows}."),
    "remarks": _("Rows that explain or add up instead of naming somebody were skipped: {rows}."),
    "not_filled": _(
        "Merged cells that were not filled in: {count}. In the list of many compounds every row must say all."
    ),
    "long_cells": _("Cells of which only the first {limit} characters were read: {count}."),
    "unknown_words": _("Words in {column} that the ledger doesn't know and left out: {words}."),
    "identical_rows": _("Rows identical to an earlier one, kept once: {rows}."),
    "short_rooms": _(
        "Rooms numbered with one or two digits say no floor and were put on the ground: {count}."
    ),
    "formulas": _(
        "Formulas that came without a value and were read as empty: {count}. Formulas are never calculated here; "
        "open the file, save it again and choose it anew."
    ),
    "repeated_headings": _("Rows that only repeat the headings were skipped: {rows}."),
}

UNREADABLE: dict[str, Text] = {
    "empty": _("The file “{name}” is empty. Choose the file with the ledger."),
    "too_big": _(
        "The file “{name}” has {size} MB; the most is {limit} MB. Save the ledger's sheet in its own file."
    ),
    "too_many_rows": _("“{sheet}” has more than {limit} rows. Split the ledger, for instance by building."),
    "too_many_columns": _(
        "“{sheet}” has more than {limit} columns. Delete the columns that the ledger doesn't need."
    ),
    "unpacks_too_big": _(
        "The file “{name}” unpacks to far more than a ledger can hold. Save the sheet again as CSV or XLSX."
    ),
    "too_much": _(
        "The file “{name}” holds more than a ledger can. Delete columns and sheets that the ledger doesn't need."
    ),
    "bad_quotes": _(
        "The quotation mark that opens in line {line} of “{name}” is never closed. Close it, or delete it."
    ),
    "locked": _("The file “{name}” is locked with a password. Save it without a password."),
    "damaged": _("The file “{name}” is damaged or is not a table. Open it and save it again as XLSX or CSV."),
    "not_a_table": _("The file “{name}” is not a table that can be read. Save it as XLSX, ODS or CSV."),
    "bad_encoding": _(
        "The text of “{name}” is neither UTF-8 nor GB 18030, from line {line} on. Save it as CSV UTF-8."
    ),
    "no_visible_sheet": _(
        "All sheets of “{name}” are hidden or empty. Show the sheet with the ledger and save again."
    ),
    "no_headings": _(
        "The first {limit} rows of “{sheet}” have no headings. Put a row such as 楼栋, 房号, 姓名 on top."
    ),
    "no_compound_column": _(
        "No column of “{sheet}” names the compound. Head it 小区 (compound), or load each compound's list by itself."
    ),
    "bad_choice": _("“{field}” is not a field of the ledger."),
}


def unreadable(code: str, **details: object) -> Unreadable:
    """The refusal of a whole file, in words."""
    return Unreadable(code, format_lazy(UNREADABLE[code], **details))


def row_error(row: int, column: str, code: str) -> RowError:
    """One cell's error with its remedy."""
    message, remedy = ERRORS[code]
    return RowError(row, column, code, message, remedy)


def note(code: str, **details: object) -> Text:
    """Something to know about the file as a whole."""
    text: Text = format_lazy(NOTES[code], **details)
    return text


def listed(names: Sequence[str]) -> str:
    """Names in a row; of many only the first."""
    shown = ", ".join(name[:_LONGEST_NAME] for name in names[:_MOST_NAMES])
    return f"{shown}, … (+{len(names) - _MOST_NAMES})" if len(names) > _MOST_NAMES else shown


def given_twice(letter: str) -> Text:
    """Why a second column for the same field is dropped."""
    text: Text = format_lazy(GIVEN_TWICE, letter=letter)
    return text
