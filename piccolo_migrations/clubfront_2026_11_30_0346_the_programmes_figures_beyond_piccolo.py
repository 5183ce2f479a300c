"""What insights reads of cancellations, failed renewals and stored value; what is known of those before."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T03:00:00:000346"
VERSION = "1.38.0"
DESCRIPTION = "What the health of the programme is read from"

STATEMENTS = (
    """INSERT INTO cancel_attempt (id, subscription, person, reason, words, by_staff, at)
       SELECT f.id, s.id, s.payer, CASE WHEN f.is_last THEN coalesce(s.cancel_reason, '') ELSE '' END, '', false,
         coalesce((f.body ->> 'at')::timestamptz, f.announced_at)
       FROM (SELECT *, row_number() OVER (PARTITION BY body ->> 'subscription_id' ORDER BY announced_at DESC, id DESC)
           = 1 AS is_last FROM announced_fact WHERE name = 'CancellationScheduled') f
       JOIN subscription s ON s.id = (f.body ->> 'subscription_id')::uuid""",
    """UPDATE mirrored_invoice i SET failed_at = coalesce(f.at, i.created_at)
       FROM mirrored_invoice o LEFT JOIN (SELECT body ->> 'invoice_id' AS invoice, min(announced_at) AS at
         FROM announced_fact WHERE name = 'InvoiceFailed' GROUP BY 1) f ON f.invoice = o.stripe_id
       WHERE o.stripe_id = i.stripe_id AND (f.at IS NOT NULL OR o.attempts > 1
         OR o.attempts = 1 AND o.status NOT IN ('paid', 'draft'))""",
    """CREATE VIEW insights_cancel_attempts AS
       SELECT id, subscription, person, reason, words, by_staff, at FROM cancel_attempt""",
    "CREATE VIEW insights_save_offers AS SELECT id, subscription, person, accepted_at FROM save_offer_shown",
    """CREATE OR REPLACE VIEW insights_invoices AS
       SELECT stripe_id, local_id, reason, status, total, amount_paid, period_start, period_end, number, payment_intent,
         store_credit, coupon, currency, created_at, paid_at, failed_at
       FROM mirrored_invoice""",
    """CREATE OR REPLACE VIEW insights_membership_gifts AS
       SELECT g.id, g.buyer, v.plan, v.price, v.currency, g.paid_at, g.refunded_at, g.redeemed_at,
         g.voided_at, g.expires_at
       FROM gift_membership g JOIN plan_version v ON v.id = g.plan_version WHERE g.paid_at IS NOT NULL""",
    """CREATE OR REPLACE VIEW insights_credit_lots AS
       SELECT id, person, benefit, given_at, kind, order_id, words, amount, pending, remaining, due_at, expires_at
       FROM ledger_lot""",
    """CREATE OR REPLACE VIEW insights_ledger_postings AS
       SELECT id, kind, person, because_of, at, words, turn FROM ledger_posting""",
    """CREATE OR REPLACE VIEW insights_ledger_entries AS
       SELECT e.posting, e.lot, a.kind AS account_kind, e.amount, a.currency, e.account
       FROM ledger_entry e JOIN ledger_account a ON a.id = e.account""",
    """CREATE VIEW insights_ledger_balances AS
       SELECT id, person, kind, currency, balance FROM ledger_account WHERE person IS NOT NULL""",
    "CREATE INDEX mirrored_invoice_failed ON mirrored_invoice (failed_at) WHERE failed_at IS NOT NULL",
    "CREATE INDEX paid_period_ending ON paid_period (ends_at)",
    "CREATE INDEX save_offer_accepted ON save_offer_shown (accepted_at) WHERE accepted_at IS NOT NULL",
    "CREATE INDEX ledger_lot_owed ON ledger_lot (given_at, id) WHERE pending > 0 OR remaining > 0",
    "CREATE INDEX membership_started ON membership (starts_at, holder) WHERE source <> 'free'",
    "CREATE INDEX ledger_lot_by_expiry ON ledger_lot (expires_at) WHERE expires_at IS NOT NULL",
    "CREATE INDEX ledger_account_reserved ON ledger_account (id) WHERE kind = 'reserved' AND balance > 0",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
