"""What must always hold of the mirror."""

from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_rules import Invariant, references
from components.payments.dispute_answers.tables import MirroredFraudWarning
from components.payments.tables import (
    CheckoutSession,
    MirroredDispute,
    MirroredInvoice,
    MirroredRefund,
    Mismatch,
)

GONE_BACK = "r.status NOT IN ('failed', 'cancelled')"

RULES = (
    Invariant(
        "a paid page was captured in full",
        "Checkout session {id} is paid, but {received} of {amount} was captured.",
        """
        SELECT page.id, page.amount, coalesce(payment.received, 0) AS received FROM checkout_session page
        LEFT JOIN mirrored_payment payment ON payment.stripe_id = page.payment_intent
        WHERE page.id = ANY($1) AND page.purpose IN ('order', 'term', 'gift') AND page.paid_at IS NOT NULL
          AND (page.amount, page.currency) IS DISTINCT FROM
              (coalesce(payment.received, 0), coalesce(payment.currency, page.currency))""",
        each="checkout_session",
    ),
    Invariant(
        "a paid joining has a paid invoice",
        "Checkout session {id} of a membership is paid, but no invoice of {amount} is.",
        """
        SELECT page.id, page.amount FROM checkout_session page
        WHERE page.id = ANY($1) AND page.purpose = 'joining' AND page.paid_at IS NOT NULL AND NOT EXISTS (
            SELECT FROM mirrored_invoice invoice WHERE invoice.subscription = page.subscription_ref
              AND invoice.status = 'paid' AND invoice.amount_paid = page.amount)""",
        each="checkout_session",
    ),
    Invariant(
        "a captured payment is known to be paid",
        "Payment {id} was captured, but its checkout session is neither paid nor flagged.",
        """
        SELECT payment.stripe_id AS id FROM mirrored_payment payment
        JOIN checkout_session page ON page.payment_intent = payment.stripe_id
        WHERE payment.stripe_id = ANY($1) AND payment.status = 'succeeded' AND page.paid_at IS NULL
          AND NOT EXISTS (SELECT FROM mismatch WHERE mismatch.page_id = page.id)""",
        each="mirrored_payment",
    ),
    Invariant(
        "a payment belongs to one reference",
        "Payment {id} belongs to two references.",
        """
        SELECT payment.stripe_id AS id FROM mirrored_payment payment
        JOIN checkout_session page ON page.payment_intent = payment.stripe_id
        WHERE payment.stripe_id = ANY($1) AND page.reference_id <> payment.reference_id""",
        each="mirrored_payment",
    ),
    Invariant(
        "nothing is paid for twice",
        "{purpose} {id} was paid for {times} times.",
        """
        SELECT purpose, reference_id AS id, count(*) AS times FROM checkout_session
        WHERE paid_at IS NOT NULL
          AND reference_id IN (SELECT reference_id FROM checkout_session WHERE id = ANY($1))
        GROUP BY purpose, reference_id HAVING count(*) > 1""",
        each="checkout_session",
    ),
    Invariant(
        "refunds are within the payment",
        "Payment {id}: more was refunded than was captured: {refunded} of {received}.",
        f"""
        SELECT payment.stripe_id AS id, payment.received, sum(r.amount) AS refunded FROM mirrored_payment payment
        JOIN mirrored_refund r ON r.payment_intent = payment.stripe_id AND {GONE_BACK}
        WHERE payment.stripe_id = ANY($1)
        GROUP BY payment.stripe_id, payment.received HAVING sum(r.amount) > payment.received""",
        each="mirrored_payment",
    ),
    Invariant(
        "a refund is as it was requested",
        "Refund {id} differs from what was requested.",
        """
        SELECT r.stripe_id AS id FROM requested_refund asked JOIN mirrored_refund r ON r.stripe_id = asked.stripe_id
        WHERE asked.key = ANY($1)
          AND (r.amount, r.payment_intent) IS DISTINCT FROM (asked.amount, asked.payment_intent)""",
        each="requested_refund",
    ),
    Invariant(
        "a refund is made once",
        "Refund {key} was made {times} times at Stripe.",
        """
        SELECT key, count(*) AS times FROM mirrored_refund
        WHERE key IN (SELECT key FROM mirrored_refund WHERE stripe_id = ANY($1))
        GROUP BY key HAVING count(*) > 1""",
        each="mirrored_refund",
    ),
    Invariant(
        "a period is charged once",
        "Subscription {id} was charged {times} times for the period from {start}.",
        """
        SELECT subscription AS id, period_start AS start, count(*) AS times FROM mirrored_invoice
        WHERE status = 'paid' AND reason IN ('subscription_create', 'subscription_cycle')
        AND subscription IN (
            SELECT subscription FROM mirrored_invoice WHERE stripe_id = ANY($1))
        GROUP BY subscription, period_start HAVING count(*) > 1""",
        each="mirrored_invoice",
    ),
    Invariant(
        "what Stripe Tax heard was given back it heard was sold",
        "Refund {refund} is recorded in Stripe Tax, but the sale {sale} is not.",
        """
        SELECT r.refund, r.sale FROM tax_reversal r JOIN tax_sale s ON s.reference_id = r.sale
        WHERE r.refund = ANY($1) AND r.transaction IS NOT NULL AND s.transaction IS NULL""",
        each="tax_reversal",
    ),
)

REFERENCES = references(
    (CheckoutSession, MirroredInvoice, MirroredRefund, MirroredDispute, MirroredFraudWarning, Mismatch),
    [
        (CheckoutSession.person_id, "person"), (CheckoutSession.along, "orders"),
        (MirroredInvoice.subscription, "mirrored_subscription"), (MirroredInvoice.payment_intent, "mirrored_payment"),
        (MirroredRefund.payment_intent, "mirrored_payment"), (MirroredDispute.payment_intent, "mirrored_payment"),
        (MirroredFraudWarning.payment_intent, "mirrored_payment"),
        (Mismatch.page_id, "checkout_session"),
    ],
)  # fmt: skip
"""Rows that must be there, of other components too."""


async def invariants() -> list[str]:
    """A description of each violation; an empty list when there is none."""
    return await invariant_walks.sentences(RULES)
