"""Which order, subscription or person of the shop a difference is about: by what was found, else by what is stored."""

from collections.abc import Sequence
from uuid import UUID

from components.foundation import database
from components.payments.tables import StripeDifference

_REFERENCES = """
SELECT d.id, coalesce(d.about, subscription.local_id, invoice.local_id, payment.reference_id, page.reference_id,
  refund.reference_id, asked.reference_id, dispute.reference_id, customer.local_id) AS local_id
FROM stripe_difference d
LEFT JOIN mirrored_subscription subscription ON subscription.stripe_id = d.subject
LEFT JOIN mirrored_invoice invoice ON invoice.stripe_id = d.subject
LEFT JOIN mirrored_payment payment ON payment.stripe_id = d.subject
LEFT JOIN checkout_session page ON page.id = CASE WHEN d.rule = 'page_overdue' THEN d.subject::uuid END
LEFT JOIN mirrored_refund refund ON refund.stripe_id = d.subject
LEFT JOIN requested_refund asked ON asked.key = CASE WHEN d.rule = 'refund_unanswered' THEN d.subject::uuid END
LEFT JOIN mirrored_dispute dispute ON dispute.stripe_id = d.subject
LEFT JOIN payment_reference customer ON customer.stripe_id = d.subject AND customer.kind LIKE 'customer%'
WHERE d.id = ANY ($1)
"""


async def references(differences: Sequence[StripeDifference]) -> dict[UUID, UUID]:
    """By difference; without those nothing is known of."""
    rows = await database.fetch_rows(_REFERENCES, [one.id for one in differences])
    return {difference: local_id for difference, local_id in rows if local_id is not None}
