"""The links of accounts that wait for their e-mail are found by it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T02:02:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Wished accounts are found by e-mail"

STATEMENT = "CREATE INDEX sign_in_link_email ON sign_in_link (email) WHERE email <> ''"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().run_ddl(STATEMENT)

    manager.add_raw(run)
    return manager
