"""What happened, in sentences, for those who may see an area: never a read, never a resident's name."""

from dataclasses import dataclass
from datetime import datetime

from haitang.console import journal as pages
from haitang.core import journal
from haitang.core.actor import Act, Actor

TOLD = (
    "incident.open",
    "incident.close",
    "order.draft",
    "order.propose",
    "order.decline",
    "order.confirm",
    "order.give_way",
    "order.lift",
    "order.drop",
    "team.form",
    "team.stand_down",
    "team.appoint",
    "coverage.plan",
    "coverage.move",
    "member.away",
    "member.back",
    "checklist.done",
    "ledger.import",
)
ACTS = {"order.confirm", "order.lift", "team.form"}
ALARMS = {"member.away"}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a timeline."""

    at: datetime
    words: str
    who: str
    kind: str


def below(path: str, *, by: Actor, most: int) -> list[Happening]:
    """The last `most` things that happened below `path`, the newest first."""
    paths = [path] if path else by.reach(Act.VIEW_AREA)
    entries = [entry for p in paths for entry in journal.happened(path=p, acts=TOLD, most=most)]
    newest = sorted(entries, key=lambda entry: entry.pk, reverse=True)[:most]
    return [
        Happening(
            entry.at,
            pages.sentence(entry),
            entry.actor_unit,
            "act" if entry.act in ACTS else "alarm" if entry.act in ALARMS else "",
        )
        for entry in newest
    ]
