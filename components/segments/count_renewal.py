"""The counts that lists of segments show are counted again, a few at a time, with a bound on how long that takes."""

import time
from datetime import timedelta
from uuid import UUID

import structlog

from components.foundation import clock, database
from components.foundation.operations import one_by_one
from components.segments import segments
from components.segments.segments import CountTooSlow

TASK = "count_segments"
OLD = timedelta(minutes=50)
MOST, MOST_SECONDS = 100, 120
"""Of one turn: so many segments, and no other is begun after that long."""
log = structlog.get_logger()


async def renew() -> None:
    """Drawn by chance of those with an old count: one that takes too long keeps its old count, with its time, and keeps
    none of the others waiting for ever."""
    until = time.monotonic() + MOST_SECONDS
    drawn = await database.fetch_values(_OLD, clock.now() - OLD, MOST)
    await one_by_one.each(drawn, lambda one: _count(one, until), what="count of a segment")


async def _count(segment_id: UUID, until: float) -> None:
    if time.monotonic() > until:
        return
    try:
        await segments.counted(segment_id)
    except CountTooSlow:
        log.info("a segment takes too long to count", segment=str(segment_id))


_OLD = """SELECT id FROM segment WHERE archived_at IS NULL AND (counted_at IS NULL OR counted_at <= $1)
ORDER BY random() LIMIT $2"""
