"""Instants sent by programs: with a time zone, and within the years that the shop can store."""

from datetime import UTC, datetime
from typing import Annotated

from litestar.params import QueryParameter

from web.api.problems import WrongFields

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
Since = Annotated[
    datetime | None,
    QueryParameter(name="changed_since", description="Changed since, from 2000 to 2199: 2026-11-26T12:00:00Z"),
]
At = Annotated[
    datetime | None, QueryParameter(name="at", description="As of this time, from 2000 to 2199; now if left out.")
]


def check_instant(name: str, at: datetime) -> datetime:
    """Raises `WrongFields`."""
    if at.tzinfo is None:
        raise WrongFields({name: "Include the time zone: 2026-11-26T12:00:00Z."})
    if not EARLIEST <= at < LATEST:
        raise WrongFields({name: "Choose a time between the years 2000 and 2199."})
    return at
