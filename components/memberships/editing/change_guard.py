"""Changes scheduled for a future date, so that nobody changes a benefit around them by accident."""

from collections.abc import Sequence
from uuid import UUID

from components.foundation import clock, database, formatting
from components.foundation.database import any_of
from components.foundation.refusals import Refusal
from components.memberships.tables import Benefit


class Scheduled(Refusal):
    message = "A change to this benefit is already scheduled. Cancel it first."


_TO_COME = """
SELECT b.name, min(edge.at) AS at FROM benefit b, LATERAL (
  SELECT v.from_at AS at FROM benefit_version v
  WHERE v.benefit = b.id AND v.from_at > $2 AND (v.until_at IS NULL OR v.until_at > v.from_at)
  UNION ALL SELECT pb.from_at FROM plan_benefit pb
  WHERE pb.benefit = b.id AND pb.from_at > $2 AND (pb.until_at IS NULL OR pb.until_at > pb.from_at)
  UNION ALL SELECT pb.until_at FROM plan_benefit pb
  WHERE pb.benefit = b.id AND pb.until_at > $2 AND pb.until_at > pb.from_at) edge
WHERE b.id = ANY($1) GROUP BY b.id, b.name ORDER BY 2 LIMIT 1
"""


async def lock(benefits: Sequence[UUID]) -> None:
    """One change of a benefit at a time; belongs in the change's transaction."""
    await Benefit.select(Benefit.id).where(any_of(Benefit.id, benefits)).order_by(Benefit.id).lock_rows()


async def refuse_if_scheduled(benefits: Sequence[UUID]) -> None:
    """Raises `Scheduled`, naming the benefit and the day, when one of them is to change by itself."""
    for name, at in await database.fetch_rows(_TO_COME, list(benefits), clock.now()):
        raise Scheduled(f"A change to “{name}” is scheduled for {formatting.moment(at)}. Cancel it first.")
