"""Where prices are without tax, fees set before an upgrade hold their tax from the next renewal on: told once."""

from uuid import UUID

from components.foundation import audit, clock, database
from components.foundation.money import Money
from components.foundation.refusals import NotFound
from components.memberships.editing.tables import FeeNotice
from components.memberships.plans import plan_fees

_IS_UNREAD = FeeNotice.read_at.is_null()


async def fees_concerned() -> tuple[tuple[str, Money], ...]:
    """Each plan with such a fee, of newcomers or of members who still pay it; none once an owner has read of them."""
    if not plan_fees.are_typed_without_tax() or (told := await FeeNotice.objects().where(_IS_UNREAD).first()) is None:
        return ()
    rows = await database.fetch_rows(_CONCERNED, told.at)
    taxed = [row for row in rows if plan_fees.tax_of(row[0]).rate_bp]
    return tuple([(name, Money(price, currency)) for _, name, price, currency in taxed])


_CONCERNED = """
SELECT p.id, p.name, v.price, v.currency FROM plan_version v JOIN plan p ON p.id = v.plan
WHERE v.price > 0 AND v.from_at <= $1 AND NOT v.is_once AND (v.until_at IS NULL AND p.is_offered OR EXISTS (
  SELECT FROM subscription s WHERE s.plan_version = v.id AND s.status NOT IN ('cancelled', 'lapsed', 'pending')))
ORDER BY p.position, p.name, v.from_at
"""


async def mark_read(*, by: UUID) -> None:
    """May be said twice. Raises `NotFound` where nothing was ever told."""
    async with database.transaction():
        if not await FeeNotice.exists():
            raise NotFound("There is no such notice.")
        unread = FeeNotice.update({FeeNotice.read_at: clock.now(), FeeNotice.read_by: by}).where(_IS_UNREAD)
        for one in await unread.returning(FeeNotice.id):
            await audit.record(by, "notice about fees read", "plan", one["id"])
