"""An import is in one of its states, within its file, and has its file as long as it needs it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T00:48:40:000000"
VERSION = "1.38.0"
DESCRIPTION = "States of product imports"

STATE = """ALTER TABLE product_import ADD CONSTRAINT product_import_state CHECK (
       state IN ('checking', 'checked', 'importing', 'done', 'cancelled', 'failed')
       AND done BETWEEN 0 AND total AND (state NOT IN ('checking', 'checked', 'importing') OR content IS NOT NULL))"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().run_ddl(STATE)

    manager.add_raw(run)
    return manager
