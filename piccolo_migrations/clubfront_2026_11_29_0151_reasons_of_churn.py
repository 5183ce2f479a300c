"""A ledger of movements from before the reasons of churn knew who was cancelled while owing is rebuilt once."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T15:00:00:000151"
VERSION = "1.38.0"
DESCRIPTION = "Movements of the second rules are known as such"

STATEMENT = """INSERT INTO movement_epoch (number, rules, words, begun_at)
SELECT 1, 2, 'As recorded until now', min(noted_at) FROM movement
WHERE NOT EXISTS (SELECT FROM movement_epoch) HAVING count(*) > 0"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().run_ddl(STATEMENT)

    manager.add_raw(run)
    return manager
