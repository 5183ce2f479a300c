"""How those are found who leave, and who hold a plan without paying."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T03:00:00:000324"
VERSION = "1.38.0"
DESCRIPTION = "Who leaves, and who holds a plan unpaid"

STATEMENTS = (
    "CREATE INDEX subscription_leaving ON subscription (cancel_at) WHERE cancel_at IS NOT NULL",
    "CREATE INDEX subscription_over ON subscription (ended_at) WHERE ended_at IS NOT NULL",
    "CREATE INDEX membership_free ON membership (starts_at, holder) WHERE source = 'free'",
    "CREATE INDEX membership_given ON membership (starts_at, holder) WHERE source IN ('comp', 'gift')",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
