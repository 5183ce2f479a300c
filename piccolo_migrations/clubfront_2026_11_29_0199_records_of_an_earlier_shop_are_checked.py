"""Checks of what files of an earlier shop said."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T16:00:00:000199"
VERSION = "1.38.0"
DESCRIPTION = "Records of an earlier shop are checked"

STATEMENTS = (
    """ALTER TABLE old_customer ADD CONSTRAINT old_customer_consent CHECK (
       consent IN ('', 'yes', 'no') AND (consent <> '' OR consent_at IS NULL))""",
    "CREATE UNIQUE INDEX old_order_once ON old_order (number, placed_at)",
    """ALTER TABLE old_order ADD CONSTRAINT old_order_amounts CHECK (
       number <> '' AND total >= 0 AND refunded >= 0 AND coalesce(goods, 0) >= 0 AND coalesce(discount, 0) >= 0
       AND coalesce(delivery, 0) >= 0 AND coalesce(tax, 0) >= 0)""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
