"""Suggestions know who switched off what is chosen from their orders."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T14:10:00:000464"
VERSION = "1.38.0"
DESCRIPTION = "Suggestions know who switched off what is chosen for them"

STATEMENTS = (
    """CREATE OR REPLACE VIEW insights_people AS
       SELECT id, name, email, created_at, erased_at, personal_off_at FROM person""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
