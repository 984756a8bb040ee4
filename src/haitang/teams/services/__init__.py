"""Every write to teams, members and building coverage."""

from haitang.teams.services.coverage import lock_building, move_building, plan_coverage, unlock_building
from haitang.teams.services.members import enlist, leave, mark_away, mark_back, report_in
from haitang.teams.services.teams import form_team, stand_down

__all__ = [
    "enlist",
    "form_team",
    "leave",
    "lock_building",
    "mark_away",
    "mark_back",
    "move_building",
    "plan_coverage",
    "report_in",
    "stand_down",
    "unlock_building",
]
