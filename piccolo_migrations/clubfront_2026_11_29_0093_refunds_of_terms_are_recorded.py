"""What holds of a term's refund, its view for figures, and the refunds made before they were recorded here."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T09:00:00:000093"
VERSION = "1.38.0"
DESCRIPTION = "Refunds of terms are recorded"

STATEMENTS = (
    """ALTER TABLE term_refund ADD CONSTRAINT term_refund_is_sensible
       CHECK (amount > 0 AND status IN ('pending', 'succeeded', 'failed'))""",
    """CREATE VIEW insights_term_refunds AS
       SELECT r.stripe_id, r.term, v.plan, r.amount, r.currency, r.status, r.at, r.reviewed_at
       FROM term_refund r JOIN paid_term t ON t.id = r.term JOIN plan_version v ON v.id = t.plan_version""",
    """INSERT INTO term_refund (stripe_id, term, amount, currency, status, at)
       SELECT m.stripe_id, t.id, m.amount, m.currency, CASE WHEN m.status = 'succeeded' THEN 'succeeded'
         WHEN m.status IN ('failed', 'cancelled') THEN 'failed' ELSE 'pending' END, m.created_at
       FROM mirrored_refund m JOIN paid_term t ON t.id = m.reference_id WHERE m.amount > 0""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
