"""That the draft of a suggestion was opened is kept, and the audit log says when something was made or changed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-12-01T00:00:00:000613"
VERSION = "1.38.0"
DESCRIPTION = "What suggestions led to"

STATEMENTS = (
    """CREATE OR REPLACE VIEW insights_audit_entries AS
       SELECT actor, what, subject, subject_id, at FROM audit_entry""",
    "CREATE OR REPLACE VIEW insights_collections AS SELECT id, title, slug FROM collection",
    "ALTER TABLE suggestion_decision DROP CONSTRAINT suggestion_decision_is_one",
    """ALTER TABLE suggestion_decision ADD CONSTRAINT suggestion_decision_is_one
       CHECK (state IN ('open', 'snoozed', 'dismissed', 'done', 'tried') AND (state = 'snoozed') = (until IS NOT NULL)
         AND (state <> 'dismissed' OR reason <> ''))""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
