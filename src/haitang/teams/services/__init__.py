"""Every write to teams, members and building coverage."""

from haitang.teams.services.coverage import (
    give_up_building,
    lock_building,
    move_building,
    plan_coverage,
    take_in_ledger,
    unlock_building,
)
from haitang.teams.services.members import enlist, leave, mark_away, mark_back, report_in
from haitang.teams.services.teams import (
    appoint_lead,
    form_teams,
    hand_over,
    lock_teams_at,
    lock_teams_of,
    stand_down,
)

__all__ = [
    "appoint_lead",
    "enlist",
    "form_teams",
    "give_up_building",
    "hand_over",
    "leave",
    "lock_building",
    "lock_teams_at",
    "lock_teams_of",
    "mark_away",
    "mark_back",
    "move_building",
    "plan_coverage",
    "report_in",
    "stand_down",
    "take_in_ledger",
    "unlock_building",
]
