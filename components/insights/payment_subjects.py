"""What a payment, a change at Stripe or a difference is about, by its id here: an order, a member, a gift."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from components.foundation import database


@dataclass(frozen=True, slots=True)
class PaymentSubject:
    """`kind` is order or person; `page` the id or number that its page for staff goes by."""

    kind: str
    name: str
    page: str


_NAMED = "coalesce(nullif(p.name, ''), nullif(p.email, ''), 'Erased customer')"
_SUBJECTS = f"""
SELECT id, 'order' AS kind, 'Order ' || number AS name, number AS page FROM insights_orders WHERE id = ANY ($1)
UNION ALL SELECT s.id, 'person', {_NAMED} || ', ' || plan.name, s.payer::text FROM insights_subscriptions s
  JOIN insights_plans plan ON plan.id = s.plan LEFT JOIN insights_people p ON p.id = s.payer WHERE s.id = ANY ($1)
UNION ALL SELECT g.id, 'person', 'Gift from ' || {_NAMED}, g.buyer::text FROM insights_membership_gifts g
  LEFT JOIN insights_people p ON p.id = g.buyer WHERE g.id = ANY ($1)
UNION ALL SELECT t.id, 'person', {_NAMED}, t.payer::text FROM insights_paid_terms t
  LEFT JOIN insights_people p ON p.id = t.payer WHERE t.id = ANY ($1)
UNION ALL SELECT p.id, 'person', {_NAMED}, p.id::text FROM insights_people p WHERE p.id = ANY ($1)
"""


_PAID_BY = """WITH paid_by AS (SELECT id, payer AS person FROM insights_subscriptions
  UNION ALL SELECT id, buyer FROM insights_membership_gifts UNION ALL SELECT id, payer FROM insights_paid_terms)"""
ANSWER, ASKED, DECIDE, HELD, WATCHED = "answer", "asked", "decide", "held", "watched"
"""The most urgent sorts first."""
_DISPUTED = f"""
{_PAID_BY} SELECT DISTINCT ON (one.person) one.person, CASE d.status WHEN 'needs_response' THEN '{ANSWER}'
    WHEN 'warning_needs_response' THEN '{ASKED}' WHEN 'lost' THEN '{DECIDE}'
    WHEN 'under_review' THEN '{HELD}' ELSE '{WATCHED}' END AS what
FROM insights_disputes d JOIN paid_by one ON one.id = d.reference_id
WHERE one.person = ANY ($1) AND (d.status IN ('needs_response', 'under_review', 'warning_needs_response',
  'warning_under_review') OR (d.status = 'lost' AND d.reviewed_at IS NULL))
ORDER BY one.person, what
"""
_WARNED = f"""
{_PAID_BY} SELECT DISTINCT one.person FROM insights_fraud_warnings w JOIN paid_by one ON one.id = w.reference_id
WHERE one.person = ANY ($1) AND w.is_actionable AND w.decided_at IS NULL
"""


_ALONG = "SELECT stripe_id, along FROM insights_disputes WHERE stripe_id = ANY ($1) AND along IS NOT NULL"


async def disputed(people: Iterable[UUID]) -> dict[UUID, str]:
    """Who of these has paid a fee, a gift or a term that is disputed, or was lost and nobody has decided about.

    What is most urgent of each: `ANSWER` a dispute, or what a bank only `ASKED`; `DECIDE` after a loss; the bank
    decides, the money `HELD` until then, or only asked about and `WATCHED`.
    """
    wanted = list(people)
    return dict(await database.fetch_rows(_DISPUTED, wanted)) if wanted else {}


async def warned(people: Iterable[UUID]) -> frozenset[UUID]:
    """Who of these has paid a fee, a gift or a term with a payment that may be fraudulent, and nobody has decided."""
    wanted = list(people)
    return frozenset(await database.fetch_values(_WARNED, wanted) if wanted else ())


async def orders_along(disputes: Iterable[str]) -> dict[str, UUID]:
    """The orders that were paid in the same payment as a membership, by the id of the dispute about that."""
    wanted = list(disputes)
    return dict(await database.fetch_rows(_ALONG, wanted)) if wanted else {}


async def subjects(ids: Iterable[UUID]) -> dict[UUID, PaymentSubject]:
    """Of those that are known, in one query."""
    wanted = list(set(ids))
    rows = await database.fetch_rows(_SUBJECTS, wanted) if wanted else []
    return {id: PaymentSubject(kind, name, page) for id, kind, name, page in rows if page is not None}
