"""Joining a list to a compound's ledger: what is kept, decided, written, added and forgotten."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from haitang.core.actor import NOBODY
from haitang.core.models import JournalEntry
from haitang.core.refusal import Invalid, NotHere
from haitang.registry import ledger, queries, rules, services
from haitang.registry.joining import keeping
from haitang.registry.joining.kinds import KINDS
from haitang.registry.joining.standing import Standing
from haitang.registry.models import JoinedList, ListKind, ListState, Person
from haitang.vault import queries as vault
from haitang.vault import sealing
from tests.neighbourhood import GARDEN, OPERATOR, Neighbourhood, acting, at, load, resident

NOW = timezone.now()
# Rows 2 to 8: certain; one character a homophone; a name without a door; the other of two of them; in no ledger; in
# no ledger without a door; without a name.
HELPERS = """楼栋,房号,姓名,电话,特长,重点类别,所在小区
1,101,陶一宁,,护理、做饭,独居,海棠花园
2,201,周启铭,,驾驶,,
,,沈一鸣,,心理疏导,,
,,冯雨,,,,
3,101,顾新来,13900000999,做饭,残疾,
,,顾远来,13900000998,,,
,,,13900000108,,,
1,101,李青,13900000201,,,望湖台
,,,无,,,
"""
CERTAIN, SOUND, NAME_ONLY, OTHER, UNLISTED, NO_DOOR, PHONE_ONLY = range(2, 9)


def join(n: Neighbourhood, text: str = HELPERS, *, kind: str = "helpers", mark: str = "") -> JoinedList:
    return services.join_list(
        n.garden, text.encode(), kind=kind, mark=mark, name="l.csv", by=acting(n.community_desk), now=NOW
    )


def person(name: str) -> queries.Listed:
    return resident(name, at(GARDEN))


def lose(name: str) -> None:
    """Take somebody out of the ledger."""
    Person.objects.filter(pk=person(name).id).delete()


def helpers(n: Neighbourhood) -> set[str]:
    return {one.name for one in queries.helpers(n.garden)}


def decide(n: Neighbourhood, given: JoinedList, row: int, who: UUID | None) -> int | None:
    return services.decide_row(given.pk, row, person=who, by=acting(n.community_desk), now=NOW)


def finish(n: Neighbourhood, given: JoinedList) -> JoinedList:
    return services.finish_list(given.pk, by=acting(n.community_desk), now=NOW)


def standing(given: JoinedList) -> Standing:
    return queries.standing_of(JoinedList.objects.get(pk=given.pk))


class TestJoining:
    def test_says_whom_each_row_means(self, neighbourhood: Neighbourhood) -> None:
        found = standing(join(neighbourhood))
        assert found.people == {CERTAIN: person("陶一宁").id, SOUND: person("周启明").id}
        assert set(found.undecided) == {NAME_ONLY, OTHER, PHONE_ONLY}
        assert [row.number for row in found.unlisted] == [UNLISTED, NO_DOOR]

    def test_counts_rows_of_another_compound_and_what_could_not_be_read(
        self, neighbourhood: Neighbourhood
    ) -> None:
        contents = standing(join(neighbourhood)).contents
        assert contents.elsewhere == 1
        assert [(row, code) for row, _column, code in contents.errors] == [(10, "needs_person")]
        assert contents.left_out == ("F 重点类别",)

    def test_keeps_its_figures_in_the_open_and_in_the_journal(self, neighbourhood: Neighbourhood) -> None:
        given = join(neighbourhood)
        figures = {
            "rows": 7,
            "certain": 2,
            "matched": 2,
            "review": 3,
            "undecided": 3,
            "unlisted": 2,
            "changed": 0,
        }
        assert given.figures == figures
        row = JournalEntry.objects.latest("id")
        assert (row.act, row.path) == ("list.join", neighbourhood.garden.path)
        assert row.facts == {
            **figures,
            "kind": "helpers",
            "compound": "海棠花园",
            "file": given.sha256,
        }

    def test_keeps_no_name_and_no_phone_that_can_be_read(self, neighbourhood: Neighbourhood) -> None:
        given = join(neighbourhood)
        decide(neighbourhood, given, NAME_ONLY, person("沈一鸣").id)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT j::text, e FROM registry_joinedlist j, LATERAL encode(j.content, 'escape') e"
            )
            (kept,) = cursor.fetchall()
            cursor.execute(
                "SELECT string_agg(facts::text, ' ') FROM core_journalentry WHERE act LIKE 'list.%'"
            )
            facts = str(cursor.fetchall())
        for secret in ("顾新来", "13900000999", "沈一鸣", str(person("沈一鸣").id)):
            assert secret not in str(kept) + facts

    def test_opens_for_no_other_list(self, neighbourhood: Neighbourhood) -> None:
        one, other = join(neighbourhood), join(neighbourhood)
        key = vault.keys_of([one.pk])[one.pk]
        assert keeping.unseal(bytes(one.content or b""), key=key, of=one.pk)
        for wrong in ({"key": key, "of": other.pk}, {"key": b"0" * 32, "of": one.pk}):
            with pytest.raises(sealing.Unreadable):
                keeping.unseal(bytes(one.content or b""), **wrong)

    def test_writes_nothing_yet(self, neighbourhood: Neighbourhood) -> None:
        before = list(Person.objects.order_by("pk").values())
        join(neighbourhood)
        assert list(Person.objects.order_by("pk").values()) == before

    def test_knows_a_building_by_the_name_the_ledger_gives_it(self, neighbourhood: Neighbourhood) -> None:
        first = neighbourhood.buildings[0]
        first.name = "明珠楼"
        first.save(update_fields=["name"])
        assert CERTAIN in standing(join(neighbourhood)).people

    @pytest.mark.parametrize(
        ("kind", "mark"), [("debtors", ""), ("helpers", "disabled"), ("special_care", "rich")]
    )
    def test_refuses_a_kind_that_does_not_exist(
        self, neighbourhood: Neighbourhood, kind: str, mark: str
    ) -> None:
        with pytest.raises(Invalid):
            join(neighbourhood, kind=kind, mark=mark)

    def test_refuses_a_list_without_anybody_of_the_compound(self, neighbourhood: Neighbourhood) -> None:
        with pytest.raises(Invalid):
            join(neighbourhood, "姓名,所在小区\n李青,望湖台\n")
        with pytest.raises(Invalid):
            join(neighbourhood, "楼栋,房号\n1,101\n")

    def test_refuses_what_is_no_table(self, neighbourhood: Neighbourhood) -> None:
        with pytest.raises(ledger.Unreadable):
            services.join_list(
                neighbourhood.garden, b"\x89PNG\x00", kind="unit", name="a.png", by=OPERATOR, now=NOW
            )

    def test_is_not_for_those_without_the_right_nor_for_a_building(
        self, neighbourhood: Neighbourhood
    ) -> None:
        for by in (acting(neighbourhood.stranger), acting(neighbourhood.lead), NOBODY):
            with pytest.raises(NotHere):
                services.join_list(neighbourhood.garden, b"a,b", kind="unit", name="a", by=by, now=NOW)
        with pytest.raises(Invalid):
            services.join_list(
                neighbourhood.buildings[0], b"a,b", kind="unit", name="a", by=OPERATOR, now=NOW
            )


class TestFinishing:
    def test_makes_helpers_of_those_who_are_meant_and_of_nobody_else(
        self, neighbourhood: Neighbourhood
    ) -> None:
        before = helpers(neighbourhood)
        given = join(neighbourhood, HELPERS.replace("陶一宁", "钱阿坡").replace("1,101", "1,102"))
        decide(neighbourhood, given, NAME_ONLY, person("沈一鸣").id)
        decide(neighbourhood, given, OTHER, None)
        assert finish(neighbourhood, given).figures["changed"] == 3
        assert person("钱阿婆").skills == ("护理", "做饭")
        assert person("沈一鸣").skills == ("信息录入", "心理疏导")
        assert person("周启明").skills == ("秩序维护", "驾驶")
        assert helpers(neighbourhood) - before == {"钱阿婆"}
        assert person("钱阿婆").flags == ("lives_alone",)

    def test_changes_nothing_that_is_known_already(self, neighbourhood: Neighbourhood) -> None:
        finish(neighbourhood, join(neighbourhood))
        assert finish(neighbourhood, join(neighbourhood)).figures["changed"] == 0

    def test_writes_care_from_the_column_and_for_everyone(self, neighbourhood: Neighbourhood) -> None:
        finish(neighbourhood, join(neighbourhood, kind="special_care", mark="no_smartphone"))
        assert person("陶一宁").flags == ("lives_alone", "no_smartphone")
        assert person("周启明").flags == ("no_smartphone",)
        assert person("陶一宁").skills == ("护理",)
        assert not person("周启明").flags.count("lives_alone")

    def test_makes_no_helper_of_those_who_need_care(self, neighbourhood: Neighbourhood) -> None:
        text = "楼栋,房号,姓名,特长,重点类别\n1,202,许念,驾驶,孕妇\n"
        finish(neighbourhood, join(neighbourhood, text, kind="special_care"))
        found = person("许念")
        assert (found.flags, found.is_helper, found.skills) == (("pregnant",), False, ())

    @pytest.mark.parametrize("kind", ["vaccination", "unit"])
    def test_of_a_kind_that_writes_nothing_is_refused(self, neighbourhood: Neighbourhood, kind: str) -> None:
        given = join(neighbourhood, kind=kind)
        with pytest.raises(rules.WritesNothing):
            finish(neighbourhood, given)

    def test_ends_the_review_and_keeps_the_list_for_its_day(self, neighbourhood: Neighbourhood) -> None:
        given = finish(neighbourhood, join(neighbourhood))
        assert given.state == ListState.FINISHED
        assert len(standing(given).unlisted) == 2
        for act in (
            lambda: decide(neighbourhood, given, NAME_ONLY, None),
            lambda: finish(neighbourhood, given),
            lambda: services.compare_again(given.pk, by=OPERATOR, now=NOW),
        ):
            with pytest.raises(rules.ListEnded):
                act()


class TestComparingAgain:
    def test_finds_those_who_were_added_and_keeps_what_was_decided(
        self, neighbourhood: Neighbourhood
    ) -> None:
        given, by = join(neighbourhood), acting(neighbourhood.community_desk)
        decide(neighbourhood, given, NAME_ONLY, person("沈一鸣").id)
        decide(neighbourhood, given, OTHER, None)
        added = services.add_unlisted(given.pk, by=by, now=NOW)
        services.apply_ledger(added.pk, by=by, now=NOW)
        services.compare_again(given.pk, by=by, now=NOW)
        found = standing(given)
        assert found.people[UNLISTED] == person("顾新来").id
        assert found.decisions == {NAME_ONLY: person("沈一鸣").id, OTHER: None}

    def test_asks_again_where_somebody_new_came_up(self, neighbourhood: Neighbourhood) -> None:
        given = join(neighbourhood)
        decide(neighbourhood, given, OTHER, None)
        load(neighbourhood.garden, "楼栋,房号,姓名\n3,101,冯雨\n", now=NOW)
        services.compare_again(given.pk, by=OPERATOR, now=NOW)
        assert OTHER in standing(given).undecided

    def test_drops_a_decision_for_somebody_who_is_gone(self, neighbourhood: Neighbourhood) -> None:
        given = join(neighbourhood)
        decide(neighbourhood, given, OTHER, person("冯雨").id)
        lose("冯雨")
        services.compare_again(given.pk, by=OPERATOR, now=NOW)
        assert OTHER not in standing(given).people


class TestAddingThoseInNoLedger:
    def test_makes_a_ledger_file_of_those_with_a_name_and_a_door(self, neighbourhood: Neighbourhood) -> None:
        given = join(neighbourhood)
        added = services.add_unlisted(given.pk, by=OPERATOR, now=NOW)
        assert services.preview(added.pk, by=OPERATOR).figures.people == 1
        services.apply_ledger(added.pk, by=OPERATOR, now=NOW)
        new = person("顾新来")
        assert (new.building, new.room, new.skills, new.is_helper) == ("3", "101", ("做饭",), True)

    def test_takes_the_care_they_need_along(self, neighbourhood: Neighbourhood) -> None:
        given = join(neighbourhood, kind="special_care", mark="homebound")
        added = services.add_unlisted(given.pk, by=OPERATOR, now=NOW)
        services.apply_ledger(added.pk, by=OPERATOR, now=NOW)
        assert (person("顾新来").flags, person("顾新来").is_helper) == (("homebound", "disabled"), False)

    @pytest.mark.parametrize(
        "text", ["姓名,房号\n陶一宁,1-101\n", "姓名,房号\n顾新来,\n王*,3-101\n", "姓名,电话\n,13900000777\n"]
    )
    def test_refuses_when_there_is_nobody(self, neighbourhood: Neighbourhood, text: str) -> None:
        given = join(neighbourhood, text)
        with pytest.raises(rules.NobodyToAdd):
            services.add_unlisted(given.pk, by=OPERATOR, now=NOW)

    def test_refuses_a_list_of_people_who_may_live_anywhere(self, neighbourhood: Neighbourhood) -> None:
        given = join(neighbourhood, kind="unit")
        with pytest.raises(rules.NobodyToAdd):
            services.add_unlisted(given.pk, by=OPERATOR, now=NOW)


class TestForgetting:
    def test_leaves_only_figures(self, neighbourhood: Neighbourhood) -> None:
        given = services.forget_list(join(neighbourhood).pk, by=OPERATOR, now=NOW)
        given.refresh_from_db()
        assert (given.content, given.matches, given.decisions) == (None, None, None)
        assert given.figures["rows"] == 7
        assert queries.list_report(given) is None
        assert JournalEntry.objects.latest("id").act == "list.forget"

    def test_ends_every_act(self, neighbourhood: Neighbourhood) -> None:
        given = services.forget_list(join(neighbourhood).pk, by=OPERATOR, now=NOW)
        for act in (
            lambda: services.forget_list(given.pk, by=OPERATOR, now=NOW),
            lambda: services.look_at(given.pk, NAME_ONLY, by=OPERATOR, now=NOW),
            lambda: services.add_unlisted(given.pk, by=OPERATOR, now=NOW),
            lambda: finish(neighbourhood, given),
        ):
            with pytest.raises(rules.ListForgotten):
                act()

    def test_happens_after_a_day_by_itself_finished_or_not(self, neighbourhood: Neighbourhood) -> None:
        finish(neighbourhood, join(neighbourhood))
        join(neighbourhood)
        assert services.forget_lists(now=NOW + timedelta(hours=23)) == 0
        assert services.forget_lists(now=NOW + timedelta(hours=25)) == 2


class TestReport:
    def report(self, given: JoinedList) -> queries.Report:
        found = queries.list_report(given)
        assert found
        return found

    def test_of_a_vaccination_list_names_the_doors_of_those_who_are_not_in_it(
        self, neighbourhood: Neighbourhood
    ) -> None:
        given = join(neighbourhood, kind="vaccination")
        decide(neighbourhood, given, NAME_ONLY, person("沈一鸣").id)
        found = self.report(JoinedList.objects.get(pk=given.pk))
        doors = {
            (building, door.room): (door.absent, door.people)
            for building, doors in found.absent
            for door in doors
        }
        assert doors["1", "101"] == (1, 2)
        assert doors["2", "101"] == (1, 2)
        assert doors["1", "202"] == (1, 1)
        assert ("2", "201") not in doors
        assert (found.people, found.absent_people, found.absent_doors) == (11, 8, len(doors))
        assert found.present == []

    def test_of_a_units_people_names_who_lives_here(self, neighbourhood: Neighbourhood) -> None:
        found = self.report(
            join(neighbourhood, "姓名,电话\n陶一宁,13900000101\n顾新来,13900000999\n", kind="unit")
        )
        assert [(row.name, one.name) for row, one in found.present] == [("陶一宁", "陶一宁")]
        assert (found.absent, found.addable) == ([], 0)

    def test_lists_those_in_no_ledger_by_door(self, neighbourhood: Neighbourhood) -> None:
        text = "姓名,楼栋,房号\n顾甲,10,101\n顾乙,,\n顾丙,2,1101\n顾丁,2,301\n"
        found = self.report(join(neighbourhood, text))
        assert [row.name for row in found.unlisted_at_doors] == ["顾丁", "顾丙", "顾甲", "顾乙"]
        assert found.addable == 3

    def test_tells_which_rows_mean_one_person(self, neighbourhood: Neighbourhood) -> None:
        text = "姓名,楼栋,房号\n陶一宁,1,101\n陶一宁,1,101\n"
        found = self.report(join(neighbourhood, text))
        assert found.standing.repeated == [(3, 2)]
        assert found.given.figures["matched"] == 1


def test_every_kind_is_one_of_the_tables() -> None:
    assert set(ListKind.values) == KINDS.keys()


def test_of_those_who_cannot_be_told_apart_somebody_must_look(neighbourhood: Neighbourhood) -> None:
    load(neighbourhood.garden, "楼栋,房号,姓名\n3,101,冯雨\n", now=NOW)
    given = join(neighbourhood, "姓名,楼栋\n冯雨,3\n")
    assert standing(given).undecided == [2]
