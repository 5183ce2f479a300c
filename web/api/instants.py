"""Instants that a program names: with their zone, and within the years that a shop can have rows of."""

from datetime import UTC, datetime
from typing import Annotated

from litestar.params import QueryParameter

from web.api.problems import WrongFields

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
Since = Annotated[
    datetime | None,
    QueryParameter(name="changed_since", description="Leave out what has not changed since: 2026-11-26T12:00:00Z"),
]
At = Annotated[
    datetime | None, QueryParameter(name="at", description="As of this instant, past or to come; now without.")
]


def check_instant(name: str, at: datetime) -> datetime:
    """Raises `WrongFields`."""
    if at.tzinfo is None:
        raise WrongFields({name: "Say in which zone: 2026-11-26T12:00:00Z."})
    if not EARLIEST <= at < LATEST:
        raise WrongFields({name: "Choose an instant from the year 2000 until 2199."})
    return at
