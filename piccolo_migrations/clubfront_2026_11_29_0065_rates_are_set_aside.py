"""The rates of the old form are set aside while their table changes; whether prices include tax becomes a setting."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T02:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Rates are set aside"

STATEMENTS = (
    "CREATE TABLE tax_rate_before AS SELECT * FROM tax_rate",
    """INSERT INTO shop_setting (id, name, value, at, by)
       SELECT gen_random_uuid(), 'prices_include_tax', 'no', now(), NULL FROM tax_rate
       HAVING count(*) > 0 AND bool_and(NOT is_included)""",
    "DELETE FROM tax_rate",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
