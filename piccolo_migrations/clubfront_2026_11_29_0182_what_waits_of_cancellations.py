"""Cancellations that came without signing in: which are settled, and what the to-do list reads of them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T16:20:00:000182"
VERSION = "1.38.0"
DESCRIPTION = "What waits of cancellations"

STATEMENTS = (
    "CREATE INDEX cancellation_notice_open ON cancellation_notice (at) WHERE settled_at IS NULL",
    """ALTER TABLE cancellation_notice ADD CONSTRAINT cancellation_notice_is_settled
       CHECK ((settled_at IS NULL) = (outcome = '') AND kind IN ('ordinary', 'extraordinary'))""",
    "CREATE VIEW insights_cancellation_notices AS SELECT id, at, settled_at FROM cancellation_notice",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
