"""Each worker looks every second for what dead ones have left: the task of each minute is gone, and its jobs too."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T09:40:00:000130"
VERSION = "1.38.0"
DESCRIPTION = "No minutely look for dead workers"

STATEMENTS = ("DELETE FROM procrastinate_jobs WHERE task_name = 'timetable:take_up_stalled'",)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
