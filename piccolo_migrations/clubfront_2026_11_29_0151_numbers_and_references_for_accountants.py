"""The number and the payment of an invoice, and the name of a fee's refund at Stripe, for the accountant's files."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T15:00:00:000151"
VERSION = "1.38.0"
DESCRIPTION = "Numbers and references of payments for the accountant's files"

STATEMENTS = (
    """CREATE OR REPLACE VIEW insights_invoices AS
       SELECT stripe_id, local_id, reason, status, total, amount_paid, period_start, period_end, number, payment_intent
       FROM mirrored_invoice""",
    """CREATE OR REPLACE VIEW insights_fee_refunds AS
       SELECT id, subscription, invoice, amount, currency, status, at, stripe_id FROM fee_refund""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
