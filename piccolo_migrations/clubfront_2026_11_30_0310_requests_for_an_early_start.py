"""Whether a membership should begin before the days to withdraw are over."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, Boolean, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T02:00:00:000310"
VERSION = "1.38.0"
DESCRIPTION = "Requests for an early start"

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
KEY = {"default": None, "primary_key": True}
OPTIONAL = {"default": None, "null": True}
TABLES: dict[tuple[str, str], tuple[tuple[str, type[Any], dict[str, Any]], ...]] = {
    ("EarlyStart", "early_start"): (
        ("id", UUID, KEY),
        ("person", UUID, {"default": None, "index": True}),
        ("plan_version", UUID, {"default": None}),
        ("gift", UUID, {**OPTIONAL, "index": True}),
        ("is_wanted", Boolean, {"default": False}),
        ("words", Text, {"default": ""}),
        ("language", Varchar, {"length": 12, "default": "en"}),
        ("country", Varchar, {"length": 2, "default": ""}),
        ("at", Timestamptz, {"default": None}),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for (name, table), columns in TABLES.items():
        manager.add_table(class_name=name, tablename=table, schema=None, columns=None)
        for column, kind, params in columns:
            _add(manager, name, table, column, kind, params)
    return manager


def _add(
    manager: MigrationManager, name: str, table: str, column: str, kind: type[Any], params: dict[str, Any]
) -> None:
    manager.add_column(
        table_class_name=name,
        tablename=table,
        column_name=column,
        db_column_name=column,
        column_class_name=kind.__name__,
        column_class=kind,
        params={**PLAIN, **params},
        schema=None,
    )
