"""Refused webhooks and billing requests without an outcome can be counted for the to-do list."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T00:23:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Refused webhooks and unsettled requests for insights"

STATEMENTS = (
    "CREATE VIEW insights_refused_deliveries AS SELECT reason, times, last_at FROM refused_delivery",
    "CREATE VIEW insights_billing_requests AS SELECT id, asked_at, settled_at FROM billing_request",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
