"""Rules that go by forecasts, before there are any: then nobody fits them, which says nothing about anybody."""

from typing import Any

from components.insights.forecasts import forecasts

BY_FORECASTS = ("at_risk",)
NOT_YET = (
    "“May be leaving” is not worked out yet, so nobody can fit it. It is worked out every night, or at once in "
    "Metrics, Forecasts."
)


async def words(rules: Any) -> str:
    """Nothing where the rules ask for no forecast, or it has been made."""
    return NOT_YET if _asks(rules) and not await forecasts.are_made() else ""


def _asks(part: Any) -> bool:
    """Of rules as they are stored or typed, however deep."""
    if isinstance(part, dict):
        return part.get("kind") in BY_FORECASTS or any(map(_asks, part.values()))
    return isinstance(part, list | tuple) and any(map(_asks, part))
