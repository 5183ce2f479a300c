"""Addresses of pictures that an import named, and how far fetching them has come."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import UUID, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

ID = "2026-11-29T16:00:00:000187"
VERSION = "1.38.0"
DESCRIPTION = "Pictures of other shops are fetched"

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


class PictureFetch(Table, tablename="picture_fetch", schema=None):
    id = UUID(**{**PLAIN, "default": None, "primary_key": True})


TO_THE_FETCH = {"references": PictureFetch, "on_delete": OnDelete.restrict, "on_update": OnUpdate.cascade}
COLUMNS: tuple[tuple[str, str, type[Column], dict[str, Any]], ...] = (
    ("PictureFetch", "id", UUID, {"default": None, "primary_key": True}),
    ("PictureFetch", "key", Varchar, {"length": 64, "default": "", "unique": True}),
    ("PictureFetch", "address", Text, {"default": ""}),
    ("PictureFetch", "host", Varchar, {"length": 255, "default": ""}),
    ("PictureFetch", "state", Varchar, {"length": 8, "default": "waiting"}),
    ("PictureFetch", "why", Text, {"default": ""}),
    ("PictureFetch", "tries", Integer, {"default": 0}),
    ("PictureFetch", "wanted_at", Timestamptz, {"default": None}),
    ("PictureFetch", "next_at", Timestamptz, {"default": None}),
    ("PictureFetch", "path", Text, {"default": ""}),
    ("PictureFetch", "width", Integer, {"default": 0}),
    ("PictureFetch", "height", Integer, {"default": 0}),
    ("Picture", "brought_by", UUID, {"default": None, "null": True}),
    ("Picture", "source", ForeignKey, {**TO_THE_FETCH, "target_column": None, "null": True, "index": True}),
)
TABLES = {"PictureFetch": "picture_fetch", "Picture": "picture"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    manager.add_table(class_name="PictureFetch", tablename="picture_fetch", schema=None)
    for table_class, name, column, params in COLUMNS:
        manager.add_column(
            table_class_name=table_class,
            tablename=TABLES[table_class],
            column_name=name,
            db_column_name=name,
            column_class_name=column.__name__,
            column_class=column,
            params={**PLAIN, **params},
            schema=None,
        )
    return manager
