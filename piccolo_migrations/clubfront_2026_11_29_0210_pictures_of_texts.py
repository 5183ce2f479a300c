"""The pictures that were uploaded for articles and pages."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.column_types import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-29T21:00:00:000210"
VERSION = "1.38.0"
DESCRIPTION = "Pictures of articles and pages"

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
    ("path", Varchar, {"length": 40, "default": "", "unique": True}),
    ("alt", Text, {"default": ""}),
    ("width", Integer, {"default": 0}),
    ("height", Integer, {"default": 0}),
    ("uploaded_at", Timestamptz, {"default": None, "index": True}),
    ("uploaded_by", UUID, {"default": None, "null": True}),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    manager.add_table(class_name="ContentPicture", tablename="content_picture", schema=None)
    for name, column, params in COLUMNS:
        manager.add_column(
            table_class_name="ContentPicture",
            tablename="content_picture",
            column_name=name,
            db_column_name=name,
            column_class_name=column.__name__,
            column_class=column,
            params={**PLAIN, **params},
            schema=None,
        )
    return manager
