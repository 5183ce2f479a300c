"""Sales of each day by country, and where each payer lived when they last paid. Both can be worked out anew."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, BigInt, Date, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T17:00:00:000490"
VERSION = "1.38.0"
DESCRIPTION = "Figures kept by country"

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
NUMBER = {"default": 0}
COLUMNS: dict[tuple[str, str], tuple[tuple[str, type[Any], dict[str, Any]], ...]] = {
    ("FigureSoldDay", "figure_sold_day"): (
        ("id", UUID, {"default": None, "primary_key": True}),
        ("day", Date, {"default": None}),
        ("country", Varchar, {"length": 2, "default": ""}),
        ("source", Varchar, {"length": 12, "default": ""}),
        ("kind", Varchar, {"length": 12, "default": ""}),
        ("number", BigInt, NUMBER),
        ("amount", BigInt, NUMBER),
    ),
    ("FigurePayerCountry", "figure_payer_country"): (
        ("person", UUID, {"default": None, "primary_key": True}),
        ("country", Varchar, {"length": 2, "default": ""}),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for (name, table), columns in COLUMNS.items():
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
