"""One file for each field of evidence; what insights reads of fraud warnings."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000308"
VERSION = "1.38.0"
DESCRIPTION = "One file a field, and warnings that wait"

STATEMENTS = (
    "CREATE UNIQUE INDEX dispute_file_one_a_field ON dispute_file (dispute, field) WHERE removed_at IS NULL",
    "CREATE VIEW insights_fraud_warnings AS SELECT stripe_id, is_actionable, decided_at FROM mirrored_fraud_warning",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
