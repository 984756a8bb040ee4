"""`haitang plan` from a file: an answer, or one line that says what is wrong, exit status 2 and nothing written."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from haitang.jobs.plan import command, write

TOWN = """{
  "buildings": [{"id": "b1", "households": HOUSEHOLDS, "lon": LON, "lat": 31.3}],
  "stewards": [{"id": "wu", "home_building": "b1"}]
}"""


def town(households: str = "40", lon: str = "120.6") -> str:
    return TOWN.replace("HOUSEHOLDS", households).replace("LON", lon)


def run(folder: Path, text: str | bytes, *options: str) -> Result:
    (folder / "in.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    return CliRunner().invoke(command, ["coverage", str(folder / "in.json"), *options])


def answer_of(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


BAD_FILES = [
    (town(households="1" + "0" * 400), "$.buildings[0].households: must be 5000 or less, is far beyond it"),
    (town(households="-" + "9" * 5000), "$.buildings[0].households: must be 0 or more, is far beyond it"),
    (town(households="9" * 5000), "$.buildings[0].households: must be 5000 or less, is far beyond it"),
    (town(lon="1" + "0" * 400), "$.buildings[0].lon: must be a finite number"),
    (town(lon="9" * 5000), "$.buildings[0].lon: must be a finite number"),
    (town(lon="1e999"), "$.buildings[0].lon: must be a finite number"),
    ("[" * 100_000, "$: lists or objects lie too deep within each other"),
    (town().replace('"b1"', '"b\\ud800"'), "$.buildings[0].id: has half a character"),
    (b"\xff\xfe{\x00}\x00", "not UTF-8: "),
    ("{", "not JSON: "),
    ("[]", "$: must be an object"),
]


class TestBadFile:
    @pytest.mark.parametrize(("text", "said"), BAD_FILES, ids=[said for _, said in BAD_FILES])
    def test_is_refused_in_one_line_and_nothing_is_written(
        self, tmp_path: Path, text: str | bytes, said: str
    ) -> None:
        result = run(tmp_path, text, "-o", str(tmp_path / "out.json"))
        assert result.exit_code == 2
        (line,) = result.stderr.splitlines()
        assert line.startswith(f"{tmp_path / 'in.json'}: {said}")
        assert result.stdout == ""
        assert [path.name for path in tmp_path.iterdir()] == ["in.json"]


class TestBadOption:
    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--seconds", "nan"], "'--seconds': must be a finite number"),
            (["--seconds", "inf"], "'--seconds': must be a finite number"),
            (["--seed", "-1"], "'--seed': -1 is not in the range x>=0"),
            (["-o", "nowhere/out.json"], "'-o' / '--output': can't write into the folder nowhere"),
        ],
    )
    def test_is_a_usage_error(self, tmp_path: Path, options: list[str], said: str) -> None:
        result = run(tmp_path, town(), *options)
        assert result.exit_code == 2
        assert said in result.stderr.splitlines()[-1]
        assert result.stdout == ""

    def test_a_file_that_can_not_be_written_is_one_too(self, tmp_path: Path) -> None:
        (tmp_path / "out.json.part").mkdir()
        result = run(tmp_path, town(), "-o", str(tmp_path / "out.json"))
        assert result.exit_code == 2
        assert "can't write" in result.stderr.splitlines()[-1]
        assert not (tmp_path / "out.json").exists()


def test_a_number_that_json_does_not_have_is_never_written(tmp_path: Path) -> None:
    for number in (math.nan, math.inf):
        with pytest.raises(ValueError, match="not JSON compliant"):
            write({"value": {"total": number}}, tmp_path / "out.json")
    assert list(tmp_path.iterdir()) == []


def test_help_says_what_an_earlier_plan_adds_to_the_value() -> None:
    said = " ".join(CliRunner().invoke(command, ["--help"]).output.split())
    assert 'an earlier answer as "previous", both also hold the term "changes": 60' in said


class TestGoodFile:
    def test_is_answered_on_the_screen_and_into_a_file(self, tmp_path: Path) -> None:
        shown = answer_of(run(tmp_path, town()))
        assert run(tmp_path, town(), "-o", str(tmp_path / "out.json")).exit_code == 0
        written = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
        assert {**written, "seconds": 0} == {**shown, "seconds": 0}
        assert shown["assignments"] == [{"building": "b1", "steward": "wu", "backup": None}]
        assert sorted(path.name for path in tmp_path.iterdir()) == ["in.json", "out.json"]

    def test_may_begin_with_a_byte_order_mark(self, tmp_path: Path) -> None:
        assert answer_of(run(tmp_path, town().encode("utf-8-sig")))["status"] == "optimal"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
    def test_is_read_from_standard_input(self, encoding: str) -> None:
        result = CliRunner().invoke(command, ["coverage", "-"], input=town().encode(encoding))
        assert answer_of(result)["status"] == "optimal"
