"""Whether figures can be shown at once. Where little is not added up yet a page does it itself, and is exact."""

from typing import Any, TypeVar

from components.foundation import database
from components.foundation.database import Query
from components.foundation.database.queries import with_placeholders
from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.insights.rollups import unrolled
from components.insights.rollups.unrolled import CURRENT

T = TypeVar("T")
MOST = 20_000
"""Movements, orders or queued days that a page adds up itself; and queued rows that are rolled up rather than worked
out anew."""
MOST_PEOPLE = 5_000
"""Queued people of whom a page adds up everything itself: in about a second, for each statement of figures."""


class FiguresAwaited(Refusal):
    message = N_("Figures are being added up. Reload this page in a few minutes.")
    status = 503
    retry_after = 120


async def require() -> None:
    """Raises `FiguresAwaited`."""
    (is_ready,) = await database.batch(query())
    if not is_ready:
        raise FiguresAwaited


def query() -> Query[bool]:
    return Query(_READY, _ready_args(), bool)


def _ready_args() -> tuple[Any, ...]:
    return (*unrolled.args(), MOST, MOST_PEOPLE)


def where_ready(query: Query[T]) -> Query[T | None]:
    """The answer if figures can be shown at once, else None: then it is not worked out. In one statement."""
    ready = with_placeholders(_READY, "${}", len(query.args))

    def read(found: Any) -> T | None:
        return query.read(found["answer"]) if found["is_ready"] else None

    return Query(_WHERE_READY.format(ready=ready, sql=query.sql), (*query.args, *_ready_args()), read)


_WHERE_READY = """SELECT json_build_object('is_ready', is_ready, 'answer', CASE WHEN is_ready THEN ({sql}) END)
FROM (SELECT ({ready})::text::boolean AS is_ready OFFSET 0) ready"""


_READY = f"""SELECT to_json(CASE WHEN {CURRENT} THEN
    NOT EXISTS (SELECT FROM figure_payer_change OFFSET $4) AND NOT EXISTS (SELECT FROM figure_day_change OFFSET $3)
    AND NOT EXISTS (SELECT FROM figure_buyer_change OFFSET $3)
  ELSE NOT EXISTS (SELECT FROM movement OFFSET $3) AND NOT EXISTS (SELECT FROM insights_orders OFFSET $3) END)"""


async def is_rebuild_due() -> bool:
    """Nothing is kept by today's time zone and rules, or so many have changed that everybody is as soon added up."""
    return bool(await database.fetch_value(_DUE, *unrolled.args(), MOST))


_DUE = f"""SELECT NOT {CURRENT} OR EXISTS (SELECT FROM figure_payer_change OFFSET $3)
  OR EXISTS (SELECT FROM figure_day_change OFFSET $3) OR EXISTS (SELECT FROM figure_buyer_change OFFSET $3)"""
