"""What insights reads of fraud warnings, also whose payment each is about; and of invoices: their numbers."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000331"
VERSION = "1.38.0"
DESCRIPTION = "Whose payment is warned of"

STATEMENTS = (
    """CREATE OR REPLACE VIEW insights_fraud_warnings AS SELECT stripe_id, is_actionable, decided_at, reference_id
       FROM mirrored_fraud_warning""",
    "CREATE VIEW insights_issued_invoices AS SELECT cause, number FROM invoice WHERE kind = 'invoice'",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
