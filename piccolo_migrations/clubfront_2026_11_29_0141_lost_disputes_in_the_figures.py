"""Figures read what a dispute was about and when it was lost; those lost before, when that was announced."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T11:00:00:000141"
VERSION = "1.38.0"
DESCRIPTION = "Lost disputes in the figures"

STATEMENTS = (
    """UPDATE mirrored_dispute d SET lost_at = coalesce(
         (SELECT min(f.announced_at) FROM announced_fact f WHERE f.name = 'DisputeMirrored'
           AND f.body->>'dispute_id' = d.stripe_id AND f.body->>'status' = 'lost'), d.reviewed_at, d.mirrored_at)
       WHERE d.status = 'lost'""",
    "DROP VIEW insights_disputes",
    """CREATE VIEW insights_disputes AS
       SELECT d.stripe_id, d.status, d.answer_by, d.reviewed_at, d.reference_id, d.amount, d.currency, d.lost_at,
         p.invoice, page.along, CASE WHEN page.along IS NULL OR p.received = 0 THEN 0
           ELSE round(d.amount * page.along_amount::numeric / p.received) END::bigint AS along_amount
       FROM mirrored_dispute d LEFT JOIN mirrored_payment p ON p.stripe_id = d.payment_intent
       LEFT JOIN mirrored_invoice i ON i.stripe_id = p.invoice
       LEFT JOIN LATERAL (SELECT s.along, s.along_amount FROM checkout_session s
         WHERE s.reference_id = d.reference_id AND s.along IS NOT NULL AND s.paid_at IS NOT NULL
           AND (i.reason IS NULL OR i.reason = 'subscription_create') LIMIT 1) page ON true""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
