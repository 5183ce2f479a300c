"""Each no is of one browser or of one person, and there once."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000399"
VERSION = "1.38.0"
DESCRIPTION = "Each no is there once"

STATEMENTS = (
    """ALTER TABLE visit_refusal ADD CONSTRAINT visit_refusal_is_of_one CHECK (num_nonnulls(visitor, person) = 1)""",
    "CREATE UNIQUE INDEX visit_refusal_visitor ON visit_refusal (visitor)",
    "CREATE UNIQUE INDEX visit_refusal_person ON visit_refusal (person)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
