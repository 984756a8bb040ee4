"""`haitang load --area`: the list of a whole town from the command line."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner, Result

from haitang.core.models import JournalEntry
from haitang.jobs import dividing
from haitang.jobs.load import command
from haitang.registry.models import Area, LedgerImport
from tests.neighbourhood import (
    ELSEWHERE,
    GARDEN,
    HEADINGS,
    SIBLING,
    TOWN,
    Neighbourhood,
    at,
    build,
    residents,
)
from tests.scratch import HAITANG, environment

HEADS = f"小区,社区,{HEADINGS}\n"
TEXT = (
    HEADS
    + "海棠花园,,3,301,何年,13900000888,20,男,,\n"
    + "terrace,,1,201,何月,,20,女,,\n"
    + "海棠花园,,3,,何日,,20,女,,\n"
    + "桃花源,,1,101,陶潜,,40,男,,\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "town.csv"
    path.write_text(TEXT, encoding="utf-8")
    return path


def load(*words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


class TestLoadingAnArea:
    @pytest.mark.parametrize("called", [TOWN, "桂花街道", "08", "苏城市"])
    def test_every_row_goes_to_its_compound(
        self, neighbourhood: Neighbourhood, file: Path, called: str
    ) -> None:
        answer = load(file, "--area", called)
        assert residents("何年", neighbourhood.garden)
        assert residents("何月", neighbourhood.sibling)
        assert answer.exit_code == 1  # somebody is in no compound
        assert at(SIBLING).people == 3

    def test_says_what_came_of_each_compound_and_in_all(
        self, neighbourhood: Neighbourhood, file: Path
    ) -> None:
        said = load(file, "--area", TOWN).stdout
        assert f"{GARDEN} 海棠花园. New: buildings 0, doors 1, people 1." in said
        assert "row 4, D 房号: The room is missing." in said
        assert "Not loaded: 1 rows that name no compound of 桂花街道:\n  桃花源: 1\n" in said
        assert (
            "In all. New: buildings 0, doors 2, people 2. People changed: 0. As before: 0. Errors: 1." in said
        )

    def test_exits_with_0_when_every_row_was_loaded(self, neighbourhood: Neighbourhood, file: Path) -> None:
        file.write_text(TEXT.rpartition("桃花源")[0], encoding="utf-8")
        assert load(file, "--area", TOWN).exit_code == 0

    def test_loading_it_again_changes_nothing(self, neighbourhood: Neighbourhood, file: Path) -> None:
        load(file, "--area", TOWN)
        assert "people 0. People changed: 0. As before: 2." in load(file, "--area", TOWN).stdout

    def test_each_compound_has_its_import_which_can_be_told_by_the_file(
        self, neighbourhood: Neighbourhood, file: Path
    ) -> None:
        load(file, "--area", TOWN)
        given = LedgerImport.objects.filter(file_name="town.csv")
        assert {each.compound for each in given} == {neighbourhood.garden, neighbourhood.sibling}
        assert {(each.state, each.content, len(each.sha256)) for each in given} == {("applied", None, 64)}
        assert JournalEntry.objects.filter(act="ledger.import", facts__file=given[0].sha256).count() == 2

    def test_writes_nothing_in_a_dry_run(self, neighbourhood: Neighbourhood, file: Path) -> None:
        before = LedgerImport.objects.count(), JournalEntry.objects.count()
        answer = load(file, "--area", TOWN, "--dry-run")
        assert "people 2." in answer.stdout
        assert "Nothing was written" in answer.stdout
        assert (LedgerImport.objects.count(), JournalEntry.objects.count()) == before
        assert not residents("何年")

    def test_lists_only_the_first_errors_of_a_compound(
        self, neighbourhood: Neighbourhood, file: Path
    ) -> None:
        file.write_text(HEADS + "海棠花园,,3,,何日,,20,女,,\n" * 12, encoding="utf-8")
        said = load(file, "--area", TOWN).stdout
        assert said.count("The room is missing.") == dividing.MOST_ERRORS
        assert "... and 2 more errors." in said

    def test_nobody_outside_the_area_is_touched(self, neighbourhood: Neighbourhood, file: Path) -> None:
        file.write_text(HEADS + "港湾家园,,1,101,何日,,20,女,,\n", encoding="utf-8")
        assert "港湾家园: 1" in load(file, "--area", TOWN).stdout
        assert not residents("何日", at(ELSEWHERE))


class TestRefusals:
    def test_a_name_of_several_compounds_with_the_choices(
        self, neighbourhood: Neighbourhood, file: Path
    ) -> None:
        Area.objects.filter(path=f"{TOWN}102/mill/").update(name="海棠花园")
        answer = load(file, "--area", TOWN)
        assert (
            f"2 rows of 海棠花园, which is the name of 2 compounds ({GARDEN}, {TOWN}102/mill/)"
            in answer.stdout
        )
        assert answer.exit_code == 1
        assert not residents("何年")
        file.write_text(TEXT.replace("海棠花园,,", "海棠花园,海棠社区,"), encoding="utf-8")
        load(file, "--area", TOWN)
        assert residents("何年", neighbourhood.garden)

    def test_a_compound_of_too_many_rows(
        self, neighbourhood: Neighbourhood, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("haitang.registry.ledger.dividing.MOST_ROWS", 1)
        monkeypatch.setattr("haitang.registry.ledger.streaming.MOST_ROWS", 1)
        answer = load(file, "--area", TOWN)
        assert f"{GARDEN} has 2 rows; the most for one compound is" in answer.stdout
        assert not residents("何年")
        assert residents("何月", neighbourhood.sibling)

    def test_a_list_that_lacks_a_column(self, neighbourhood: Neighbourhood, file: Path) -> None:
        file.write_text("小区,房号\n海棠花园,3-301\n", encoding="utf-8")
        answer = load(file, "--area", TOWN)
        assert "No column gives the name." in answer.stdout
        assert answer.exit_code == 1

    def test_a_file_that_cannot_be_read(self, neighbourhood: Neighbourhood, file: Path) -> None:
        file.write_text(HEADINGS, encoding="utf-8")
        answer = load(file, file.parent / "gone.csv", "--area", TOWN)
        assert "names the compound" in answer.stderr
        assert "gone.csv: No such file or directory." in answer.stderr
        assert answer.exit_code == 1

    def test_an_area_that_nobody_knows_or_a_compound(self, neighbourhood: Neighbourhood, file: Path) -> None:
        assert "There is no area nowhere" in load(file, "--area", "nowhere").stderr
        assert "There is no area garden" in load(file, "--area", "garden").stderr
        assert "2 areas are called 001" in load(file, "--area", "001").stderr

    @pytest.mark.parametrize("words", [(), ("--area", TOWN, "--compound", GARDEN)])
    def test_where_it_belongs_must_be_said_in_one_way(
        self, neighbourhood: Neighbourhood, file: Path, words: tuple[str, ...]
    ) -> None:
        assert "--compound or --area" in load(file, *words).stderr


def town_of_many(path: Path, people: int) -> None:
    """A list so long that processes of their own read it."""
    lines = []
    for n in range(people):
        compound, room = ("海棠花园", "望湖台")[n % 2], f"{n // 12 % 30 + 1}{n % 9 + 1:02}"
        lines.append(f"{compound},,{n % 3 + 1},{room},王{chr(0x4E00 + n % 20_000)},,40,女,,\n")
    path.write_text(HEADS + "".join(lines), encoding="utf-8")


class TestProcesses:
    def test_a_long_list_is_read_by_others_meanwhile_and_ctrl_c_ends_them_all(
        self, own_database: str, tmp_path: Path
    ) -> None:
        build()
        path, temporary = tmp_path / "town.csv", tmp_path / "temporary"
        temporary.mkdir()
        town_of_many(path, dividing.WORTH_A_PROCESS * 3)
        loading = subprocess.Popen(
            [*HAITANG, "load", str(path), "--area", TOWN],
            env=environment(HAITANG_DATABASE_URL=own_database, TMPDIR=str(temporary)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        readers = readers_of(loading)
        os.killpg(loading.pid, signal.SIGINT)
        _out, err = loading.communicate(timeout=60)
        assert loading.returncode == 1
        assert err.splitlines()[-1:] == ["Aborted!"]
        assert not re.search("Traceback|Error", err)
        psutil.wait_procs(readers, timeout=10)
        assert not [reader for reader in readers if reader.is_running()]
        assert not list(temporary.rglob("haitang-*"))

    def test_readers_go_when_the_command_is_killed(self, own_database: str, tmp_path: Path) -> None:
        build()
        path = tmp_path / "town.csv"
        town_of_many(path, dividing.WORTH_A_PROCESS * 3)
        loading = subprocess.Popen(
            [*HAITANG, "load", str(path), "--area", TOWN],
            env=environment(HAITANG_DATABASE_URL=own_database),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        readers = readers_of(loading)
        loading.kill()
        loading.wait(10)
        _gone, left = psutil.wait_procs(readers, timeout=20)
        assert not left


def readers_of(loading: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> list[psutil.Process]:
    """The processes that read for a command, once there are any."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and loading.poll() is None:
        children = psutil.Process(loading.pid).children(recursive=True)
        found = [child for child in children if "spawn_main" in " ".join(child.cmdline())]
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("nobody reads")
