"""What Piccolo cannot express of delivery dates and changed addresses."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T11:00:00:000161"
VERSION = "1.38.0"
DESCRIPTION = "Delivery dates are spans"

STATEMENTS = (
    """ALTER TABLE delivery_method ADD CONSTRAINT delivery_transit_is_a_span
       CHECK ((transit_least IS NULL) = (transit_most IS NULL) AND transit_least >= 0 AND transit_most >= transit_least
         AND carrier_days ~ '^[1-7]{1,7}$')""",
    "ALTER TABLE closed_days ADD CONSTRAINT closed_days_are_a_span CHECK (last_day >= first_day)",
    'CREATE INDEX order_address_change_by_order ON order_address_change ("order")',
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
