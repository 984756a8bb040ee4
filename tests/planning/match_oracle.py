"""An independent reading of the match objective, in plain Python, and the best plan by trying all."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from typing import Any

from tests.planning.surge_oracle import instant, minutes

Plan = Counter[tuple[str, str]]  # units from an offer to a need, by need and offer


def distance(data: dict[str, Any], need: dict[str, Any], offer: dict[str, Any]) -> float:
    if need.get("building") is not None and need.get("building") == offer.get("building"):
        return 0.0
    walk = minutes({"speed_kmh": 4.5, **data}, need, offer)
    return walk + 2.0 * (need.get("floor", 0) + offer.get("floor", 0))


def fits(data: dict[str, Any], need: dict[str, Any], offer: dict[str, Any]) -> bool:
    since, until = need.get("since"), offer.get("until")
    in_time = since is None or until is None or instant(data, since) <= instant(data, until)
    return bool(need["category"] == offer["category"] and in_time)


def terms(data: dict[str, Any], plan: Plan) -> dict[str, float]:
    weights = {"unmet": [600, 200, 60], "distance": 1, "load": 5, "change": 10, **data.get("weights", {})}
    needs = {need["id"]: need for need in data["needs"]}
    offers = {offer["id"]: offer for offer in data["offers"]}
    met: Counter[str] = Counter()
    load: Counter[str] = Counter()
    way = 0.0
    for (need, offer), amount in plan.items():
        met[need] += amount
        load[offers[offer].get("helper", offer)] += amount
        way += amount * distance(data, needs[need], offers[offer])
    unmet = sum(weights["unmet"][n["urgency"] - 1] * (n["quantity"] - met[n["id"]]) for n in data["needs"])
    found = {
        "unmet": float(unmet),
        "distance": float(weights["distance"] * way),
        "load": float(weights["load"] * sum((q - 1) ** 2 for q in load.values() if q > 0)),
    }
    if "previous" in data:
        found["changes"] = 0.0
        for pair in data["previous"]["pairs"]:
            need_, offer_ = needs.get(pair["need"]), offers.get(pair["offer"])
            if need_ and offer_ and fits(data, need_, offer_):
                had = min(pair["quantity"], need_["quantity"], offer_["quantity"])
                found["changes"] += weights["change"] * max(0, had - plan[pair["need"], pair["offer"]])
    return found


def total(data: dict[str, Any], plan: Plan) -> float:
    return sum(terms(data, plan).values())


def plan_of(answer: dict[str, Any]) -> Plan:
    return Counter({(pair["need"], pair["offer"]): pair["quantity"] for pair in answer["pairs"]})


def is_allowed(data: dict[str, Any], plan: Plan) -> bool:
    needs = {need["id"]: need for need in data["needs"]}
    offers = {offer["id"]: offer for offer in data["offers"]}
    taken: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for (need, offer), amount in plan.items():
        taken[need] += amount
        given[offer] += amount
    return (
        all(fits(data, needs[need], offers[offer]) for need, offer in plan)
        and all(amount <= needs[need]["quantity"] for need, amount in taken.items())
        and all(amount <= offers[offer]["quantity"] for offer, amount in given.items())
        and all(plan[lock["need"], lock["offer"]] >= lock["quantity"] for lock in data.get("locked", []))
    )


def check(data: dict[str, Any], answer: dict[str, Any]) -> None:
    """Every rule and every number of an answer; AssertionError if one is wrong."""
    plan = plan_of(answer)
    assert len(plan) == len(answer["pairs"]), "a pair is there twice"
    assert all(amount > 0 for amount in plan.values())
    assert is_allowed(data, plan)
    expected = terms(data, plan)
    assert set(answer["value"]) == {"total", *expected}
    for name, term in expected.items():
        assert abs(answer["value"][name] - term) <= 1e-5 * max(1.0, term), name
    assert answer["bound"] <= answer["value"]["total"] + 1e-6
    missing = sum(need["quantity"] for need in data["needs"]) - sum(plan.values())
    assert sum(entry["how_many"] for entry in answer["unmet"]) == missing
    assert all(entry["reason"] and entry["would_help"] and entry["how_many"] for entry in answer["unmet"])


def best(data: dict[str, Any]) -> float:
    """The least total over every plan there is."""
    pairs = [
        (need["id"], offer["id"], min(need["quantity"], offer["quantity"]))
        for need in data["needs"]
        for offer in data["offers"]
        if fits(data, need, offer)
    ]
    least = math.inf
    for amounts in itertools.product(*(range(most + 1) for _, _, most in pairs)):
        plan: Plan = Counter()
        for (need, offer, _), amount in zip(pairs, amounts, strict=True):
            if amount:
                plan[need, offer] = amount
        if is_allowed(data, plan):
            least = min(least, total(data, plan))
    return least
