"""Whether somebody has ordered here before: a coupon may be for first orders only."""

from uuid import UUID

from components.foundation.database import Query

_HAS_ORDERED = """
SELECT to_json(EXISTS (SELECT FROM orders WHERE paid_at IS NOT NULL AND person = $1::uuid)
  OR ($2::text <> '' AND EXISTS (SELECT FROM orders WHERE paid_at IS NOT NULL AND email = $2::text)))"""


def has_ordered_query(person_id: UUID | None, email: str) -> Query[bool]:
    """By the person, or by the e-mail of an order. An order that expired unpaid does not count."""
    return Query(_HAS_ORDERED, (person_id, email), bool)
