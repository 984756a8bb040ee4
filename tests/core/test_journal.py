"""The journal grows by chained rows, refuses to change, and every way to tamper with it shows."""

import json
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from haitang.core import journal
from haitang.core.actor import Act, Actor, Right, operator
from haitang.core.models import JournalEntry, JournalHead
from haitang.jobs.verify_journal import examine
from scripts import verify_journal as standalone
from tests.reaching import as_superuser
from tests.scratch import environment, haitang

HTH = "3205/320508/320508001/320508001001/hth/"
LAN = "3205/320508/320508001/320508001002/lan/"
TOWN = "3205/320508/320508001/"
NOON = datetime(2022, 4, 13, 4, 0, 0, 123, tzinfo=UTC)
WAITERS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
Tamper = Callable[[], None]


def add(path: str = f"{HTH}8/", act: str = "order.confirm", **facts: Any) -> JournalEntry:
    subject = JournalHead(chain="a subject")
    return journal.record(act, subject, by=operator("Chen Jing"), at=NOON, path=path, **facts)


def run_sql(statement: str, *values: str | int) -> None:
    """As a database superuser who has switched the trigger off."""
    with as_superuser(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def five_rows(db: None) -> list[JournalEntry]:
    """Five rows on one chain, two on another, one on the town's."""
    rows = [add(turn=turn, name="海棠花园") for turn in range(5)]
    add(LAN)
    add(f"{LAN}3/")
    add(TOWN)
    return rows


def found_by_both(tmp_path: Path, *, printed: str = "") -> tuple[set[str], str, int]:
    """What `haitang verify-journal` names; what the standalone script prints of its export; its status."""
    target = tmp_path / "journal.jsonl"
    with target.open("w", encoding="utf-8") as file:
        _, flaws = examine("", file)
    command = [sys.executable, "-I", standalone.__file__, str(target)]
    done = subprocess.run(command + (["--head", printed] if printed else []), capture_output=True, text=True)
    assert not done.stderr
    return {flaw.what for flaw in flaws}, done.stdout, done.returncode


class TestRecord:
    def test_chains_each_row_to_the_one_before_it(self, five_rows: list[JournalEntry]) -> None:
        assert [row.seq for row in five_rows] == [1, 2, 3, 4, 5]
        assert five_rows[0].previous == journal.GENESIS
        assert [row.previous for row in five_rows[1:]] == [row.hash for row in five_rows[:-1]]

    def test_keeps_one_chain_a_compound_and_one_for_each_area_above(
        self, five_rows: list[JournalEntry]
    ) -> None:
        ends = {head.chain: head.seq for head in journal.heads()}
        assert ends == {HTH: 5, LAN: 2, TOWN: 1}

    def test_moves_the_head_to_the_row_it_added(self, five_rows: list[JournalEntry]) -> None:
        assert [head.hash for head in journal.heads(HTH)] == [five_rows[-1].hash]

    def test_leaves_nothing_when_the_act_fails(self, five_rows: list[JournalEntry]) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            add()
            _ = 1 / 0
        assert journal.verify() == (8, [])

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        "fact",
        [0.1, -0.0, 1e3, 1e22, 1.5e300, 5e-324, 2**70, "𠮷 \u2028 \\u0041", None, [{"b": 1.0, "a": []}]],
    )
    def test_reads_back_what_it_hashed(self, fact: object) -> None:
        add(fact=fact, when=NOON, decimal=Decimal("1.50"), subject_id=uuid.uuid4())
        assert journal.verify() == (1, [])

    @pytest.mark.django_db
    def test_refuses_a_fact_that_is_not_a_number(self) -> None:
        with pytest.raises(ValueError, match="not JSON compliant"):
            add(fact=float("nan"))


class TestCanonical:
    def row(self) -> dict[str, Any]:
        return dict.fromkeys(journal.HASHED, "") | {"seq": 1, "facts": {"b": "海棠", "a": [1, True, None]}}

    def test_stays_the_same_for_ever(self) -> None:
        assert journal.canonical(self.row()).decode() == (
            '{"act":"","actor":"","actor_label":"","actor_unit":"","at":"","chain":"",'
            '"facts":{"a":[1,true,null],"b":"海棠"},"kind":"","path":"","previous":"","seq":1,"subject":""}'
        )

    def test_knows_no_order_of_fields_and_no_field_beside_the_hashed(self) -> None:
        turned = dict(reversed(list(self.row().items()))) | {"id": 7, "hash": "x"}
        assert journal.canonical(turned) == journal.canonical(self.row())

    def test_writes_an_instant_in_utc_whatever_its_zone(self) -> None:
        shanghai = NOON.astimezone(timezone(timedelta(hours=8)))
        assert journal.as_row(JournalEntry(at=shanghai))["at"] == "2022-04-13T04:00:00.000123Z"

    @given(st.dictionaries(st.text(), st.floats(allow_nan=False, allow_infinity=False)))
    def test_facts_made_plain_stay_plain(self, facts: dict[str, Any]) -> None:
        once = journal.plain(facts)
        assert json.dumps(journal.plain(once)) == json.dumps(once)
        assert once == facts


@pytest.mark.parametrize(
    ("path", "chain"),
    [
        ("", "/"),
        ("3205/", "3205/"),
        (TOWN, TOWN),
        (HTH, HTH),
        (HTH.rstrip("/"), HTH),
        (f"{HTH}8/", HTH),
    ],
)
def test_a_path_belongs_to_the_chain_of_its_compound_or_its_own(path: str, chain: str) -> None:
    assert journal.chain_of(path) == chain


class TestTrigger:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE core_journalentry SET act = 'nothing'",
            "DELETE FROM core_journalentry",
            "TRUNCATE core_journalentry",
        ],
    )
    def test_refuses(self, five_rows: list[JournalEntry], statement: str) -> None:
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as sql,
        ):
            sql.execute(statement)
        assert journal.verify() == (8, [])


def alter() -> None:
    run_sql("UPDATE core_journalentry SET facts = '{\"turn\": 9}' WHERE chain = %s AND seq = 3", HTH)


def replace() -> None:
    """Alter a row and give it the hash it would have had."""
    row = JournalEntry.objects.get(chain=HTH, seq=3)
    row.act = "order.drop"
    forged = standalone.fingerprint(journal.as_row(row))
    run_sql("UPDATE core_journalentry SET act = %s, hash = %s WHERE id = %s", row.act, forged, row.pk)


def remove() -> None:
    run_sql("DELETE FROM core_journalentry WHERE chain = %s AND seq = 3", HTH)


def cut_tail() -> None:
    run_sql("DELETE FROM core_journalentry WHERE chain = %s AND seq >= 4", HTH)


def remove_chain() -> None:
    run_sql("DELETE FROM core_journalentry WHERE chain = %s", HTH)


def lose_head() -> None:
    run_sql("DELETE FROM core_journalhead WHERE chain = %s", HTH)


def swap(column: str) -> None:
    rows = JournalEntry.objects.filter(chain=HTH)
    second, third = rows.get(seq=2), rows.get(seq=3)
    for pk, value in ((second.pk, -1), (third.pk, getattr(second, column)), (-1, getattr(third, column))):
        where = "seq = -1" if column == "seq" and pk == -1 else "id = %s"
        values = [value] if "%s" not in where else [value, pk]
        run_sql(f"UPDATE core_journalentry SET {column} = %s WHERE {where}", *values)


def swap_places() -> None:
    swap("seq")


def swap_ids() -> None:
    swap("id")


class TestVerifiers:
    def test_find_nothing_wrong_with_an_untouched_journal(
        self, five_rows: list[JournalEntry], tmp_path: Path
    ) -> None:
        whats, printed, status = found_by_both(tmp_path)
        assert (whats, status) == (set(), 0)
        assert printed == "8 rows in 3 chains: nothing altered, removed or reordered.\n"

    @pytest.mark.parametrize(
        ("tamper", "what", "words"),
        [
            (alter, "altered", f"{HTH} row 3 altered"),
            (replace, "unlinked", f"{HTH} row 4 unlinked"),
            (remove, "removed", f"{HTH} row 3 removed"),
            (cut_tail, "head", f"{HTH} ends at row 3, its head names row 5"),
            (remove_chain, "head", f"{HTH} ends at row 0, its head names row 5"),
            (lose_head, "head", f"{HTH} ends at row 5, its head names nothing"),
            (swap_places, "reordered", f"{HTH} row 3 reordered"),
            (swap_ids, "reordered", f"{HTH} row 3 reordered"),
        ],
    )
    def test_find(
        self, five_rows: list[JournalEntry], tmp_path: Path, tamper: Tamper, what: str, words: str
    ) -> None:
        tamper()
        whats, printed, status = found_by_both(tmp_path)
        assert what in whats
        assert words in printed
        assert status == 1
        assert LAN not in printed

    def test_find_a_tail_cut_together_with_its_head_by_the_printed_hash(
        self, five_rows: list[JournalEntry], tmp_path: Path
    ) -> None:
        cut_tail()
        run_sql("UPDATE core_journalhead SET seq = 3, hash = %s WHERE chain = %s", five_rows[2].hash, HTH)
        assert found_by_both(tmp_path)[2] == 0
        assert found_by_both(tmp_path, printed=f"{HTH}={five_rows[1].hash[:16]}")[2] == 0
        _, printed, status = found_by_both(tmp_path, printed=f"{HTH}={five_rows[4].hash}")
        assert status == 1
        assert "altered or cut off" in printed

    def test_look_only_below_a_path(self, five_rows: list[JournalEntry]) -> None:
        alter()
        assert journal.verify(LAN) == (2, [])
        assert journal.verify(f"{HTH}8/")[0] == 5
        assert [flaw.what for flaw in journal.verify(HTH)[1]] == ["altered"]


class TestStandalone:
    @pytest.fixture
    def lines(self, five_rows: list[JournalEntry], tmp_path: Path) -> list[str]:
        target = tmp_path / "journal.jsonl"
        with target.open("w", encoding="utf-8") as file:
            examine(HTH, file)
        return target.read_text(encoding="utf-8").splitlines()

    def test_finds_lines_that_changed_places(self, lines: list[str]) -> None:
        lines[1], lines[2] = lines[2], lines[1]
        _, _, found = standalone.check(lines, [])
        assert found == [f"{HTH} row 2 reordered: it stands after a later row", *found[1:]]
        assert not any("removed" in flaw for flaw in found)

    def test_finds_a_line_that_stands_twice(self, lines: list[str]) -> None:
        assert standalone.check([*lines[:2], *lines[1:]], [])[2]

    def test_finds_a_file_without_its_last_lines(self, lines: list[str]) -> None:
        assert standalone.check(lines[:-1], [])[2]

    def test_finds_a_printed_chain_that_is_missing(self, lines: list[str]) -> None:
        assert len(standalone.check(lines, [("3205/", "0" * 16)])[2]) == 2

    @pytest.mark.parametrize(
        "line", ["", "[]", "{", "7", "null", "[" * 100_000, '{"head": "x"}', '{"seq": 1}']
    )
    def test_refuses_a_line_that_is_no_row(self, lines: list[str], line: str) -> None:
        with pytest.raises(standalone.Unreadable, match="line 7"):
            standalone.check([*lines, line], [])

    @pytest.mark.parametrize(
        ("at", "field", "value", "kind"),
        [
            (0, "id", "7", "a whole number"),
            (0, "id", None, "a whole number"),
            (0, "seq", "1", "a whole number"),
            (0, "seq", 1.5, "a whole number"),
            (0, "seq", True, "a whole number"),
            (0, "chain", [], "a text"),
            (0, "hash", 7, "a text"),
            (0, "previous", None, "a text"),
            (-1, "seq", [1], "a whole number"),
            (-1, "head", ["x"], "a text"),
            (-1, "head", {}, "a text"),
            (-1, "head", 7, "a text"),
            (-1, "hash", None, "a text"),
        ],
    )
    def test_cannot_read_a_field_of_the_wrong_kind(
        self,
        lines: list[str],
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        at: int,
        field: str,
        value: object,
        kind: str,
    ) -> None:
        row = json.loads(lines[at])
        assert field in row
        lines[at] = json.dumps(row | {field: value})
        target = tmp_path / "changed.jsonl"
        target.write_text("\n".join(lines), encoding="utf-8")
        assert standalone.main([str(target)]) == 2
        said = capsys.readouterr()
        number = range(len(lines))[at] + 1
        assert said.err == f"Can't read {target}: line {number}: {field} is not {kind}\n"
        assert said.out == ""

    def test_cannot_read_half_a_letter(
        self, lines: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        target = tmp_path / "changed.jsonl"
        target.write_text(json.dumps(json.loads(lines[0]) | {"act": "\ud800"}), encoding="utf-8")
        assert standalone.main([str(target)]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1

    def test_refuses_an_empty_file(self) -> None:
        with pytest.raises(standalone.Unreadable, match="empty"):
            standalone.check([], [])

    def test_says_what_it_cannot_read(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert standalone.main(["/no/such/journal.jsonl"]) == 2
        assert "Can't read /no/such/journal.jsonl" in capsys.readouterr().err


class TestEntries:
    def test_are_read_newest_first_within_the_reader_s_areas(self, five_rows: list[JournalEntry]) -> None:
        auditor = Actor(None, None, "Wu Min", "", (Right("auditor", LAN, frozenset({Act.VIEW_JOURNAL})),))
        assert [row.path for row in journal.entries(by=auditor)] == [f"{LAN}3/", LAN]

    def test_of_one_act_make_a_timeline(self, five_rows: list[JournalEntry]) -> None:
        newest = add(act="order.lift")
        assert journal.happened(path=HTH, acts=["order.lift"], most=3) == [newest]


def wait_until(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_processes_that_write_to_one_chain_at_once_leave_no_gap(scratch_url: str) -> None:
    here = environment(HAITANG_DATABASE_URL=scratch_url)
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "core", "-v0", "--skip-checks"],
        env=here,
        check=True,
    )
    with psycopg.connect(scratch_url, autocommit=True) as gate:
        gate.execute("SELECT pg_advisory_lock(1)")
        writers = [
            subprocess.Popen([sys.executable, "-m", "tests.core.appending", label, "60"], env=here)
            for label in ("first", "second", "third")
        ]
        wait_until(lambda: gate.execute(WAITERS).fetchone() == (3,))
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    with psycopg.connect(scratch_url) as database:
        rows = database.execute("SELECT seq, actor_label FROM core_journalentry ORDER BY id").fetchall()
    assert [seq for seq, _ in rows] == list(range(1, 181))
    assert Counter(label for _, label in rows) == {"first": 60, "second": 60, "third": 60}
    assert sum(a != b for (_, a), (_, b) in pairwise(rows)) > 5
    done = haitang("verify-journal", HAITANG_DATABASE_URL=scratch_url)
    assert done.returncode == 0
    assert "180 rows checked, 0 flaws." in done.stdout


def test_no_migration_of_the_journal_is_missing(db: None) -> None:
    call_command("makemigrations", "core", "--check", "--dry-run", verbosity=0)
