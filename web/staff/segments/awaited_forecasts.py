"""Rules that go by forecasts, before there are any: then nobody fits them, which says nothing about anybody."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from components.insights.forecasts import forecasts
from components.segments.segments import SegmentView

BY_FORECASTS = ("at_risk",)
NOT_YET = (
    "“May be leaving” is not worked out yet, so nobody can fit it. It is worked out every night, or at once in "
    "Metrics, Forecasts."
)
SOME_YET = (
    "“May be leaving” is not worked out yet: so far only members who have cancelled or owe a payment can fit it. It is "
    "worked out every night, or at once in Metrics, Forecasts."
)

UNTRUE_YET = (
    "“May be leaving” is not worked out yet: until then nobody counts as probably ordering no more or using no "
    "benefits any more, and this number will change. It is worked out every night, or at once in Metrics, Forecasts."
)


async def words(rules: Any, many: int | None) -> str:
    """Nothing where the rules ask for no forecast, or it has been made. `many` is how many fit until then."""
    if not _asks(rules) or await forecasts.are_made():
        return ""
    wanted = _wanted(rules)
    if wanted and not many:
        return NOT_YET
    return SOME_YET if "*" in wanted else UNTRUE_YET


def _wanted(rules: Any) -> frozenset[str]:
    """The risks that all must bear who fit; "*" is met by some who are known without any forecast."""
    if not isinstance(rules, dict) or rules.get("match") != "all":
        return frozenset()
    asked = [one for one in rules.get("parts", ()) if isinstance(one, dict) and one.get("kind") in BY_FORECASTS]
    return frozenset(str(one.get("risk")) for one in asked if one.get("is") == "yes")


async def waiting(wanted: Iterable[SegmentView]) -> frozenset[UUID]:
    """Those of these segments whom nobody fits only because of that."""
    asking = frozenset(one.id for one in wanted if not one.size and _asks(one.rules))
    return asking if asking and not await forecasts.are_made() else frozenset()


def _asks(part: Any) -> bool:
    """Of rules as they are stored or typed, however deep."""
    if isinstance(part, dict):
        return (part.get("kind") in BY_FORECASTS and part.get("risk") != "ending") or any(map(_asks, part.values()))
    return isinstance(part, list | tuple) and any(map(_asks, part))
