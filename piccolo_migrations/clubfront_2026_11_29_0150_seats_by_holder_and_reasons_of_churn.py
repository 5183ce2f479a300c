"""Seats are found by who holds them, and a ledger of movements from before the reasons of churn knew who was cancelled
while owing is known as such, so that it is rebuilt once.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T15:00:00:000150"
VERSION = "1.38.0"
DESCRIPTION = "Seats are found by who holds them; movements of the second rules are known as such"

STATEMENTS = (
    "CREATE INDEX seat_by_holder ON seat (holder) WHERE ended_at IS NULL AND holder IS NOT NULL",
    """INSERT INTO movement_epoch (number, rules, words, begun_at)
       SELECT 1, 2, 'As recorded until now', min(noted_at) FROM movement
       WHERE NOT EXISTS (SELECT FROM movement_epoch) HAVING count(*) > 0""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
