"""A SKU belongs to one variant, except to those that came with it from another shop."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T16:01:00:000185"
VERSION = "1.38.0"
DESCRIPTION = "A SKU is one variant's unless it is shared"

STATEMENTS = ("CREATE UNIQUE INDEX variant_sku_once ON variant (sku) WHERE NOT shares_sku",)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
