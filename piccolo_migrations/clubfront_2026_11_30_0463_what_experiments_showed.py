"""What an experiment showed somebody is in the copy of their data."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T14:00:00:000463"
VERSION = "1.38.0"
DESCRIPTION = "What experiments showed is in the copy of one’s data"

STATEMENTS = (
    """CREATE VIEW experiments_prices AS
       SELECT v.id, p.name AS plan, v.price, v.currency FROM plan_version v JOIN plan p ON p.id = v.plan""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
