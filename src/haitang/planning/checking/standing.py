"""Whether value, bound, gap and status are what the plan itself gives, and agree with each other."""

from __future__ import annotations

import math
from collections.abc import Mapping

from .finding import Entry

PROVEN = 1e-6  # part of the value within which a plan counts as the best
ROUNDED = 2e-6  # numbers are written with six decimals
STATUSES = ("optimal", "feasible", "infeasible")

Terms = Mapping[str, float]


def is_near(told: float, found: float, slack: float = 0.0) -> bool:
    """Alike but for rounding, and for sums made in another order."""
    return abs(told - found) <= 1e-5 + 1e-7 * abs(found) + slack


def check_number(told: Entry, found: float, what: str, rule: str = "value", slack: float = 0.0) -> None:
    """A number of the answer against what it must be, or is to be within this slack."""
    number = told.number()
    if number is not None and not is_near(number, found, slack):
        off = number - found
        told.note(rule, f"{what} is told as {number:.6f}, is {found:.6f}: {abs(off):.6f} {_side(off)}", off)


def check_standing(answer: Entry, terms: Terms, slack: Terms | None = None) -> None:
    """`terms`: the objective's terms by name, re-computed; `slack`: what times told in seconds leave open of each."""
    total = math.fsum(terms.values())
    total = _check_value(answer.get("value"), terms, slack or {}, total)
    _check_bound(answer, total)
    _check_status(answer, total)
    seconds = answer.get("seconds")
    if (spent := seconds.number()) is not None and spent < 0:
        seconds.note("too_small", f"is {spent:g}, must be 0 or more", -spent)
    answer.get("seed").count()


def _check_value(value: Entry, terms: Terms, slack: Terms, total: float) -> float:
    """The total to judge the bound by: as told, if that is right."""
    open_, told = math.fsum(slack.values()), value.get("total")
    check_number(told, total, "the total", slack=open_)
    for name, term in terms.items():
        check_number(value.get(name), term, f"the term {name!r}", slack=slack.get(name, 0.0))
    if isinstance(value.value, Mapping):
        for name in value.value:
            if name != "total" and name not in terms:
                value.maybe(str(name)).note("unknown_term", f"the value has no term {name!r} here")
    number = told.number()
    return number if number is not None and is_near(number, total, open_) else total


def _check_bound(answer: Entry, total: float) -> None:
    told, gap = answer.get("bound"), answer.get("gap")
    if told.is_null:
        if not gap.is_null and gap.is_there:
            gap.note("gap", "must be null, as no bound is known")
        return
    bound = told.number()
    if bound is None:
        return
    if bound > total and not is_near(bound, total):
        text = f"the bound {bound:.6f} lies {bound - total:.6f} above the value {total:.6f} of this very plan"
        told.note("bound_above_value", text, bound - total)
    room = max(0.0, total - bound) / total if total > 0 else 0.0
    number = gap.number()
    # Value and bound are rounded, so that the gap of a very small value is vague.
    if number is not None and abs(number - room) > 1e-6 + ROUNDED / max(total, ROUNDED):
        gap.note("gap", f"is {number:.9f}, but value and bound give {room:.9f}", number - room)


def _check_status(answer: Entry, total: float) -> None:
    told, bound = answer.get("status"), _bound(answer)
    status = told.text()
    if status is None:
        return
    if status not in STATUSES:
        told.note("status", f"must be one of {', '.join(STATUSES)}, is {status!r}")
    elif status == "optimal":
        _check_proven(told, bound, total)
    elif status == "feasible" and bound is not None and total - bound <= 0.5 * PROVEN * max(1.0, total):
        told.note("status", "is 'feasible', but the bound proves that the plan is optimal")
    elif status == "infeasible" and not answer.maybe("unmet").value:
        told.note("status", "is 'infeasible', but nothing is named as unmet")


def _check_proven(told: Entry, bound: float | None, total: float) -> None:
    if bound is None:
        told.note("status", "is 'optimal', but no bound is known")
        return
    room = total - bound - PROVEN * max(1.0, total)
    if room > ROUNDED:
        text = f"is 'optimal', but the bound leaves {total - bound:.6f}, more than a millionth of the value"
        told.note("status", text, total - bound)


def _bound(answer: Entry) -> float | None:
    told = answer.maybe("bound")
    return None if told.is_null or not told.is_there else told.number()


def _side(off: float) -> str:
    return "too much" if off > 0 else "too little"
