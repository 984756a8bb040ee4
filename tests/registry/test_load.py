"""`haitang load`: ledgers from the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from haitang.core.models import JournalEntry
from haitang.jobs.load import command
from haitang.registry.models import LedgerImport
from tests.neighbourhood import GARDEN, HEADINGS, Neighbourhood, resident, residents

TEXT = f"{HEADINGS},身份证号\n3,301,何年,13900000888,20,男,,,\n3,,何月,,20,女,,,\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.csv"
    path.write_text(TEXT, encoding="utf-8")
    return path


def load(*words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


class TestLoading:
    @pytest.mark.parametrize("called", [GARDEN, GARDEN.rstrip("/"), "garden", "海棠花园"])
    def test_finds_the_compound_by_codes_code_or_name(
        self, neighbourhood: Neighbourhood, file: Path, called: str
    ) -> None:
        assert load(file, "--compound", called).exit_code == 0
        assert residents("何年", neighbourhood.garden)

    def test_names_columns_errors_and_figures(self, neighbourhood: Neighbourhood, file: Path) -> None:
        said = load(file, "--compound", "garden").stdout
        assert "A 楼栋: Building" in said
        assert "I 身份证号: left out. Identity numbers are never kept." in said
        assert "row 3, B 房号: The room is missing." in said
        assert "New: buildings 0, doors 1, people 1. People changed: 0. As before: 0. Errors: 1." in said

    def test_writes_nothing_in_a_dry_run(self, neighbourhood: Neighbourhood, file: Path) -> None:
        before = LedgerImport.objects.count(), JournalEntry.objects.count()
        answer = load(file, "--compound", "garden", "--dry-run")
        assert answer.exit_code == 0
        assert "people 1." in answer.stdout
        assert (LedgerImport.objects.count(), JournalEntry.objects.count()) == before
        assert not residents("何年")

    def test_goes_on_after_an_unreadable_file_and_exits_with_1(
        self, neighbourhood: Neighbourhood, file: Path, tmp_path: Path
    ) -> None:
        picture = tmp_path / "photo.png"
        picture.write_bytes(b"\x89PNG\r\n\x00\x00")
        answer = load(picture, tmp_path / "gone.csv", file, "--compound", "garden")
        assert answer.exit_code == 1
        assert "is not a table" in answer.stderr
        assert "gone.csv: No such file or directory." in answer.stderr
        assert residents("何年")

    def test_asks_which_of_several_compounds(self, neighbourhood: Neighbourhood, file: Path) -> None:
        neighbourhood.sibling.name = neighbourhood.garden.name
        neighbourhood.sibling.save(update_fields=["name"])
        answer = load(file, "--compound", neighbourhood.garden.name)
        assert answer.exit_code == 1
        assert GARDEN in answer.stderr
        assert load(file, "--compound", "nowhere").exit_code == 1

    def test_names_the_operator_in_the_journal(
        self, neighbourhood: Neighbourhood, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LOGNAME", "night-shift")
        load(file, "--compound", "garden")
        assert JournalEntry.objects.filter(act="ledger.import").latest("id").actor_label == "night-shift"


class TestAnswering:
    TEXT = "楼栋,房号,姓名,是否户主\n3,301,何年,0\n3,302,何月,1\n3,303,何日,1\n"

    @pytest.fixture
    def asking(self, tmp_path: Path) -> Path:
        path = tmp_path / "asking.csv"
        path.write_text(self.TEXT, encoding="utf-8")
        return path

    def test_prints_the_question_with_the_option_that_answers_it(
        self, neighbourhood: Neighbourhood, asking: Path
    ) -> None:
        said = load(asking, "--compound", "garden").stdout
        assert "D 是否户主: the value 1 stands in 2 rows and was left out." in said
        assert '--answer "D:0=yes" or --answer "D:0=no"' in said
        assert {resident(name).relation for name in ("何年", "何月", "何日")} == {""}

    def test_reads_with_the_answers(self, neighbourhood: Neighbourhood, asking: Path) -> None:
        said = load(asking, "--compound", "garden", "--answer", "d:0=yes", "--answer", "D:1=no").stdout
        assert "the value 0 stands in 1 rows and was said to mean yes." in said
        assert resident("何年").relation == "户主"
        assert resident("何月").relation == ""

    @pytest.mark.parametrize("answer", ["D:7=yes", "D:0=maybe", "A:3=yes"])
    @pytest.mark.parametrize("more", [(), ("--dry-run",)])
    def test_loads_nothing_when_the_file_does_not_ask_that(
        self, neighbourhood: Neighbourhood, asking: Path, answer: str, more: tuple[str, ...]
    ) -> None:
        answered = load(asking, "--compound", "garden", "--answer", answer, *more)
        assert answered.exit_code == 1
        assert "asking.csv: Nothing asks whether" in answered.stderr
        assert not residents("何年")

    def test_says_how_to_write_an_answer(self, neighbourhood: Neighbourhood, asking: Path) -> None:
        answered = load(asking, "--compound", "garden", "--answer", "0=yes")
        assert answered.exit_code == 2
        assert "write it as F:0=yes" in answered.stderr
