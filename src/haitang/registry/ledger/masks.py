"""Shows what a column holds without showing whose: 王*, 138****0000."""

import re

from haitang.registry.ledger.shapes import Row

_OPEN = frozenset(
    {
        "compound",
        "building",
        "unit",
        "room",
        "sex",
        "age",
        "relation",
        "vulnerable_flag",
        "volunteer_skill",
        "helper",
    }
)
_LONG_DIGITS = re.compile(r"\d[\d -]{5,}\d")
LONGEST, MOST_STARS = 24, 4


def masked(value: str, field: str) -> str:
    """An example of the column's values, for the person who checks what each column was taken for."""
    text = " ".join(value.split())[:LONGEST]
    if field == "phone" and re.fullmatch(r"1\d{10}", text):
        return f"{text[:3]}****{text[-4:]}"
    if field in _OPEN:
        return _LONG_DIGITS.sub(lambda match: "*" * len(match.group()), text)
    if field == "birth_date":
        return f"{text[:4]}****"
    return f"{text[:1]}{'*' * min(max(len(text) - 1, 1), MOST_STARS)}" if text else ""


def masked_row(row: Row) -> Row:
    """A row as it will be kept, for the person who checks whether it was read rightly, without name and number."""
    phones = tuple(masked(phone.removeprefix("+86"), "phone") for phone in row.phones)
    return row._replace(name=masked(row.name, "name"), phones=phones)
