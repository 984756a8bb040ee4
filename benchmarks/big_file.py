"""Makes the list of a whole town for the benchmarks: `python -m benchmarks.big_file town.csv places.csv`.

The people are the demonstration's, in its many handwritings, drawn anew for every compound: other names, other days
of birth, a phone of their own. `places.csv` is what `haitang places` takes. The same seed makes the same files.
"""

import argparse
import csv
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from random import Random

import django
import xlsxwriter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haitang.config.settings")
os.environ.setdefault("HAITANG_DATABASE_URL", "postgresql:///none")
django.setup()

# Models can be imported only from here on.
from haitang.jobs.demonstration.neighbourhood import Compound, neighbourhood  # noqa: E402
from haitang.jobs.demonstration.spreadsheet import HEADER, Cell, compound_rows  # noqa: E402

ROWS, SEED, DRAWN = 1_000_000, 2022, 3
EACH_COMMUNITY = 20  # compounds
CITY = ("99", "大城市", "01", "东区", "001", "桂花街道")
PLACES = (
    *("city_code", "city_name", "district_code", "district_name", "town_code", "town_name"),
    *("community_code", "community_name", "compound_code", "compound_name"),
)
AREA = "99"
NAME, PHONE = HEADER.index("姓名"), HEADER.index("联系电话")


def places(number: int) -> tuple[str, ...]:
    """The chain of places down to a compound; each name is borne by one compound in every community."""
    community = f"{number // EACH_COMMUNITY + 1:03}"
    own = number % EACH_COMMUNITY + 1
    return (
        *CITY,
        community,
        f"第{int(community)}社区",
        f"c{number:04}",
        f"{'海桂梅兰竹'[own % 5]}苑{own}号院",
    )


def town_rows(rows: int, seed: int = SEED) -> Iterator[list[Cell]]:
    """Headings and people, compound by compound."""
    yield ["小区", "社区", *HEADER]
    yield from islice(_people(seed), rows)


def _people(seed: int) -> Iterator[list[Cell]]:
    drawn = [compound for place in range(DRAWN) for compound in neighbourhood(seed + place).compounds]
    given = [person.name[1:] for compound in drawn for person in compound.people]
    phones = count(19900000000)
    for number in count():
        compound = drawn[number % len(drawn)]
        *_chain, _code, community, code, name = places(number)
        rng = Random(f"{seed}/{number}")
        for row in _compound(compound, seed + number, given, phones, rng):
            yield [code if number % 7 == 3 else name, community, *row]


def _compound(
    compound: Compound, seed: int, given: Sequence[str], phones: Iterator[int], rng: Random
) -> Iterator[list[Cell]]:
    for row in compound_rows(compound, seed)[2:]:
        row[NAME] = f"{str(row[NAME])[0]}{rng.choice(given)}"
        row[PHONE] = _renumbered(row[PHONE], next(phones))
        yield row


def _renumbered(phone: Cell, number: int) -> Cell:
    """Another number, written as this one is."""
    if not isinstance(phone, str):
        return float(number)
    fresh = iter(str(number))
    digits = sum(character.isdigit() for character in phone)
    before = phone[:3] if digits > 11 else ""
    rest = phone[len(before) :]
    return before + "".join(next(fresh) if character.isdigit() else character for character in rest)


def write_list(path: Path, rows: int, seed: int = SEED) -> None:
    """The list as CSV or XLSX, by the file's name."""
    if path.suffix == ".xlsx":
        with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
            sheet = book.add_worksheet("名册")
            for number, row in enumerate(town_rows(rows, seed)):
                sheet.write_row(number, 0, row)
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(town_rows(rows, seed))


def write_places(path: Path, compounds: int) -> None:
    """The compounds as `haitang places` takes them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(PLACES)
        writer.writerows(places(number) for number in range(compounds))


def compounds_in(rows: int) -> int:
    """How many compounds so many rows need, rather more than less."""
    return rows // 1500 + 10


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    reader.add_argument("list", type=Path, help="CSV or XLSX")
    reader.add_argument("places", type=Path, help="CSV")
    reader.add_argument("--rows", type=int, default=ROWS)
    reader.add_argument("--seed", type=int, default=SEED)
    chosen = reader.parse_args(arguments)
    write_places(chosen.places, compounds_in(chosen.rows))
    write_list(chosen.list, chosen.rows, chosen.seed)
    print(f"haitang places {chosen.places} && haitang load {chosen.list} --area {AREA}")


if __name__ == "__main__":
    main(sys.argv[1:])
