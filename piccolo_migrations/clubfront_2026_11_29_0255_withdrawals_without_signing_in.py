"""Withdrawals from contracts, declared without signing in."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.column_types import UUID, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-29T23:10:00:000255"
VERSION = "1.38.0"
DESCRIPTION = "Withdrawals without signing in"

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
    ("at", Timestamptz, {"default": None}),
    ("name", Varchar, {"length": 120, "default": ""}),
    ("email", Varchar, {"length": 254, "default": ""}),
    ("about", Varchar, {"length": 20, "default": ""}),
    ("number", Varchar, {"length": 120, "default": ""}),
    ("items", Text, {"default": ""}),
    ("language", Varchar, {"length": 12, "default": "en"}),
    ("settled_at", Timestamptz, {"default": None, "null": True}),
    ("outcome", Varchar, {"length": 10, "default": ""}),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    manager.add_table(class_name="Withdrawal", tablename="withdrawal", schema=None, columns=None)
    for name, column, params in COLUMNS:
        manager.add_column(
            table_class_name="Withdrawal",
            tablename="withdrawal",
            column_name=name,
            db_column_name=name,
            column_class_name=column.__name__,
            column_class=column,
            params={**PLAIN, **params},
            schema=None,
        )
    return manager
