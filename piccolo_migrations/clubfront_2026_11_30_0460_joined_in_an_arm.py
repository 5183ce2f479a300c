"""Who joined at an arm's price is counted also as a business, which pays it without tax, and once their card was
charged or their trial began, until their membership is over."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T11:00:00:000460"
VERSION = "1.38.0"
DESCRIPTION = "Joined in an arm"

STATEMENT = """CREATE OR REPLACE VIEW experiments_subscriptions AS
       SELECT s.id, s.payer, coalesce(v.net_of, v.id) AS plan_version, s.started_at, s.ended_at, s.cancel_at,
         s.status NOT IN ('pending', 'incomplete', 'cancelled', 'lapsed') AS is_running
       FROM subscription s JOIN plan_version v ON v.id = s.plan_version"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().run_ddl(STATEMENT)

    manager.add_raw(run)
    return manager
