"""What a compound's ledger may have wrong, found in the ledger as it stands."""

from collections.abc import Callable

from haitang.registry import quality as rules
from haitang.registry.models import GATE, Area, ImportState, LedgerImport, Level
from haitang.registry.quality import Finding, Row, Site
from haitang.registry.queries.people import doors, roll
from haitang.registry.queries.places import ancestors_of, buildings, trail

NAMED_ALIKE = (Level.COMMUNITY, Level.COMPOUND)
RULES: tuple[Callable[[Site], Finding], ...] = (
    rules.absent_doors,
    rules.empty,
    rules.provisional,
    rules.unnamed,
    rules.alone_without_phone,
    rules.children_alone,
    rules.twice,
    rules.crowded,
    rules.missing_floors,
    rules.uneven_floors,
    rules.bare_entrances,
    rules.off_floor,
    rules.odd_ages,
)


def findings(compound: Area, *, this_year: int) -> list[Finding]:
    """Every rule's finding about a compound, also where it found nothing. Rows name doors, never people.

    The reader's right is the caller's to check."""
    held = buildings(compound)
    site = Site(
        doors=doors(compound),
        people=roll(compound),
        names={building.pk: building.name for building in held},
        this_year=this_year,
        outside=frozenset(building.pk for building in held if building.code == GATE),
    )
    return [_doorless(compound), *(rule(site) for rule in RULES), _namesakes(compound)]


def _doorless(compound: Area) -> Finding:
    applied = LedgerImport.objects.filter(compound=compound, state=ImportState.APPLIED)
    last = applied.defer("content").order_by("-ended_at").first()
    if last is None:
        return rules.doorless(None, {})
    return rules.doorless(Row("import", last.pk, last.file_name), last.figures)


def _namesakes(compound: Area) -> Finding:
    """Other communities and compounds of the city that are called like this compound or its community: a file
    may have been meant for them."""
    names = {area.name for area in trail(compound.path) if area.level in NAMED_ALIKE}
    city = ancestors_of(compound.path)[0]
    others = Area.objects.filter(path__startswith=city, level__in=NAMED_ALIKE)
    own = ancestors_of(compound.path)
    alike = others.filter(name__in=names).exclude(path__in=own).order_by("path")
    rows = [Row("area", area.pk, " · ".join(_called(area))) for area in alike]
    return rules.finding("namesakes", rows, of=others.count())


def _called(area: Area) -> list[str]:
    return [above.name for above in trail(area.path)[1:]]
