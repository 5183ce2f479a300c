"""What a forecast is and whom it names once."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000326"
VERSION = "1.38.0"
DESCRIPTION = "Each forecast and member at risk once"

STATEMENTS = (
    """ALTER TABLE forecast ADD CONSTRAINT forecast_is_said
       CHECK (kind IN ('renewals', 'orders', 'values', 'habits', 'mrr') AND people >= 0
         AND (kind = 'renewals') = (plan IS NOT NULL) AND (model <> '' OR words <> ''))""",
    """CREATE UNIQUE INDEX forecast_once
       ON forecast (kind, coalesce(plan::text, ''), interval, interval_count)""",
    """ALTER TABLE member_at_risk ADD CONSTRAINT member_at_risk_is_sensible
       CHECK (kind IN ('orders', 'habits') AND chance BETWEEN 0 AND 10000 AND times > 0 AND out_of >= 0
         AND usual_days >= 0)""",
    "CREATE UNIQUE INDEX member_at_risk_once ON member_at_risk (person, kind)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
