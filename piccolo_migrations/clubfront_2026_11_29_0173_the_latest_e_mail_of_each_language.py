"""The latest e-mail of a kind is looked for by language."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T13:20:00:000173"
VERSION = "1.38.0"
DESCRIPTION = "The latest e-mail of each language"

STATEMENTS = (
    "DROP INDEX email_latest_of_kind",
    """CREATE INDEX email_latest_of_kind ON email (template, language, created_at DESC)
       WHERE placeholder_values IS NOT NULL""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
