"""Lists that name entrances and lists that leave them out, of the same doors: no household twice, none guessed."""

import pytest
from django.utils import timezone, translation

from haitang.core.actor import Actor
from haitang.registry import queries, services
from haitang.registry.models import Area, Household, LedgerImport, Person
from tests.neighbourhood import Neighbourhood, acting, residents

WITH = "楼栋,单元,房号,姓名,电话"
WITHOUT = "楼栋,房号,姓名,电话"
HE = "何年,13900000777"
YUE = "何月,13900000778"

Standing = list[tuple[str, str, list[str]]]


class Desk:
    """The desk of the garden, importing rows of building 1."""

    def __init__(self, garden: Area, by: Actor) -> None:
        self.garden, self.by = garden, by

    def previewed(self, *lines: str) -> LedgerImport:
        content = "\n".join(lines).encode()
        return services.preview_ledger(
            self.garden, content, name="ledger.csv", by=self.by, now=timezone.now()
        )

    def imports(self, *lines: str) -> dict[str, int]:
        """The figures of an import, which must be those of its preview and, a second time, change nothing."""
        given = self.previewed(*lines)
        expected = services.preview(given.pk, by=self.by).figures
        figures: dict[str, int] = services.apply_ledger(given.pk, by=self.by, now=timezone.now()).figures
        assert figures == {name: getattr(expected, name) for name in figures}
        before = self.everything()
        again = services.apply_ledger(self.previewed(*lines).pk, by=self.by, now=timezone.now()).figures
        assert self.everything() == before
        assert (again["households"], again["people"], again["changed"]) == (0, 0, 0)
        assert again["errors"] == figures["errors"]
        return figures

    def errors(self, *lines: str) -> list[tuple[int, str, str]]:
        view = services.preview(self.previewed(*lines).pk, by=self.by)
        return [(error.row, error.column, error.code) for error in view.errors]

    def doors(self) -> Standing:
        """Entrance, room and people of the doors numbered 901."""
        rows = Household.objects.filter(compound=self.garden, room="901").order_by("entrance")
        return [
            (h.entrance, h.room, sorted(one.name for one in queries.residents(h, this_year=2026)))
            for h in rows
        ]

    def everything(self) -> list[tuple[object, ...]]:
        rows = [model.objects.order_by("id").values_list() for model in (Area, Household, Person)]
        return [row for table in rows for row in table]


@pytest.fixture
def desk(neighbourhood: Neighbourhood) -> Desk:
    return Desk(neighbourhood.garden, acting(neighbourhood.community_desk))


class TestAFileWithoutEntrances:
    def test_means_the_only_door_of_that_room(self, desk: Desk) -> None:
        desk.imports(WITH, f"1,2,901,{HE}")
        assert desk.imports(WITHOUT, f"1,901,{HE}")["same"] == 1
        assert desk.doors() == [("2", "901", ["何年"])]

    def test_makes_no_third_door_beside_two(self, desk: Desk) -> None:
        desk.imports(WITH, f"1,1,901,{HE}", f"1,2,901,{YUE}")
        figures = desk.imports(WITHOUT, f"1,901,{HE}", f"1,902,{YUE}")
        assert desk.doors() == [("1", "901", ["何年"]), ("2", "901", ["何月"])]
        assert (figures["households"], figures["people"], figures["errors"]) == (1, 1, 1)
        assert desk.errors(WITHOUT, f"1,901,{HE}") == [(2, "B 房号", "needs_entrance")]

    def test_says_what_is_missing_in_both_languages(self, desk: Desk) -> None:
        desk.imports(WITH, f"1,1,901,{HE}", f"1,2,901,{YUE}")
        [error] = services.preview(desk.previewed(WITHOUT, f"1,901,{HE}").pk, by=desk.by).errors
        with translation.override("en"):
            assert str(error.message) == "This room number exists in several entrances of the building."
            assert str(error.remedy) == "Give the entrance, for instance 8-3-2706."
        with translation.override("zh-hans"):
            assert str(error.message) == "这栋楼有几个单元都有这个房号。"
            assert str(error.remedy) == "请写上单元，例如 8-3-2706。"


class TestAFileThatNamesEntrances:
    def test_gives_the_door_that_stands_without_one_its_entrance(self, desk: Desk) -> None:
        desk.imports(WITHOUT, f"1,901,{HE}")
        figures = desk.imports(WITH, f"1,1,901,{HE}", f"1,1,901,{YUE}")
        assert desk.doors() == [("1", "901", ["何年", "何月"])]
        assert (figures["households"], figures["people"], figures["changed"]) == (0, 1, 1)
        assert len(residents("何年")) == 1

    def test_keeps_who_is_not_in_it_behind_the_same_door(self, desk: Desk) -> None:
        desk.imports(WITHOUT, f"1,901,{HE}")
        desk.imports(WITH, f"1,1,901,{YUE}")
        assert desk.doors() == [("1", "901", ["何年", "何月"])]

    def test_does_not_give_one_door_to_two_entrances(self, desk: Desk) -> None:
        desk.imports(WITHOUT, f"1,901,{HE}")
        lines = (WITH, f"1,1,901,{HE}", f"1,2,901,{YUE}", f"1,2,902,{YUE}")
        assert desk.errors(*lines) == [
            (2, "B 单元", "several_entrances"),
            (3, "B 单元", "several_entrances"),
        ]
        assert desk.imports(*lines)["people"] == 1
        assert desk.doors() == [("", "901", ["何年"])]

    def test_is_taken_whole_once_the_door_has_its_entrance(self, desk: Desk) -> None:
        desk.imports(WITHOUT, f"1,901,{HE}")
        desk.imports(WITH, f"1,1,901,{HE}")
        assert desk.imports(WITH, f"1,1,901,{HE}", f"1,2,901,{YUE}")["errors"] == 0
        assert desk.doors() == [("1", "901", ["何年"]), ("2", "901", ["何月"])]

    def test_adds_a_door_in_an_entrance_nobody_named(self, desk: Desk) -> None:
        desk.imports(WITH, f"1,1,901,{HE}")
        assert desk.imports(WITH, f"1,2,901,{YUE}")["households"] == 1


class TestAFileThatNamesEntrancesOnSomeRows:
    @pytest.mark.parametrize("order", [1, -1])
    def test_means_one_door_where_it_names_one(self, desk: Desk, order: int) -> None:
        rows = [f"1,,901,{HE}", f"1,1,901,{YUE}"][::order]
        assert desk.imports(WITH, *rows)["households"] == 1
        assert desk.doors() == [("1", "901", ["何年", "何月"])]

    @pytest.mark.parametrize("order", [1, -1])
    def test_gives_a_standing_door_the_one_it_names(self, desk: Desk, order: int) -> None:
        desk.imports(WITHOUT, f"1,901,{HE}")
        assert desk.imports(WITH, *[f"1,,901,{HE}", f"1,1,901,{YUE}"][::order])["households"] == 0
        assert desk.doors() == [("1", "901", ["何年", "何月"])]

    def test_does_not_guess_where_it_names_two(self, desk: Desk) -> None:
        figures = desk.imports(WITH, f"1,,901,{HE}", f"1,1,901,{HE}", f"1,2,901,{YUE}")
        assert (figures["households"], figures["people"], figures["errors"]) == (2, 2, 1)
