"""Which refunds of fees staff have to decide about; those that were made here are decided."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000296"
VERSION = "1.38.0"
DESCRIPTION = "Which refunds of fees wait for a decision"

STATEMENTS = (
    "UPDATE fee_refund SET reviewed_at = at, reviewed_by = by WHERE reason <> 'Made in Stripe'",
    """CREATE OR REPLACE VIEW insights_fee_refunds AS
       SELECT r.id, r.subscription, r.invoice, r.amount, r.currency, r.status, r.at, r.stripe_id,
         r.status = 'succeeded' AND r.reviewed_at IS NULL AND s.status NOT IN ('cancelled', 'lapsed') AND coalesce(
           (SELECT sum(o.amount) FROM fee_refund o WHERE o.invoice = r.invoice AND o.status = 'succeeded')
             >= (SELECT sum(p.amount) FROM paid_period p WHERE p.invoice = r.invoice), false) AS is_undecided
       FROM fee_refund r JOIN subscription s ON s.id = r.subscription""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
