"""The invented city that a demonstration shows: places, people, their ledger, and what happened so far."""

from django.utils.translation import override

from haitang.accounts import queries
from haitang.jobs.demonstration.cast import PASSWORD


def welcome_lines() -> list[str]:
    """Who may be tried out and how each signs in, for the terminal; nothing but in a demonstration database."""
    with override("en"):
        people = queries.introductions("en")
    if not people:
        return []
    return [
        "",
        "Demonstration: on the sign-in page choose a person with one click,",
        f"or sign in by name with the password {PASSWORD}.",
        "演示：在登录页点一个人就能进去，也可以用登录名加上面的密码。",
        "",
        *(f"  {person.username:<10}  {PASSWORD}  {person.role:<15} {person.name}" for person in people),
    ]
