"""Experiments read whether a price is on offer at the instant in which they promise it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-12-01T00:00:00:000616"
VERSION = "1.38.0"
DESCRIPTION = "Prices on offer"

STATEMENTS = (
    """CREATE OR REPLACE VIEW experiments_prices AS
       SELECT v.id, p.name AS plan, v.price, v.currency, b.name AS benefit,
         p.is_offered AND v.until_at IS NULL AS is_on_offer
       FROM plan_version v JOIN plan p ON p.id = v.plan LEFT JOIN plan_variant w ON w.id = v.variant
       LEFT JOIN benefit b ON b.id = w.benefit""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
