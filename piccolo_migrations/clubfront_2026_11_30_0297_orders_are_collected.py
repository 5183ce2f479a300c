"""An order that is picked up is collected at a time of its own, after it was ready."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.column_types import UUID, Timestamptz
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T02:00:00:000297"
VERSION = "1.38.0"
DESCRIPTION = "Orders are collected"

ADDED: tuple[tuple[str, type[Column]], ...] = (("collected_at", Timestamptz), ("collected_by", UUID))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for name, column in ADDED:
        manager.add_column(
            table_class_name="Fulfilment",
            tablename="fulfilment",
            column_name=name,
            db_column_name=name,
            column_class_name=column.__name__,
            column_class=column,
            params={
                "default": None,
                "null": True,
                "primary_key": False,
                "unique": False,
                "index": False,
                "index_method": IndexMethod.btree,
                "choices": None,
                "db_column_name": None,
                "secret": False,
            },
            schema=None,
        )
    return manager
