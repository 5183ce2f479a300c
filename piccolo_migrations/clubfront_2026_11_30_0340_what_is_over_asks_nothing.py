"""What insights reads of refunds of gifts and terms, also until when the membership goes on."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000340"
VERSION = "1.38.0"
DESCRIPTION = "What is over asks nothing"

STATEMENTS = (
    """CREATE OR REPLACE VIEW insights_paid_once_refunds AS
       SELECT r.id, coalesce(r.gift, r.term) AS reference, r.gift IS NOT NULL AS is_gift, v.plan,
         r.amount, r.currency, r.status, r.at, r.stripe_id, r.status <> 'failed' AND r.reviewed_at IS NULL
           AND (r.term IS NOT NULL OR (g.begun_at IS NOT NULL AND g.refunded_at IS NOT NULL)) AS is_undecided,
         (SELECT max(coalesce(m.ends_at, 'infinity')) FROM membership m WHERE m.source_id = coalesce(r.gift, r.term)
           AND (m.ends_at IS NULL OR m.ends_at > m.starts_at)) AS goes_on_until
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
