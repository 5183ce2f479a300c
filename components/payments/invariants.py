"""What must always hold of the mirror."""

from components.foundation import database

GONE_BACK = "r.status NOT IN ('failed', 'cancelled')"

RULES: dict[str, str] = {
    "Checkout session {id} is paid, but {received} of {amount} was captured.": """
        SELECT page.id, page.amount, coalesce(payment.received, 0) AS received FROM checkout_session page
        LEFT JOIN mirrored_payment payment ON payment.stripe_id = page.payment_intent
        WHERE page.purpose IN ('order', 'term', 'gift') AND page.paid_at IS NOT NULL
          AND (page.amount, page.currency) IS DISTINCT FROM
              (coalesce(payment.received, 0), coalesce(payment.currency, page.currency))""",
    "Checkout session {id} of a membership is paid, but no invoice of {amount} is.": """
        SELECT page.id, page.amount FROM checkout_session page
        WHERE page.purpose = 'joining' AND page.paid_at IS NOT NULL AND NOT EXISTS (
            SELECT FROM mirrored_invoice invoice WHERE invoice.subscription = page.subscription_ref
              AND invoice.status = 'paid' AND invoice.amount_paid = page.amount)""",
    "Payment {id} was captured, but its checkout session is neither paid nor flagged.": """
        SELECT payment.stripe_id AS id FROM mirrored_payment payment
        JOIN checkout_session page ON page.payment_intent = payment.stripe_id
        WHERE payment.status = 'succeeded' AND page.paid_at IS NULL
          AND NOT EXISTS (SELECT FROM mismatch WHERE mismatch.page_id = page.id)""",
    "Payment {id} belongs to two references.": """
        SELECT payment.stripe_id AS id FROM mirrored_payment payment
        JOIN checkout_session page ON page.payment_intent = payment.stripe_id
        WHERE page.reference_id <> payment.reference_id""",
    "{purpose} {id} was paid for {times} times.": """
        SELECT purpose, reference_id AS id, count(*) AS times FROM checkout_session
        WHERE paid_at IS NOT NULL GROUP BY purpose, reference_id HAVING count(*) > 1""",
    "Payment {id}: more was refunded than was captured: {refunded} of {received}.": f"""
        SELECT payment.stripe_id AS id, payment.received, sum(r.amount) AS refunded FROM mirrored_payment payment
        JOIN mirrored_refund r ON r.payment_intent = payment.stripe_id AND {GONE_BACK}
        GROUP BY payment.stripe_id, payment.received HAVING sum(r.amount) > payment.received""",
    "Refund {id} differs from what was requested.": """
        SELECT r.stripe_id AS id FROM requested_refund asked JOIN mirrored_refund r ON r.stripe_id = asked.stripe_id
        WHERE (r.amount, r.payment_intent) IS DISTINCT FROM (asked.amount, asked.payment_intent)""",
    "Refund {key} was made {times} times at Stripe.": """
        SELECT key, count(*) AS times FROM mirrored_refund WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1""",
    "Subscription {id} was charged {times} times for the period from {start}.": """
        SELECT subscription AS id, period_start AS start, count(*) AS times FROM mirrored_invoice
        WHERE status = 'paid' AND reason IN ('subscription_create', 'subscription_cycle')
        GROUP BY subscription, period_start HAVING count(*) > 1""",
}


async def invariants() -> list[str]:
    """A description of each violation; an empty list when there is none."""
    return [words.format(**row) for words, rule in RULES.items() for row in await database.fetch(rule)]
