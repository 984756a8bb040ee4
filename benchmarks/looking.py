"""The two ways that `benchmarks.finding` compares, as the desk of the city's first community."""

from django.utils import timezone

from haitang.accounts import queries as accounts
from haitang.core import reach
from haitang.core.actor import Act
from haitang.registry import finding, queries, services

BY = accounts.actor_for(accounts.user_named("community"), now=timezone.now())


def look_up(text: str) -> object:
    """As the page does it."""
    with reach.of(BY):
        return services.find_people(text, by=BY, now=timezone.now())


def look_through(text: str) -> object:
    """Open everybody's name and look through them."""
    with reach.of(BY):
        compounds = queries.compounds_below(BY.reach(Act.READ_HOUSEHOLD))
        people = [one for compound in compounds for one in queries.roll(compound)]
        return [one for one in people if finding.is_meant(text, one.name, one.phones)]
