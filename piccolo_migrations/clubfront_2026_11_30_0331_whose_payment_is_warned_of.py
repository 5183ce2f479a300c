"""What insights reads of fraud warnings, also whose payment each is about; and of invoices: their numbers."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000331"
VERSION = "1.38.0"
DESCRIPTION = "Whose payment is warned of"

STATEMENTS = (
    """CREATE OR REPLACE VIEW insights_fraud_warnings AS SELECT stripe_id, is_actionable, decided_at, reference_id
       FROM mirrored_fraud_warning""",
    """CREATE VIEW insights_issued_invoices AS SELECT i.cause, (
         WITH RECURSIVE follower AS (
           SELECT i.id AS id, i.number AS number, 0 AS turn
           UNION ALL SELECT f.id, f.number, turn + 1 FROM invoice f JOIN follower ON f.replaces = follower.id)
         SELECT number FROM follower ORDER BY turn DESC LIMIT 1) AS number
       FROM invoice i WHERE i.kind = 'invoice' AND i.replaces IS NULL""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
