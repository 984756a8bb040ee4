"""Reads about household cards, and what whoever holds one may see: who looked at their household."""

from dataclasses import dataclass
from uuid import UUID

from haitang.core import journal, reach
from haitang.core.journal import JournalEntry
from haitang.registry import cards
from haitang.registry.models import Area, Household, HouseholdCard
from haitang.registry.queries.places import ancestors_of

# Lists with names that were taken out of here, recorded at the area whose people they hold.
TAKEN_OUT = ("paper.print", "people.export")
MOST_LOOKS = 100


@dataclass(frozen=True, slots=True)
class CardFigures:
    """How many households an area has, and how many of them have a card."""

    households: int
    with_card: int

    @property
    def without_card(self) -> int:
        return self.households - self.with_card


def card_figures(area: Area) -> CardFigures:
    """The cards of a compound or building. The reader's right is the caller's to check."""
    homes = Household.objects.filter(building__path__startswith=area.path)
    living = HouseholdCard.objects.filter(household__in=homes, ended_at=None)
    return CardFigures(homes.count(), living.count())


def living_card(household_id: UUID) -> HouseholdCard | None:
    """The card that a household has now."""
    return HouseholdCard.objects.filter(household=household_id, ended_at=None).first()


def card_of(given: str) -> HouseholdCard:
    """The card with the code that somebody typed or scanned, living or ended. Raises CardUnreadable and NoSuchCard."""
    rows = HouseholdCard.objects.select_related("compound__parent")
    found = rows.filter(digest=cards.read(given).digest).first()
    if found is None:
        raise cards.NoSuchCard
    return found


def home_of(card: HouseholdCard) -> Household:
    """The household of a card, which opens the second wall for it alone."""
    with reach.within([card.compound.path]):
        return Household.objects.select_related("building").get(pk=card.household_id)


def looks_at(household: Household) -> list[JournalEntry]:
    """Who looked at a household and who took a list with it out of here, the newest first."""
    return journal.about(
        household._meta.model_name or "",
        str(household.pk),
        acts=("household.read",),
        around=ancestors_of(household.building.path),
        acts_around=TAKEN_OUT,
        most=MOST_LOOKS,
    )
