"""How the rows of plans are found, and that there is one of each. The figures are worked out anew by new rules."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T03:00:00:000351"
VERSION = "1.38.0"
DESCRIPTION = "Each kept figure of a plan once"

STATEMENTS = (
    "DROP INDEX figure_cohort_once",
    """CREATE UNIQUE INDEX figure_cohort_once ON figure_cohort (cohort, plan, every, month) NULLS NOT DISTINCT""",
    "CREATE INDEX figure_plan_movement_people ON figure_plan_movement (person)",
    "CREATE INDEX figure_plan_movement_at ON figure_plan_movement (at)",
    """CREATE UNIQUE INDEX figure_plan_month_once
       ON figure_plan_month (month, plan, every, kind, because, turn) NULLS NOT DISTINCT""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
