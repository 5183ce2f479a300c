"""What an order was paid with changes its day, and engaged members are found by their rank."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T11:00:00:000436"
VERSION = "1.38.0"
DESCRIPTION = "What changes kept money"

STATEMENTS = (
    "DROP TRIGGER orders_change_their_day ON orders",
    """CREATE TRIGGER orders_change_their_day
       AFTER INSERT OR DELETE OR UPDATE OF paid_at, total, person, credit, tax ON orders
       FOR EACH ROW EXECUTE FUNCTION figure_instant_changed('paid_at')""",
    """CREATE INDEX engagement_score_ranked
       ON engagement_score (score DESC, last_at DESC NULLS LAST, person)""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
