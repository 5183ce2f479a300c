"""What staff said of the columns of files, for the next ones."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.column_types import JSON, UUID, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.constraints import Unique

ID = "2026-11-29T21:00:00:000213"
VERSION = "1.38.0"
DESCRIPTION = "Columns of files are remembered"

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
    ("source", Varchar, {"length": 20, "default": ""}),
    ("key", Varchar, {"length": 64, "default": ""}),
    ("columns", JSON, {"default": "{}"}),
    ("said_at", Timestamptz, {"default": None}),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    manager.add_table(class_name="ColumnChoice", tablename="column_choice", schema=None)
    for name, column, params in COLUMNS:
        manager.add_column(
            table_class_name="ColumnChoice",
            tablename="column_choice",
            column_name=name,
            db_column_name=name,
            column_class_name=column.__name__,
            column_class=column,
            params={**PLAIN, **params},
            schema=None,
        )
    manager.add_constraint(
        table_class_name="ColumnChoice",
        tablename="column_choice",
        constraint_name="once_per_header",
        constraint_class=Unique,
        params={"columns": ["source", "key"], "nulls_distinct": True},
        schema=None,
    )
    return manager
