"""The rows of what staff have deleted, for a month."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.column_types import JSON, UUID, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-29T16:00:00:000189"
VERSION = "1.38.0"
DESCRIPTION = "What was deleted can be brought back"

PLAIN: dict[str, Any] = {
    "null": False,
    "primary_key": False,
    "unique": False,
    "index": False,
    "index_method": IndexMethod.btree,
    "choices": None,
    "db_column_name": None,
    "secret": False,
}
COLUMNS: tuple[tuple[str, type[Column], dict[str, Any]], ...] = (
    ("id", UUID, {"default": None, "primary_key": True}),
    ("kind", Varchar, {"length": 30, "default": ""}),
    ("name", Varchar, {"length": 255, "default": ""}),
    ("path", Varchar, {"length": 300, "default": ""}),
    ("parts", JSON, {"default": "{}"}),
    ("deleted_at", Timestamptz, {"default": None, "index": True}),
    ("deleted_by", UUID, {"default": None, "null": True}),
    ("restored_at", Timestamptz, {"default": None, "null": True}),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    manager.add_table(class_name="DeletedThing", tablename="deleted_thing", schema=None)
    for name, column, params in COLUMNS:
        manager.add_column(
            table_class_name="DeletedThing",
            tablename="deleted_thing",
            column_name=name,
            db_column_name=name,
            column_class_name=column.__name__,
            column_class=column,
            params={**PLAIN, **params},
            schema=None,
        )
    return manager
