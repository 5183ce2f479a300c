"""Of a fee that store credit paid in part, the money is all that Stripe can refund: then staff have to decide."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T04:00:00:000315"
VERSION = "1.38.0"
DESCRIPTION = "Refunds of fees that store credit paid in part wait for a decision too"

STATEMENTS = (
    """CREATE OR REPLACE VIEW insights_fee_refunds AS
       SELECT r.id, r.subscription, r.invoice, r.amount, r.currency, r.status, r.at, r.stripe_id,
         r.status = 'succeeded' AND r.reviewed_at IS NULL AND s.status NOT IN ('cancelled', 'lapsed') AND coalesce(
           (SELECT sum(o.amount) FROM fee_refund o WHERE o.invoice = r.invoice AND o.status = 'succeeded')
             >= (SELECT sum(p.amount) FROM paid_period p WHERE p.invoice = r.invoice) - coalesce(
               (SELECT sum(c.amount) FROM renewal_credit c WHERE c.invoice = r.invoice AND c.status = 'spent'), 0),
           false) AS is_undecided
       FROM fee_refund r JOIN subscription s ON s.id = r.subscription""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
