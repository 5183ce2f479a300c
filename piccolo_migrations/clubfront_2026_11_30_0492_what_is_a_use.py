"""Rows that take back what a failed refund took off are no use of a benefit either."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T17:00:00:000492"
VERSION = "1.38.0"
DESCRIPTION = "What is a use of a benefit"

STATEMENTS = (
    """CREATE OR REPLACE VIEW segments_benefit_uses AS
       SELECT person, benefit, at FROM benefit_use WHERE benefit IS NOT NULL AND reference NOT LIKE 'refund%'""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
