"""ARR: what paying members pay in a year, without tax, from their fees and not from rounded months."""

from typing import Any

from components.foundation.database import Query
from components.insights.rollups import unrolled


def arr() -> Query[int]:
    """In minor units."""
    return Query(f"SELECT row_to_json(t) FROM ({unrolled.TOTALS}) t", unrolled.args(), _read)


def _read(found: Any) -> int:
    return int(found["arr"])
