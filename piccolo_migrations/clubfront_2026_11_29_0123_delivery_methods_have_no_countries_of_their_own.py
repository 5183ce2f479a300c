"""The countries of a delivery method are those of its zones."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-29T04:13:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Delivery methods have no countries of their own"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    manager.drop_column(
        table_class_name="DeliveryMethod",
        tablename="delivery_method",
        column_name="countries",
        db_column_name="countries",
        schema=None,
    )

    return manager
