"""`haitang places`: the tree of places from a file or as shipped, and the first steps of a new installation."""

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from haitang.core.models import JournalEntry
from haitang.jobs.places import command
from haitang.registry.models import Area
from tests.neighbourhood import FEW_PEOPLE
from tests.scratch import haitang

README = Path(__file__).resolve().parents[2] / "README.md"
SHORT = "city_code,city_name,district_code,district_name,town_code,town_name,community_code,community_name"
LONG = f"{SHORT},compound_code,compound_name,lon,lat"
TO_COMMUNITY = "32,苏城市,08,东城区,001,桂花街道,101,海棠社区"
GOOD = f"{TO_COMMUNITY},garden,海棠花园,120.6,31.3"
MILL = "32,苏城市,08,东城区,001,桂花街道,102,磨坊社区,mill,磨坊里,,"


@pytest.fixture
def file(tmp_path: Path, db: None) -> Path:
    return tmp_path / "places.csv"


def add(file: Path, *lines: str, encoding: str = "utf-8") -> Result:
    file.write_text("\n".join(lines) + "\n", encoding=encoding)
    return CliRunner().invoke(command, [str(file)])


def paths() -> list[str]:
    return list(Area.objects.order_by("path").values_list("path", flat=True))


class TestAddingAFile:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
    def test_adds_each_place_of_a_chain_once(self, file: Path, encoding: str) -> None:
        answer = add(file, LONG, GOOD, MILL, encoding=encoding)
        assert answer.exit_code == 0
        assert "New: places 7. As before: 0. Errors: 0." in answer.stdout
        assert paths() == [
            "32/",
            "32/08/",
            "32/08/001/",
            "32/08/001/101/",
            "32/08/001/101/garden/",
            "32/08/001/102/",
            "32/08/001/102/mill/",
        ]
        garden = Area.objects.get(code="garden")
        assert (garden.level, garden.name, garden.lon, garden.lat) == ("compound", "海棠花园", 120.6, 31.3)

    def test_takes_a_row_that_ends_early(self, file: Path) -> None:
        assert add(file, SHORT, "32,苏城市,08,东城区,,,,", "33,杭城市,,,,,,", "").exit_code == 0
        assert paths() == ["32/", "32/08/", "33/"]

    def test_changes_nothing_the_second_time(self, file: Path) -> None:
        add(file, LONG, GOOD)
        before, rows = list(Area.objects.order_by("id").values()), JournalEntry.objects.count()
        answer = add(file, LONG, GOOD.replace("海棠花园", "另一个名字"))
        assert "New: places 0. As before: 5. Errors: 0." in answer.stdout
        assert list(Area.objects.order_by("id").values()) == before
        assert JournalEntry.objects.count() == rows

    def test_is_in_the_journal_of_each_city(self, file: Path) -> None:
        add(file, LONG, GOOD, "33,杭城市,,,,,,,,,,")
        rows = JournalEntry.objects.filter(act="area.add").order_by("path")
        assert [(row.path, row.facts) for row in rows] == [("32/", {"areas": 5}), ("33/", {"areas": 1})]

    def test_takes_the_position_from_the_row_that_gives_one(self, file: Path) -> None:
        assert add(file, LONG, GOOD.replace("120.6,31.3", ","), GOOD).exit_code == 0
        assert Area.objects.get(code="garden").lon == 120.6

    def test_says_which_column_it_does_not_know(self, file: Path) -> None:
        assert "  note: left out." in add(file, f"{LONG},note", f"{GOOD},x").stdout


class TestBadRows:
    @pytest.mark.parametrize(
        ("row", "said"),
        [
            (
                "32,苏城市,,,002,莲花街道,,,,,,",
                "row 3, district_code: empty, but cells to its right are filled",
            ),
            ("32,苏城市,07,,,,,,,,,", "row 3, district_name: empty beside the code 07"),
            ("32,苏城市,,南城区,,,,,,,,", "row 3, district_code: empty"),
            ("32,苏城市,0/7,南城区,,,,,,,,", "row 3, district_code: 0/7 is no code"),
            ("32,苏城市,0 7,南城区,,,,,,,,", "row 3, district_code: 0 7 is no code"),
            ("32,苏城市,0_7,南城区,,,,,,,,", "row 3, district_code: 0_7 is no code"),
            ("32,吴城市,07,南城区,,,,,,,,", "row 3, city_name: 32 is 苏城市 in row 2 and 吴城市 here"),
            (
                f"{TO_COMMUNITY},yard,小院,181,31.3",
                "row 3, lon: 181 is not in range; enter degrees from -180",
            ),
            (f"{TO_COMMUNITY},yard,小院,120,95", "row 3, lat: 95 is not in range; enter degrees from -90"),
            (f"{TO_COMMUNITY},yard,小院,nan,31", "row 3, lon: nan is not in range"),
            (f"{TO_COMMUNITY},yard,小院,east,31", "row 3, lon: east is not in range"),
            (f"{TO_COMMUNITY},yard,小院,120,", "row 3, lat: empty, but the other half"),
            (f"{TO_COMMUNITY},,,120,31", "row 3, lon: only a compound has a position"),
            (f"{TO_COMMUNITY},garden,海棠花园,120.7,31.3", "row 3, lon: 海棠花园 lies elsewhere in row 2"),
            (f"{TO_COMMUNITY},yard,小院,120,31,x", "row 3, lat: more cells than headings"),
        ],
    )
    def test_is_named_with_its_column_and_the_others_are_kept(self, file: Path, row: str, said: str) -> None:
        answer = add(file, LONG, GOOD, row, MILL)
        assert answer.exit_code == 1
        assert said in answer.stdout
        assert len([line for line in answer.stdout.splitlines() if line.startswith("  row")]) == 1
        assert "New: places 7. As before: 0. Errors: 1." in answer.stdout
        assert len(paths()) == 7

    def test_counts_empty_rows_as_the_sheet_does(self, file: Path) -> None:
        assert "row 4, city_code" in add(file, LONG, "", ",,,", "a/b,苏城市,,,,,,,,,,").stdout


class TestBadFiles:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (SHORT.replace("town_code,", "").encode(), "row 1 lacks town_code: head the columns city_code"),
            (f"{SHORT},compound_code".encode(), "row 1 lacks compound_name"),
            (f"{SHORT},compound_code,compound_name,lon".encode(), "row 1 lacks lat"),
            (b"", "row 1 lacks city_code"),
            (
                f"{SHORT}\n32,苏城市,,,,,,".encode("gb18030"),
                "line 2 is not UTF-8: save the file as CSV UTF-8.",
            ),
            (b'"' + b"x" * 200_000, "this is not a CSV file"),
        ],
    )
    def test_is_one_line_and_exit_status_1(self, file: Path, content: bytes, said: str) -> None:
        file.write_bytes(content)
        answer = CliRunner().invoke(command, [str(file)])
        assert answer.exit_code == 1
        assert f"Error: {file}: {said}" in answer.stderr
        assert len(answer.stderr.strip().splitlines()) == 1
        assert paths() == []

    def test_names_a_file_that_is_not_there(self, file: Path) -> None:
        answer = CliRunner().invoke(command, [str(file)])
        assert (answer.exit_code, answer.stderr) == (
            1,
            f"Error: Can't open {file}: No such file or directory.\n",
        )


def readme(section: str, start: str) -> list[str]:
    """The lines of a section of the README that show something to type, from those that begin so."""
    text = README.read_text(encoding="utf-8").split(f"## {section}\n")[1].split("\n## ")[0]
    return [line.strip() for line in text.splitlines() if line.startswith(f"    {start}")]


def test_the_readme_s_first_steps_lead_to_a_ledger(scratch_url: str, tmp_path: Path) -> None:
    section = "On your own PostgreSQL and domain"
    steps = [shlex.split(line)[1:] for line in readme(section, "haitang ")]
    assert [words[0] for words in steps] == ["migrate", "places", "invite", "up"]
    for words in steps[:-1]:
        done = haitang(*words, HAITANG_DATABASE_URL=scratch_url)
        assert (done.returncode, done.stderr) == (0, "")
    assert "/sign-in/invited/#" in done.stdout
    compounds, ledger = tmp_path / "compounds.csv", tmp_path / "ledger.csv"
    compounds.write_text("\n".join([*readme(section, "city_code"), *readme(section, "3205,")]))
    ledger.write_text(FEW_PEOPLE)
    added = haitang("places", compounds, HAITANG_DATABASE_URL=scratch_url)
    assert "New: places 1. As before: 4. Errors: 0." in added.stdout
    loaded = haitang("load", ledger, "--compound", "plum-court", HAITANG_DATABASE_URL=scratch_url)
    assert "梅园. New: buildings 1, doors 2, people 2." in loaded.stdout
    again = haitang("places", HAITANG_DATABASE_URL=scratch_url)
    assert (again.returncode, again.stdout.splitlines()[-1]) == (
        0,
        "New: places 0. As before: 2,377. Errors: 0.",
    )


def test_help_names_the_command() -> None:
    assert "places" in haitang("--help").stdout
    assert "compound_code" in haitang("places", "--help").stdout
