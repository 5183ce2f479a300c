"""How late a first payment was, and that the renewal was moved by as long."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import BigInt, Timestamptz
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-29T20:00:00:000200"
VERSION = "1.38.0"
DESCRIPTION = "First payments that take days"

COLUMNS = (("late_by", BigInt), ("late_moved_at", Timestamptz))
PARAMS = {
    "default": None, "null": True, "primary_key": False, "unique": False, "index": False,
    "index_method": IndexMethod.btree, "choices": None, "db_column_name": None, "secret": False,
}  # fmt: skip


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for name, column in COLUMNS:
        manager.add_column(
            table_class_name="Subscription",
            tablename="subscription",
            column_name=name,
            db_column_name=name,
            column_class_name=column.__name__,
            column_class=column,
            params=PARAMS,
            schema=None,
        )
    return manager
