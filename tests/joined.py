"""Joined lists of the small neighbourhood, for tests that look at every route and every page."""

from datetime import datetime
from typing import Any

from haitang.registry import queries, services
from haitang.registry.joining.kinds import KINDS
from haitang.registry.models import Area, Household
from tests.neighbourhood import OPERATOR

LIST_ACTS = ("joined_list", "compare_again", "finish_list", "add_unlisted", "forget_list")
ROW_ACTS = ("list_row", "decide_row")
# Certain; two names without a door, one with a phone of the family; a door one slip off; in no ledger; a name partly
# hidden, behind a door that can't be read; nobody.
PEOPLE = """楼栋,房号,姓名,电话,性别,年龄,备注
1,101,陶一宁,,女,41,
,,沈一鸣,138****0105,男,45,
,,沈知夏,13900000105,女,,
3,211,冯雨,13900000109,女,33,
3,101,顾新来,13900000999,男,70,
8,不知道,王*,,,,
,,,无,,,
"""


def join(compound: Area, household: Household, now: datetime) -> dict[str, Any]:
    """A list of helpers of a compound, and a row of it that waits for a look: a name of the household without a
    door. It also names somebody in no ledger."""
    person = household.people.order_by("pk")[0].pk
    text = f"姓名,房号\n{queries.names_of([person])[person]},\n顾新来,1-101\n"
    given = services.join_list(compound, text.encode(), kind="helpers", name="l.csv", by=OPERATOR, now=now)
    return {"list_id": given.pk, "row": queries.standing_of(given).undecided[0]}


def pages(compound: Area, now: datetime) -> list[str]:
    """The addresses of a list of each kind, one of them finished, of a forgotten one, and of every row to look at."""
    lists = {kind: _join(compound, kind, now) for kind in KINDS}
    rows = queries.standing_of(lists["unit"]).undecided
    services.decide_row(lists["unit"].pk, rows[-1], person=None, by=OPERATOR, now=now)
    services.finish_list(lists["helpers"].pk, by=OPERATOR, now=now)
    gone = services.forget_list(_join(compound, "unit", now).pk, by=OPERATOR, now=now)
    found = [f"/ledger/lists/{given.pk}/" for given in (*lists.values(), gone)]
    return [*found, *(f"/ledger/lists/{lists['unit'].pk}/rows/{row}/" for row in rows)]


def _join(compound: Area, kind: str, now: datetime) -> queries.JoinedList:
    return services.join_list(compound, PEOPLE.encode(), kind=kind, name="l.csv", by=OPERATOR, now=now)
