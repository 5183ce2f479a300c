"""Sales and refunds that Stripe Tax does not have as they are, so that staff enter them there by hand."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import database
from components.foundation.money import Money

TO_ENTER = """
SELECT 'sale' AS kind, o.id AS order_id, o.number, NULL::uuid AS refund, o.total AS amount, o.currency,
  t.refused AS words, o.paid_at AS at
FROM insights_tax_sales t JOIN insights_orders o ON o.id = t.reference_id
WHERE t.refused <> '' AND t.entered_at IS NULL
UNION ALL
SELECT 'refund', o.id, o.number, r.id, v.amount, o.currency, v.refused, r.at
FROM insights_tax_reversals v JOIN insights_refunds r ON r.id = v.refund JOIN insights_orders o ON o.id = r.order_id
WHERE v.refused <> '' AND v.entered_at IS NULL AND r.status <> 'failed'
UNION ALL
SELECT 'restored', o.id, o.number, r.id, v.amount, o.currency, v.refused, r.at
FROM insights_refunds r JOIN insights_tax_reversals v ON v.refund = r.id JOIN insights_orders o ON o.id = r.order_id
WHERE r.status = 'failed' AND v.restored_at IS NULL AND (v.refused = '' OR v.entered_at IS NOT NULL)
"""
"""Of a refund that failed, the sale is entered again where Stripe has the refund, or may have it.

Each of the three reads an index of the few that it is about: Today counts them whenever it is looked at.
"""
_PART = f"{TO_ENTER} ORDER BY at, order_id, refund LIMIT $1 OFFSET $2"
_COUNT = f"SELECT count(*) FROM ({TO_ENTER}) waiting"


@dataclass(frozen=True)
class TaxToEnter:
    """`kind` is `sale`, `refund`, or `restored`: the sale of a refund that failed. `amount` in minor units, with tax;
    `words` are Stripe's."""

    kind: str
    order_id: UUID
    number: str
    refund: UUID | None
    amount: int
    currency: str
    words: str
    at: datetime

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


async def part(*, limit: int, offset: int) -> list[TaxToEnter]:
    """The oldest first."""
    return await database.fetch_as(TaxToEnter, _PART, limit, offset)


async def count() -> int:
    return int(await database.fetch_value(_COUNT))
