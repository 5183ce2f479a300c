"""What a code on a fee may be, and that each use is of one thing."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T20:00:00:000283"
VERSION = "1.38.0"
DESCRIPTION = "Codes on fees beyond Piccolo"

STATEMENTS = (
    """ALTER TABLE coupon ADD CONSTRAINT coupon_for_fees CHECK (NOT for_fees OR (discount_type <> 'free_delivery'
       AND coalesce(fee_payments, 1) BETWEEN 1 AND 60))""",
    "ALTER TABLE coupon_use ADD CONSTRAINT coupon_use_of_one CHECK ((order_id IS NULL) <> (fee IS NULL))",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
