"""Somebody may withdraw from an order and from the membership they joined with it, in one."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-12-01T00:00:00:000600"
VERSION = "1.38.0"
DESCRIPTION = "Withdrawing from an order and its membership"

STATEMENTS = (
    "ALTER TABLE withdrawal DROP CONSTRAINT withdrawal_is_settled",
    """ALTER TABLE withdrawal ADD CONSTRAINT withdrawal_is_settled
       CHECK ((settled_at IS NULL) = (outcome = '') AND about IN ('order', 'membership', 'both')
         AND outcome IN ('', 'done', 'refused'))""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
