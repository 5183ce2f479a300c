"""One change of a subscription is asked of Stripe at a time, and an outcome comes with its instant."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-28T21:30:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "One billing request at a time"

STATEMENTS = (
    "CREATE UNIQUE INDEX billing_request_one_open ON billing_request (subject) WHERE settled_at IS NULL",
    "ALTER TABLE billing_request ADD CONSTRAINT billing_request_outcome "
    "CHECK (outcome IN ('done', 'refused') AND settled_at IS NOT NULL OR outcome IS NULL AND settled_at IS NULL)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
