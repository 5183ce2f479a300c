"""What came in and went out on each day, and the queue of days that have changed since."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, BigInt, BigSerial, Date, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T03:00:00:000322"
VERSION = "1.38.0"
DESCRIPTION = "Kept figures of days"

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
AMOUNT = {"default": 0}
NOTHING = {"default": None}
TABLES: dict[tuple[str, str], tuple[tuple[str, type[Any], dict[str, Any]], ...]] = {
    ("FigureDayChange", "figure_day_change"): (
        ("id", BigSerial, {"primary_key": True}),
        ("at", Timestamptz, NOTHING),
    ),
    ("FigureDay", "figure_day"): (
        ("id", UUID, KEY),
        ("day", Date, {"default": None, "index": True}),
        ("source", Varchar, {"length": 12, "default": ""}),
        ("plan", UUID, {"default": None, "null": True}),
        ("kind", Varchar, {"length": 40, "default": ""}),
        ("number", BigInt, AMOUNT),
        ("amount", BigInt, AMOUNT),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for (name, table), columns in TABLES.items():
        manager.add_table(class_name=name, tablename=table, schema=None, columns=None)
        for column, kind, params in columns:
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
    return manager
