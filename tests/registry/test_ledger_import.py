"""Importing a ledger: what a file changes, what it must never change."""

import pytest
from django.utils import timezone

from haitang.core.actor import Actor
from haitang.core.refusal import Invalid, NotHere
from haitang.registry import ledger, queries, rules, services
from haitang.registry.models import Area, Household, ImportState, LedgerImport, Person
from tests.neighbourhood import FEW_PEOPLE, GARDEN_PEOPLE, HEADINGS, Neighbourhood, acting, resident


def previewed(compound: Area, text: str | bytes, by: Actor, *, name: str = "ledger.csv") -> LedgerImport:
    content = text if isinstance(text, bytes) else text.encode()
    return services.preview_ledger(compound, content, name=name, by=by, now=timezone.now())


def imported(compound: Area, text: str | bytes, by: Actor) -> LedgerImport:
    return services.apply_ledger(previewed(compound, text, by).pk, by=by, now=timezone.now())


def stored() -> list[tuple[object, ...]]:
    """Everything that an import may write, as it stands."""
    people = Person.objects.order_by("id").values_list()
    doors = Household.objects.order_by("id").values_list()
    return [*people, *doors, *Area.objects.order_by("id").values_list()]


class TestImporting:
    def test_keeps_good_rows_and_counts_them_up_to_the_city(self, neighbourhood: Neighbourhood) -> None:
        by = acting(neighbourhood.community_desk)
        before = Area.objects.get(pk=neighbourhood.city.pk).people
        given = imported(
            neighbourhood.garden,
            f"{HEADINGS}\n1,302,林夏,13900000333,30,女,,\n1,,没有门,13900000334,30,女,,\n",
            by,
        )
        assert given.figures == {
            "buildings": 0,
            "households": 1,
            "people": 1,
            "changed": 0,
            "same": 0,
            "errors": 1,
            "codes": {"needs_room": 1},
        }
        assert Area.objects.get(pk=neighbourhood.city.pk).people == before + 1
        assert Area.objects.get(pk=neighbourhood.buildings[0].pk).households == 5

    def test_takes_a_floor_far_above_the_building_for_a_slip(self, neighbourhood: Neighbourhood) -> None:
        n, by = neighbourhood, acting(neighbourhood.community_desk)
        rooms = [f"{floor}0{door}" for floor in range(1, 7) for door in (1, 2)]
        rows = [
            f"1,{room},林{second},,40,女,,"
            for room, second in zip(rooms, "甲乙丙丁戊己庚辛壬癸子丑", strict=True)
        ]
        imported(n.garden, "\n".join([HEADINGS, *rows]), by)
        given = imported(n.garden, f"{HEADINGS}\n1,9901,林夏,,30,女,,\n1,701,林秋,,31,女,,\n", by)
        assert (given.figures["people"], given.figures["errors"]) == (1, 1)
        assert not Household.objects.filter(floor=99).exists()
        again = previewed(n.garden, f"{HEADINGS}\n1,9901,林夏,,30,女,,\n", by)
        assert "99" in str(services.preview(again.pk, by=by).errors[0].message)

    def test_forgets_the_file_when_it_ends(self, neighbourhood: Neighbourhood) -> None:
        by = acting(neighbourhood.community_desk)
        assert imported(neighbourhood.garden, GARDEN_PEOPLE, by).content is None
        dropped = services.drop_ledger(
            previewed(neighbourhood.garden, GARDEN_PEOPLE, by).pk, by=by, now=timezone.now()
        )
        assert (dropped.content, dropped.state) == (None, ImportState.DROPPED)

    def test_refuses_to_import_a_file_twice_or_after_it_was_dropped(
        self, neighbourhood: Neighbourhood
    ) -> None:
        by = acting(neighbourhood.community_desk)
        given = imported(neighbourhood.garden, GARDEN_PEOPLE, by)
        with pytest.raises(rules.ImportEnded):
            services.apply_ledger(given.pk, by=by, now=timezone.now())

    def test_refuses_a_desk_of_another_community(self, neighbourhood: Neighbourhood) -> None:
        theirs = previewed(neighbourhood.garden, GARDEN_PEOPLE, acting(neighbourhood.community_desk))
        stranger = acting(neighbourhood.stranger)
        with pytest.raises(NotHere):
            previewed(neighbourhood.garden, GARDEN_PEOPLE, stranger)
        with pytest.raises(NotHere):
            services.apply_ledger(theirs.pk, by=stranger, now=timezone.now())
        with pytest.raises(NotHere):
            services.preview(theirs.pk, by=stranger)

    def test_refuses_a_building_and_a_whole_community(self, neighbourhood: Neighbourhood) -> None:
        by = acting(neighbourhood.community_desk)
        for area in (neighbourhood.community, neighbourhood.buildings[0]):
            with pytest.raises(Invalid):
                previewed(area, GARDEN_PEOPLE, by)

    def test_refuses_a_file_that_is_no_table(self, neighbourhood: Neighbourhood) -> None:
        with pytest.raises(ledger.Unreadable):
            previewed(neighbourhood.garden, b"\x89PNG\r\n", acting(neighbourhood.community_desk))
        assert not LedgerImport.objects.filter(state=ImportState.PREVIEWED).exists()


class TestImportingTheSameFileTwice:
    def test_changes_nothing(self, neighbourhood: Neighbourhood) -> None:
        by = acting(neighbourhood.community_desk)
        before = stored()
        given = imported(neighbourhood.garden, GARDEN_PEOPLE, by)
        assert stored() == before
        assert given.figures == {
            "buildings": 0,
            "households": 0,
            "people": 0,
            "changed": 0,
            "same": 11,
            "errors": 0,
            "codes": {},
        }

    def test_changes_nothing_when_the_file_names_a_person_twice(self, neighbourhood: Neighbourhood) -> None:
        by = acting(neighbourhood.community_desk)
        text = f"{HEADINGS}\n1,401,林夏,13900000333,30,女,,\n1,401,林夏,13900000444,,,孕妇,驾驶\n"
        first = imported(neighbourhood.garden, text, by)
        assert first.figures["people"] == 1
        assert resident("林夏").phones == ("+8613900000333", "+8613900000444")
        before = stored()
        second = imported(neighbourhood.garden, text, by)
        assert stored() == before
        assert (second.figures["changed"], second.figures["same"]) == (0, 1)

    def test_says_in_the_preview_that_it_was_imported_before(self, neighbourhood: Neighbourhood) -> None:
        by = acting(neighbourhood.community_desk)
        again = previewed(neighbourhood.garden, GARDEN_PEOPLE, by)
        assert services.preview(again.pk, by=by).imported_at is not None
        other = previewed(neighbourhood.garden, GARDEN_PEOPLE + "3,301,何年,,20,男,,\n", by)
        assert services.preview(other.pk, by=by).imported_at is None


class TestComparing:
    def test_writes_nothing(self, neighbourhood: Neighbourhood) -> None:
        by = acting(neighbourhood.community_desk)
        before = stored()
        text = f"{HEADINGS}\n1,101,陶一宁,13900000999,41,女,,护理\n3,301,何年,,20,男,,\n"
        given = previewed(neighbourhood.garden, text, by)
        figures = services.preview(given.pk, by=by).figures
        assert (figures.people, figures.households, figures.changed, figures.moved) == (1, 1, 1, 2)
        held = services.compare_ledger(
            neighbourhood.garden, text.encode(), name="a.csv", by=by, now=timezone.now()
        )
        assert held.figures == figures
        assert stored() == before

    def test_keeps_what_the_file_leaves_empty(self, neighbourhood: Neighbourhood) -> None:
        by = acting(neighbourhood.community_desk)
        imported(neighbourhood.garden, "楼栋,房号,姓名,电话\n1,102,钱阿婆,13900000555\n", by)
        person = resident("钱阿婆")
        assert person.phones == ("+8613900000555",)
        assert (person.flags, person.sex) == (("lives_alone",), "f")

    def test_removes_nobody_whom_the_file_does_not_name(self, neighbourhood: Neighbourhood) -> None:
        imported(
            neighbourhood.garden, f"{HEADINGS}\n3,301,何年,,20,男,,\n", acting(neighbourhood.community_desk)
        )
        assert Person.objects.filter(compound=neighbourhood.garden).count() == 12

    def test_makes_the_buildings_of_an_empty_compound(self, neighbourhood: Neighbourhood) -> None:
        Person.objects.filter(compound=neighbourhood.sibling).delete()
        Household.objects.filter(compound=neighbourhood.sibling).delete()
        Area.objects.filter(parent=neighbourhood.sibling).delete()
        given = imported(neighbourhood.sibling, FEW_PEOPLE, acting(neighbourhood.community_desk))
        assert given.figures["buildings"] == 1
        assert [building.code for building in queries.buildings(neighbourhood.sibling)] == ["1"]

    def test_names_a_building_that_the_compound_does_not_have(self, neighbourhood: Neighbourhood) -> None:
        given = previewed(
            neighbourhood.garden,
            f"{HEADINGS}\n9,301,何年,,20,男,,\n",
            acting(neighbourhood.community_desk),
        )
        view = services.preview(given.pk, by=acting(neighbourhood.community_desk))
        assert [(error.row, error.column, error.code) for error in view.errors] == [
            (2, "A 楼栋", "no_such_building")
        ]
        assert view.figures.people == 0

    def test_takes_no_row_that_names_a_neighbouring_compound(self, neighbourhood: Neighbourhood) -> None:
        by = acting(neighbourhood.community_desk)
        text = "小区,楼栋,房号,姓名\n望湖台,1,101,何年\n海棠花园,1,101,何月\n东湖路 8 号,1,101,何日\n"
        view = services.preview(previewed(neighbourhood.garden, text, by).pk, by=by)
        assert [(error.row, error.code) for error in view.errors] == [(2, "other_compound")]
        assert view.figures.people == 2

    def test_tells_two_people_of_one_name_apart_by_their_year(self, neighbourhood: Neighbourhood) -> None:
        by = acting(neighbourhood.community_desk)
        text = "楼栋,房号,姓名,出生年份\n1,501,王芳,1950\n1,501,王芳,1980\n"
        view = services.preview(previewed(neighbourhood.garden, text, by).pk, by=by)
        assert [(error.row, error.code) for error in view.errors] == [(3, "same_name")]
        assert view.figures.people == 1
        mended = previewed(neighbourhood.garden, text.replace("王芳,1980", "王芳2,1980"), by)
        assert services.preview(mended.pk, by=by).figures.people == 2


class TestChoosingColumns:
    TEXT = "楼栋,房号,姓名,联络号,备注\n1,501,何年,13900000777,住院\n"

    def test_takes_a_column_for_what_the_desk_says(self, neighbourhood: Neighbourhood) -> None:
        by = acting(neighbourhood.community_desk)
        given = previewed(neighbourhood.garden, self.TEXT, by)
        services.change_columns(given.pk, {3: "phone"}, by=by, now=timezone.now())
        services.apply_ledger(given.pk, by=by, now=timezone.now())
        assert resident("何年").phones == ("+8613900000777",)

    def test_keeps_the_reason_of_a_column_nobody_touched(self, neighbourhood: Neighbourhood) -> None:
        by = acting(neighbourhood.community_desk)
        given = previewed(neighbourhood.garden, self.TEXT, by)
        reason = services.preview(given.pk, by=by).reading.columns[4].dropped_because
        everything = {0: "building", 1: "room", 2: "name", 3: "phone", 4: ""}
        assert services.change_columns(given.pk, everything, by=by, now=timezone.now()).choices == {
            "columns": {"3": "phone"},
            "answers": {},
        }
        assert services.preview(given.pk, by=by).reading.columns[4].dropped_because == reason

    def test_moves_a_field_from_one_column_to_another(self, neighbourhood: Neighbourhood) -> None:
        by = acting(neighbourhood.community_desk)
        text = "楼栋,房号,姓名,曾用名,户主姓名\n1,501,何年,何旧,何长\n"
        given = previewed(neighbourhood.garden, text, by)
        fields = {column.index: column.field for column in services.preview(given.pk, by=by).reading.columns}
        wanted = {**fields, 2: "", 3: "name", 4: ""}
        services.change_columns(given.pk, wanted, by=by, now=timezone.now())
        after = {column.index: column.field for column in services.preview(given.pk, by=by).reading.columns}
        assert after == wanted

    def test_refuses_a_field_that_the_ledger_does_not_have(self, neighbourhood: Neighbourhood) -> None:
        by = acting(neighbourhood.community_desk)
        given = previewed(neighbourhood.garden, self.TEXT, by)
        with pytest.raises(Invalid):
            services.change_columns(given.pk, {3: "salary"}, by=by, now=timezone.now())

    def test_reads_the_choices_of_a_file_that_was_opened_before_there_were_answers(
        self, neighbourhood: Neighbourhood
    ) -> None:
        by = acting(neighbourhood.community_desk)
        given = previewed(neighbourhood.garden, self.TEXT, by)
        LedgerImport.objects.filter(pk=given.pk).update(choices={"3": "phone"})
        assert services.preview(given.pk, by=by).reading.columns[3].field == "phone"


class TestAnsweringQuestions:
    TEXT = "楼栋,房号,姓名,是否户主\n1,501,何年,0\n1,501,何月,1\n"

    def test_reads_again_with_the_answer_and_imports_it(self, neighbourhood: Neighbourhood) -> None:
        by = acting(neighbourhood.community_desk)
        given = previewed(neighbourhood.garden, self.TEXT, by)
        (question,) = services.preview(given.pk, by=by).reading.questions
        assert question.is_open
        answers = {"D": {"0": "yes", "1": "no"}}
        services.answer_questions(given.pk, answers, by=by, now=timezone.now())
        (question,) = services.preview(given.pk, by=by).reading.questions
        assert not question.is_open
        services.apply_ledger(given.pk, by=by, now=timezone.now())
        assert resident("何年").relation == "户主"
        assert resident("何月").relation == ""

    def test_imports_nothing_of_a_column_that_nobody_explained(self, neighbourhood: Neighbourhood) -> None:
        imported(neighbourhood.garden, self.TEXT, acting(neighbourhood.community_desk))
        assert {resident(name).relation for name in ("何年", "何月")} == {""}

    def test_takes_an_answer_back_and_keeps_the_others(self, neighbourhood: Neighbourhood) -> None:
        by = acting(neighbourhood.community_desk)
        given = previewed(neighbourhood.garden, self.TEXT, by)
        services.answer_questions(given.pk, {"D": {"0": "yes", "1": "no"}}, by=by, now=timezone.now())
        after = services.answer_questions(given.pk, {"D": {"0": ""}}, by=by, now=timezone.now())
        assert after.choices == {"columns": {}, "answers": {"D": {"1": "no"}}}

    def test_keeps_answers_when_columns_change_and_columns_when_codes_are_answered(
        self, neighbourhood: Neighbourhood
    ) -> None:
        by = acting(neighbourhood.community_desk)
        given = previewed(
            neighbourhood.garden, "楼栋,房号,姓名,是否户主,联络号\n1,501,何年,0,13900000777\n", by
        )
        services.answer_questions(given.pk, {"D": {"0": "yes"}}, by=by, now=timezone.now())
        services.change_columns(given.pk, {4: "phone"}, by=by, now=timezone.now())
        services.answer_questions(given.pk, {"D": {"0": "no"}}, by=by, now=timezone.now())
        given.refresh_from_db()
        assert given.choices == {"columns": {"4": "phone"}, "answers": {"D": {"0": "no"}}}

    @pytest.mark.parametrize(
        "answers",
        [{"D": {"7": "yes"}}, {"D": {"0": "disabled"}}, {"A": {"1": "yes"}}, {"D": {"何年": "yes"}}],
    )
    def test_refuses_an_answer_to_what_nobody_asked(
        self, neighbourhood: Neighbourhood, answers: dict[str, dict[str, str]]
    ) -> None:
        by = acting(neighbourhood.community_desk)
        given = previewed(neighbourhood.garden, self.TEXT, by)
        with pytest.raises(Invalid):
            services.answer_questions(given.pk, answers, by=by, now=timezone.now())
        given.refresh_from_db()
        assert given.choices == {}

    def test_refuses_a_desk_of_another_community(self, neighbourhood: Neighbourhood) -> None:
        given = previewed(neighbourhood.garden, self.TEXT, acting(neighbourhood.community_desk))
        with pytest.raises(NotHere):
            services.answer_questions(
                given.pk, {"D": {"0": "yes"}}, by=acting(neighbourhood.stranger), now=timezone.now()
            )


class TestForgettingFiles:
    def test_drops_only_previews_older_than_a_day(self, neighbourhood: Neighbourhood) -> None:
        by = acting(neighbourhood.community_desk)
        now = timezone.now()
        old = previewed(neighbourhood.garden, GARDEN_PEOPLE, by)
        LedgerImport.objects.filter(pk=old.pk).update(made_at=now - services.imports.FILES_ARE_KEPT * 2)
        young = previewed(neighbourhood.garden, GARDEN_PEOPLE, by)
        assert services.forget_files(now=now) == 1
        old.refresh_from_db()
        young.refresh_from_db()
        assert (old.state, old.content) == (ImportState.DROPPED, None)
        assert young.state == ImportState.PREVIEWED
