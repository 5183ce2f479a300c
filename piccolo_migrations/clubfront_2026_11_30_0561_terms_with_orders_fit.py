"""An order begins one membership at most, at the price that it says, and a code on its fee is of that."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T18:10:00:000561"
VERSION = "1.38.0"
DESCRIPTION = "An order begins one membership at most"

STATEMENTS = (
    "ALTER TABLE orders DROP CONSTRAINT order_joining_code_is_of_a_joining",
    """ALTER TABLE orders ADD CONSTRAINT order_joining_code_is_of_a_joining CHECK (joining_off >= 0
       AND (joining_off = 0 OR joining_discount IS NOT NULL)
       AND (joining_discount IS NULL OR joining_code <> '' AND num_nonnulls(joins, joins_term) > 0)
       AND num_nonnulls(joins, joins_term) <= 1)""",
    """ALTER TABLE orders ADD CONSTRAINT order_joins_a_term_by_its_price CHECK (
       joins_term IS NULL OR joining_version IS NOT NULL)""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
