"""Withdrawals that came without signing in: which are settled, and what the to-do list reads of them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T23:20:00:000256"
VERSION = "1.38.0"
DESCRIPTION = "What waits of withdrawals"

STATEMENTS = (
    "CREATE INDEX withdrawal_open ON withdrawal (at) WHERE settled_at IS NULL",
    """ALTER TABLE withdrawal ADD CONSTRAINT withdrawal_is_settled
       CHECK ((settled_at IS NULL) = (outcome = '') AND about IN ('order', 'membership')
         AND outcome IN ('', 'done', 'refused'))""",
    "CREATE VIEW insights_withdrawals AS SELECT id, at, settled_at FROM withdrawal",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
