"""Which area a page is about: picked level by level, so that a city's thousands of places fit into one field."""

from dataclasses import dataclass
from uuid import UUID

from haitang.core.actor import Act, Actor
from haitang.core.refusal import NotHere
from haitang.registry import queries as registry
from haitang.registry.queries import Area


@dataclass(frozen=True, slots=True)
class Scope:
    """The area a page shows, those above it and directly below it that may be picked instead."""

    area: Area | None
    above: list[Area]
    below: list[Area]

    @property
    def path(self) -> str:
        """The path of the area; empty when several areas are shown together."""
        return self.area.path if self.area else ""

    @property
    def areas(self) -> list[Area]:
        """The area itself and those directly below it."""
        return [*([self.area] if self.area else []), *self.below]


def picked(asked: str, *, by: Actor, act: Act) -> Scope:
    """The area with the id `asked`, else all on which `by` may do `act`. Raises NotHere."""
    if asked:
        area = registry.area(id_in(asked), by=by, act=act)
    else:
        tops = registry.tops(by=by, act=act)
        if len(tops) != 1:
            return Scope(None, [], tops)
        area = tops[0]
    above = [place for place in registry.trail(area.path)[:-1] if by.may(act, place.path)]
    return Scope(area, above, registry.children(area))


def only(asked: str, *, by: Actor, act: Act) -> Area | None:
    """The area with the id `asked`, to which a list is narrowed; None where nothing is asked. Raises NotHere."""
    return registry.area(id_in(asked), by=by, act=act) if asked else None


def id_in(text: str) -> UUID:
    """The id that an address asks for. Raises NotHere."""
    try:
        return UUID(text)
    except ValueError as no:
        raise NotHere from no
