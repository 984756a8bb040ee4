"""What the policy tests need to know of households added at their door, a ledger's quality and exports."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from haitang.operations import services as operations
from haitang.operations.models import ExportRequest
from haitang.registry import services as registry
from haitang.registry.exports import Asked
from haitang.registry.models import Area, Household
from tests.neighbourhood import OPERATOR

OF_A_BUILDING = {"add_household", "confirm_household", "take_back_household"}


def furnish(building: Area, now: datetime) -> None:
    """A household that is in no list, and a list of people that waits for a second person."""
    registry.add_household(building, registry.Said("shop", "果店", 2), by=OPERATOR, now=now)

    asked = Asked("people", ("name",))
    export = operations.request_export(building.parent, asked, reason="canary-export", by=OPERATOR, now=now)
    ExportRequest.objects.filter(pk=export.pk).update(needs_second=True)


def export_of(place: Any) -> ExportRequest:
    return ExportRequest.objects.get(area=place.compound)


def said_at(place: Any) -> Household:
    return Household.objects.get(compound=place.compound, is_provisional=True)


ARGUMENTS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "ask_export": lambda p: {"area_id": p.compound.pk},
    **dict.fromkeys(
        ("export", "agree_to_export", "decline_export", "take_export"),
        lambda p: {"export_id": export_of(p).pk},
    ),
    "quality": lambda p: {"compound_id": p.compound.pk},
    "add_household": lambda p: {"area_id": p.building.pk},
    "confirm_household": lambda p: {"household_id": said_at(p).pk},
    "take_back_household": lambda p: {"household_id": said_at(p).pk},
}
BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "add_household": lambda p: {"kind": "shop", "door": "面馆", "people": "3"},
    "confirm_household": lambda p: {"people": "2"},
    "ask_export": lambda p: {"what": "people", "column": ["name"], "reason": "送药"},
    "take_export": lambda p: {"form": "csv"},
}
