"""What is counted of refunds reads which part of one is of an order."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T18:10:00:000563"
VERSION = "1.38.0"
DESCRIPTION = "Refunds of shared payments are read"

STATEMENTS = (
    """CREATE OR REPLACE VIEW insights_mirrored_refunds AS
       SELECT stripe_id, reference_id, key, status, amount, currency, along, along_amount FROM mirrored_refund""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
