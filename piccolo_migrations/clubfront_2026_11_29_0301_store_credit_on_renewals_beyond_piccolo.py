"""What store credit on a renewal may be, and that a refund may give back credit alone."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T20:00:00:000301"
VERSION = "1.38.0"
DESCRIPTION = "Store credit on renewals beyond Piccolo"

STATEMENTS = (
    """ALTER TABLE renewal_credit ADD CONSTRAINT renewal_credit_is_sensible CHECK (amount > 0
       AND status IN ('reserved', 'placed', 'spent', 'released')
       AND (settled_at IS NULL) = (status IN ('reserved', 'placed')))""",
    "CREATE INDEX renewal_credit_open ON renewal_credit (at) WHERE settled_at IS NULL",
    """CREATE VIEW insights_renewal_credits AS
       SELECT id, subscription, person, invoice, amount, currency, status FROM renewal_credit""",
    """CREATE OR REPLACE VIEW insights_invoices AS
       SELECT stripe_id, local_id, reason, status, total, amount_paid, period_start, period_end, number, payment_intent,
         store_credit, coupon
       FROM mirrored_invoice""",
    "CREATE VIEW insights_fee_discounts AS SELECT id, subscription, payments FROM fee_discount",
    "ALTER TABLE fee_refund DROP CONSTRAINT fee_refund_is_sensible",
    """ALTER TABLE fee_refund ADD CONSTRAINT fee_refund_is_sensible CHECK (amount >= 0 AND credit >= 0
       AND amount + credit > 0 AND status IN ('asked', 'pending', 'succeeded', 'failed'))""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
