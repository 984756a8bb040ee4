"""Reads what a list is made from."""

from haitang.registry import exports
from haitang.registry.exports import Asked, Sheet, Source
from haitang.registry.models import Area, Level
from haitang.registry.queries.people import doors, roll
from haitang.registry.queries.places import buildings, compound_at, trail


def listing(area: Area, asked: Asked, *, this_year: int) -> Sheet:
    """A list of a compound or of one building. The reader's right is the caller's to check."""
    compound = compound_at(area.path)
    only = area if area.level == Level.BUILDING else None
    held = [only] if only else buildings(compound)
    place = {building.pk: number for number, building in enumerate(held)}
    source = Source(
        places=[above.name for above in trail(compound.path)],
        names={building.pk: building.name for building in held},
        doors=sorted(doors(compound, building=only), key=lambda door: place[door.building]),
        people=[] if asked.what == "buildings" else roll(compound, building=only),
        this_year=this_year,
    )
    return exports.sheet(asked, source)
