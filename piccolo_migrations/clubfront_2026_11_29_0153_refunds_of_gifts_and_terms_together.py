"""Refunds of gifts and of terms move to the table that they share, with what holds of it and its view for figures."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T15:00:00:000153"
VERSION = "1.38.0"
DESCRIPTION = "Refunds of gifts and terms are kept together"

STATEMENTS = (
    """ALTER TABLE paid_once_refund ADD CONSTRAINT paid_once_refund_is_sensible CHECK (amount > 0
       AND status IN ('asked', 'pending', 'succeeded', 'failed') AND num_nonnulls(gift, term) = 1)""",
    """INSERT INTO paid_once_refund (id, gift, amount, currency, reason, ends_now, status, stripe_id, at, by,
         settled_at, reviewed_at, reviewed_by)
       SELECT id, gift, amount, currency, reason, false, status, stripe_id, at, by, settled_at, reviewed_at, reviewed_by
       FROM gift_refund""",
    """INSERT INTO paid_once_refund (id, term, amount, currency, reason, ends_now, status, stripe_id, at, reviewed_at,
         reviewed_by)
       SELECT gen_random_uuid(), term, amount, currency, 'Made in Stripe', false, status, stripe_id, at, reviewed_at,
         reviewed_by FROM term_refund""",
    "DROP VIEW insights_gift_refunds",
    "DROP VIEW insights_term_refunds",
    """CREATE VIEW insights_paid_once_refunds AS
       SELECT r.id, coalesce(r.gift, r.term) AS reference, r.gift IS NOT NULL AS is_gift, v.plan,
         r.amount, r.currency, r.status, r.at, r.stripe_id, r.status <> 'failed' AND r.reviewed_at IS NULL
           AND (r.term IS NOT NULL OR (g.begun_at IS NOT NULL AND g.refunded_at IS NOT NULL)) AS is_undecided
       FROM paid_once_refund r LEFT JOIN gift_membership g ON g.id = r.gift LEFT JOIN paid_term t ON t.id = r.term
       JOIN plan_version v ON v.id = coalesce(g.plan_version, t.plan_version)""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
