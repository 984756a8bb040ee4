"""`haitang plan check` says whether a plan holds; `haitang plan KIND --plot` draws one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from haitang.jobs.plan import command
from haitang.planning import kinds
from tests.planning.planting import EXAMPLES, example


def run(*arguments: str | Path, stdin: str = "") -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments], input=stdin)


def files(folder: Path, data: Any, answer: Any) -> tuple[Path, Path]:
    for name, content in (("in.json", data), ("out.json", answer)):
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder / "in.json", folder / "out.json"


class TestCheck:
    @pytest.mark.parametrize("kind", kinds.NAMES)
    def test_a_plan_that_holds_is_one_line(self, kind: str) -> None:
        result = run("check", EXAMPLES / f"{kind}.json", EXAMPLES / f"{kind}.answer.json")
        assert result.exit_code == 0
        total = example(kind)[1]["value"]["total"]
        assert result.output.startswith(f"holds: value {total:.6f}, bound ")
        assert result.output.count("\n") == 1

    def test_the_line_says_how_far_the_best_may_be(self, tmp_path: Path) -> None:
        data, answer = example("surge")
        answer |= {"bound": 190, "gap": 0.019401067, "status": "feasible"}
        result = run("check", *files(tmp_path, data, answer))
        assert result.output == "holds: value 193.759134, bound 190.000000, gap 1.9401%\n"
        answer |= {"bound": None, "gap": None}
        assert run("check", *files(tmp_path, data, answer)).output == (
            "holds: value 193.759134, bound none, gap none\n"
        )

    def test_all_findings_are_told_and_the_exit_status_is_one(self, tmp_path: Path) -> None:
        data, answer = example("surge")
        answer["seed"] = -1
        answer["assignments"][0]["volunteer"] = "v9"
        result = run("check", *files(tmp_path, data, answer))
        assert result.exit_code == 1
        lines = result.stdout.splitlines()
        assert "$.assignments[0].volunteer: no volunteer has the id 'v9' [unknown_id]" in lines
        assert "$.seed: is -1, must be 0 or more [too_small]" in lines
        assert not any(line.startswith("holds") for line in lines)

    def test_an_answer_that_is_no_object_is_a_finding(self, tmp_path: Path) -> None:
        result = run("check", *files(tmp_path, example("match")[0], []))
        assert result.exit_code == 1
        assert "$: must be an object, is a list [wrong_type]" in result.stdout

    def test_one_of_both_may_come_from_standard_input(self) -> None:
        answer = (EXAMPLES / "match.answer.json").read_text(encoding="utf-8")
        assert run("check", EXAMPLES / "match.json", "-", stdin=answer).exit_code == 0

    @pytest.mark.parametrize(
        ("question", "answer", "said"),
        [
            ("{", "{}", "in.json: not JSON: "),
            ("[]", "{}", "in.json: $: must be an object"),
            ('{"kind": "tea"}', "{}", "in.json: $.kind: must be one of "),
            ('{"kind": "match"}', "{}", "in.json: $: needs 'needs'"),
            ('{"kind": "match"}', "{", "out.json: not JSON: "),
            ('{"kind": "match"}', "[" * 100_000, "out.json: $: lists or objects lie too deep"),
        ],
    )
    def test_what_can_not_be_read_is_refused(
        self, tmp_path: Path, question: str, answer: str, said: str
    ) -> None:
        (tmp_path / "in.json").write_text(question, encoding="utf-8")
        (tmp_path / "out.json").write_text(answer, encoding="utf-8")
        result = run("check", tmp_path / "in.json", tmp_path / "out.json")
        assert result.exit_code == 2
        (line,) = result.stderr.splitlines()
        assert line.startswith(f"{tmp_path}/{said}")
        assert result.stdout == ""

    def test_a_file_that_is_not_there_is_a_usage_error(self) -> None:
        assert run("check", EXAMPLES / "match.json", "nowhere.json").exit_code == 2

    def test_a_whole_number_too_long_to_be_read_is_a_finding(self, tmp_path: Path) -> None:
        data, answer = example("match")
        source, target = files(tmp_path, data, answer)
        target.write_text(json.dumps(answer).replace('"seed": 0', '"seed": ' + "9" * 5000), encoding="utf-8")
        result = run("check", source, target)
        assert result.exit_code == 1
        assert result.stdout.splitlines() == ["$.seed: must be a whole number, is inf [wrong_type]"]


class TestKinds:
    def test_are_commands_beside_the_check(self) -> None:
        said = run("--help").output
        assert all(f"\n  {name}" in said for name in (*kinds.NAMES, "check"))

    def test_another_is_refused(self) -> None:
        result = run("tea", EXAMPLES / "match.json")
        assert result.exit_code == 2
        assert "No such command 'tea'" in result.stderr


class TestPlot:
    @pytest.mark.parametrize(
        ("ending", "begins"), [("svg", "<?xml"), ("html", "<!doctype html>"), ("SVG", "<?xml")]
    )
    def test_is_drawn_beside_the_answer(self, tmp_path: Path, ending: str, begins: str) -> None:
        picture = tmp_path / f"plan.{ending}"
        result = run("coverage", EXAMPLES / "coverage.json", "--seconds", "1", "--plot", picture)
        assert result.exit_code == 0
        assert json.loads(result.stdout)["status"] == "optimal"
        assert picture.read_text(encoding="utf-8").startswith(begins)
        assert [path.name for path in tmp_path.iterdir()] == [picture.name]

    @pytest.mark.parametrize("name", ["plan.png", "plan", "svg"])
    def test_another_ending_is_refused_before_planning(self, tmp_path: Path, name: str) -> None:
        result = run("coverage", EXAMPLES / "coverage.json", "--plot", tmp_path / name)
        assert result.exit_code == 2
        assert f"'--plot': must end with .svg or .html, is '{name}'" in result.stderr
        assert result.stdout == ""

    def test_a_folder_that_is_not_there_is_refused_before_planning(self) -> None:
        result = run("coverage", EXAMPLES / "coverage.json", "--plot", "nowhere/plan.svg")
        assert result.exit_code == 2
        assert "can't write into the folder nowhere" in result.stderr
        assert result.stdout == ""

    def test_matplotlib_is_loaded_only_where_something_is_drawn(self) -> None:
        code = "import sys, haitang.jobs.plan; raise SystemExit('matplotlib' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
