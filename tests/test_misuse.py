"""What must not exist: a status, colour, risk, pass or movement of a person, in any table or address."""

import re
from collections.abc import Iterable

import pytest
from django.apps import apps
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from haitang.registry.models import Household, Person

# Words of a field about people that could be read as: may this person pass? where were they?
STANDING = r"status|state|colou?r|risk|pass(ed|port)?|permit|allowed|banned|score|rank|grade|level|code"
ILLNESS = r"health|infect(ed|ion)|positive|negative|result|quarantined|vaccin(ated|ation)|dose|test(ed)?"
MOVEMENT = (
    r"lat|lon|latitude|longitude|gps|position|location|movement|track|trace|seen_at|last_seen|entered|left"
)
FORBIDDEN = re.compile(rf"(^|_)({STANDING}|{ILLNESS}|{MOVEMENT})(_|$)")
ASKS_FOR_LEAVE = re.compile(
    r"may-?pass|health-?code|colou?r|risk|pass(es)?(/|$)|track|whereabouts", re.IGNORECASE
)
ABOUT_PEOPLE = {Person, Household}
# A member of a team says when they left it; that is about their work, not their way.
KNOWN = {"teams.member.left_at"}


def about_people(tables: Iterable[type[models.Model]]) -> list[type[models.Model]]:
    """The tables of people, and all that refer to a person or a household."""
    return [
        table
        for table in tables
        if table in ABOUT_PEOPLE or any(field.related_model in ABOUT_PEOPLE for field in table._meta.fields)
    ]


def misusable(tables: Iterable[type[models.Model]]) -> list[str]:
    """Fields that could say whether somebody may pass, or where they were."""
    return [
        name
        for table in tables
        for field in table._meta.fields
        if FORBIDDEN.search(field.name) and (name := f"{table._meta.label_lower}.{field.name}") not in KNOWN
    ]


def addresses(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterable[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield f"{route} {pattern.name or ''}"


def ours() -> list[type[models.Model]]:
    return [table for table in apps.get_models() if table.__module__.startswith("haitang.")]


def test_no_table_about_people_says_who_may_pass_or_where_they_were() -> None:
    tables = about_people(ours())
    assert len(tables) > len(ABOUT_PEOPLE)
    assert misusable(tables) == []


def test_no_address_answers_whether_somebody_may_pass() -> None:
    found = list(addresses(get_resolver().url_patterns))
    assert len(found) > 40
    assert [address for address in found if ASKS_FOR_LEAVE.search(address)] == []


@pytest.mark.parametrize(
    "planted",
    [
        "status",
        "health_code",
        "risk_level",
        "colour",
        "is_positive",
        "lat",
        "last_location",
        "may_pass",
        "pass_until",
    ],
)
def test_finds_a_planted_field(planted: str) -> None:
    fields = {"__module__": __name__, "Meta": type("Meta", (), {"app_label": "planted", "managed": False})}
    who = models.ForeignKey(Person, models.CASCADE, related_name="+")
    table = type(
        f"Planted_{planted}", (models.Model,), {**fields, "person": who, planted: models.TextField()}
    )
    try:
        assert misusable([table]) == [f"planted.planted_{planted}.{planted}"]
    finally:
        del apps.all_models["planted"][f"planted_{planted}"]


@pytest.mark.parametrize(
    "planted", ["people/<uuid:person_id>/may-pass", "health-code/<str:name>", "risk/", "pass/"]
)
def test_finds_a_planted_address(planted: str) -> None:
    assert ASKS_FOR_LEAVE.search(planted)
