"""One answer for each time a bank asks."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T23:00:00:000251"
VERSION = "1.38.0"
DESCRIPTION = "A dispute is answered once"

STATEMENTS = (
    "CREATE UNIQUE INDEX dispute_draft_number ON dispute_draft (dispute, number)",
    "CREATE UNIQUE INDEX dispute_answer_once ON dispute_answer (dispute, turn) WHERE outcome <> 'refused'",
    """ALTER TABLE dispute_answer ADD CONSTRAINT dispute_answer_known CHECK (kind IN ('evidence', 'acceptance')
       AND outcome IN ('', 'done', 'refused') AND (outcome = '') = (settled_at IS NULL))""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
