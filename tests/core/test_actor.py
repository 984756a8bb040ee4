"""What an actor's rights reach, at the borders where rights usually leak."""

import dataclasses

import pytest

from haitang.core.actor import NOBODY, Act, Actor, Right, operator
from haitang.core.models import JournalEntry
from haitang.core.refusal import NotHere

TOWN = "3205/320508/320508001/"
COMPOUND = f"{TOWN}320508001001/hth/"
BUILDING = f"{COMPOUND}8/"
LOOKS = frozenset({Act.VIEW_AREA, Act.VIEW_COMPOUND})


def holding(*rights: Right) -> Actor:
    return Actor(None, None, "Chen Jing", "community office", rights)


class TestMay:
    def test_allows_the_area_and_everything_below_it(self) -> None:
        desk = holding(Right("community_desk", COMPOUND, LOOKS))
        assert desk.may(Act.VIEW_COMPOUND, COMPOUND)
        assert desk.may(Act.VIEW_COMPOUND, BUILDING)

    def test_forbids_the_area_above_and_the_sibling(self) -> None:
        steward = holding(Right("steward", BUILDING, LOOKS))
        assert not steward.may(Act.VIEW_COMPOUND, COMPOUND)
        assert not steward.may(Act.VIEW_COMPOUND, f"{COMPOUND}9/")

    def test_forbids_a_sibling_whose_code_begins_alike(self) -> None:
        steward = holding(Right("steward", BUILDING, LOOKS))
        assert not steward.may(Act.VIEW_COMPOUND, f"{COMPOUND}80/")

    def test_forbids_an_act_that_the_role_lacks(self) -> None:
        assert not holding(Right("steward", BUILDING, LOOKS)).may(Act.IMPORT_LEDGER, BUILDING)

    def test_never_joins_the_act_of_one_right_with_the_area_of_another(self) -> None:
        both = holding(
            Right("auditor", TOWN, frozenset({Act.VIEW_JOURNAL})),
            Right("steward", BUILDING, frozenset({Act.READ_HOUSEHOLD})),
        )
        assert not both.may(Act.READ_HOUSEHOLD, COMPOUND)
        assert not both.may(Act.VIEW_JOURNAL, "3205/320583/")

    def test_allows_nobody_nothing(self) -> None:
        assert not any(NOBODY.may(act, BUILDING) or NOBODY.holds(act) for act in Act)

    def test_allows_the_operator_everything_everywhere(self) -> None:
        assert all(operator("root").may(act, path) for act in Act for path in ("", TOWN, BUILDING))


class TestCheck:
    def test_refuses_what_is_out_of_reach_as_if_it_did_not_exist(self) -> None:
        with pytest.raises(NotHere) as refusal:
            holding(Right("steward", BUILDING, LOOKS)).check(Act.VIEW_COMPOUND, COMPOUND)
        assert refusal.value.status == 404

    def test_passes_what_is_allowed(self) -> None:
        holding(Right("steward", BUILDING, LOOKS)).check(Act.VIEW_COMPOUND, BUILDING)


class TestReach:
    def test_names_the_widest_areas_only(self) -> None:
        desk = holding(
            Right("steward", BUILDING, LOOKS),
            Right("lead", COMPOUND, LOOKS),
            Right("steward", f"{TOWN}320508001002/lan/3/", LOOKS),
        )
        assert desk.reach(Act.VIEW_AREA) == (COMPOUND, f"{TOWN}320508001002/lan/3/")

    def test_leaves_out_rights_without_the_act(self) -> None:
        assert holding(Right("steward", BUILDING, LOOKS)).reach(Act.VIEW_JOURNAL) == ()

    def test_of_the_operator_is_everywhere(self) -> None:
        assert operator("root").reach(Act.VIEW_JOURNAL) == ("",)


@pytest.mark.django_db
class TestWithin:
    def paths_seen(self, actor: Actor) -> set[str]:
        for seq, path in enumerate((TOWN, COMPOUND, BUILDING, f"{COMPOUND}80/", "3205/320583/"), 1):
            JournalEntry.objects.create(chain=path, seq=seq, at="2022-04-01T00:00Z", act="a", path=path)
        return set(JournalEntry.objects.filter(actor.within(Act.VIEW_JOURNAL)).values_list("path", flat=True))

    def auditor_of(self, *paths: str) -> Actor:
        return holding(*(Right("auditor", path, frozenset({Act.VIEW_JOURNAL})) for path in paths))

    def test_finds_rows_at_and_below_the_area(self) -> None:
        assert self.paths_seen(self.auditor_of(BUILDING, "3205/320583/")) == {BUILDING, "3205/320583/"}

    def test_finds_no_row_for_whoever_may_nowhere(self) -> None:
        assert self.paths_seen(NOBODY) == set()

    def test_finds_every_row_for_the_operator(self) -> None:
        assert len(self.paths_seen(operator("root"))) == 5

    def test_takes_a_percent_sign_in_a_path_literally(self) -> None:
        assert self.paths_seen(self.auditor_of("3205/%/")) == set()


def test_an_actor_cannot_be_changed_after_it_was_made() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        NOBODY.rights = operator("root").rights  # type: ignore[misc]
