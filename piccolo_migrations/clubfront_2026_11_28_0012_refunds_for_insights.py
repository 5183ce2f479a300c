"""Refunds as Stripe has them can be compared with those that orders know of."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-28T21:40:12:000000"
VERSION = "1.38.0"
DESCRIPTION = "Refunds for insights"

STATEMENT = """CREATE VIEW insights_mirrored_refunds AS
       SELECT stripe_id, reference_id, key, status, amount, currency FROM mirrored_refund"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().run_ddl(STATEMENT)

    manager.add_raw(run)
    return manager
