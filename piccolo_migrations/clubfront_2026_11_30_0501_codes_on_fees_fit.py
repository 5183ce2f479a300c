"""What an order says of a code on the fee that was paid with it fits together."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T17:00:00:000501"
VERSION = "1.38.0"
DESCRIPTION = "A code on a fee is of a joining"

STATEMENTS = (
    """ALTER TABLE orders ADD CONSTRAINT order_joining_code_is_of_a_joining CHECK (joining_off >= 0
       AND (joining_off = 0 OR joining_discount IS NOT NULL)
       AND (joining_discount IS NULL OR joining_code <> '' AND joins IS NOT NULL))""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
