"""Of one kind, account and address there is a row a minute, which counts."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T00:37:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "One security event a minute"

STATEMENT = """CREATE UNIQUE INDEX security_event_once_a_minute
    ON security_event (kind, minute, (coalesce(person::text, email)), address, detail)"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().run_ddl(STATEMENT)

    manager.add_raw(run)
    return manager
