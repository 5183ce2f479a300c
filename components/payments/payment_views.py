"""What insights reads of payments: of our own rows, and of what is mirrored from Stripe."""

VIEWS: tuple[str, ...] = (
    """CREATE VIEW insights_checkout_sessions AS
       SELECT id, purpose, reference_id, along, along_amount, amount, currency, status, paid_at
       FROM checkout_session""",
    """CREATE VIEW insights_payments AS
       SELECT stripe_id, reference_id, purpose, status, received, currency FROM mirrored_payment""",
    "CREATE VIEW insights_payment_events AS SELECT id, type, received_at, handled_at, parked_at FROM inbox_event",
    # `along_amount` is the part of the dispute about the order `along`, which a joining was paid together with.
    """CREATE VIEW insights_disputes AS
       SELECT d.stripe_id, d.status, d.answer_by, d.reviewed_at, d.reference_id, d.amount, d.currency, d.lost_at,
         p.invoice, page.along, CASE WHEN page.along IS NULL OR p.received = 0 THEN 0
           ELSE round(d.amount * page.along_amount::numeric / p.received) END::bigint AS along_amount
       FROM mirrored_dispute d LEFT JOIN mirrored_payment p ON p.stripe_id = d.payment_intent
       LEFT JOIN mirrored_invoice i ON i.stripe_id = p.invoice
       LEFT JOIN LATERAL (SELECT s.along, s.along_amount FROM checkout_session s
         WHERE s.reference_id = d.reference_id AND s.along IS NOT NULL AND s.paid_at IS NOT NULL
           AND (i.reason IS NULL OR i.reason = 'subscription_create') LIMIT 1) page ON true""",
    """CREATE VIEW insights_fraud_warnings AS SELECT stripe_id, is_actionable, decided_at, reference_id
       FROM mirrored_fraud_warning""",
    "CREATE VIEW insights_differences AS SELECT id, gone_at, explained_at FROM stripe_difference",
    """CREATE VIEW insights_mirrored_refunds AS
       SELECT stripe_id, reference_id, key, status, amount, currency, along, along_amount FROM mirrored_refund""",
    "CREATE VIEW insights_refused_deliveries AS SELECT reason, times, last_at FROM refused_delivery",
    "CREATE VIEW insights_billing_requests AS SELECT id, asked_at, settled_at FROM billing_request",
    """CREATE VIEW insights_mirrored_subscriptions AS
       SELECT stripe_id, local_id, status, started_at, current_period_end FROM mirrored_subscription""",
    """CREATE VIEW insights_invoices AS
       SELECT stripe_id, local_id, reason, status, total, amount_paid, period_start, period_end, number, payment_intent,
         store_credit, coupon, currency, created_at, paid_at, failed_at
       FROM mirrored_invoice""",
    "CREATE VIEW insights_requested_refunds AS SELECT key, asked_at FROM requested_refund",
    "CREATE VIEW insights_payment_mismatches AS SELECT id, found_at, settled_at FROM mismatch",
)

CHANGES: tuple[str, ...] = (
    """CREATE TRIGGER invoice_changes_the_day_it_failed_on
       AFTER INSERT OR DELETE OR UPDATE OF failed_at, status, total, reason, local_id, created_at ON mirrored_invoice
       FOR EACH ROW EXECUTE FUNCTION figure_instant_changed('failed_at')""",
)
"""What insights' kept figures have to hear of."""
INDEXES: tuple[str, ...] = (
    "CREATE INDEX mirrored_invoice_failed ON mirrored_invoice (failed_at) WHERE failed_at IS NOT NULL",
    "CREATE INDEX inbox_event_waiting ON inbox_event (received_at) WHERE handled_at IS NULL",
    "CREATE UNIQUE INDEX billing_request_one_open ON billing_request (subject) WHERE settled_at IS NULL",
    "CREATE UNIQUE INDEX stripe_difference_once ON stripe_difference (rule, subject) WHERE gone_at IS NULL",
    "CREATE INDEX mirrored_refund_by_key ON mirrored_refund (key) WHERE key IS NOT NULL",
)
"""Over some of the rows of a table."""
