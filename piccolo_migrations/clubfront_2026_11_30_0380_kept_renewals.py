"""Each renewal that was or will be due, and whether it was made."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, BigInt, Boolean, Integer, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T03:00:00:000380"
VERSION = "1.38.0"
DESCRIPTION = "Kept renewals"

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
NOTHING = {"default": None}
COLUMNS: tuple[tuple[str, type[Any], dict[str, Any]], ...] = (
    ("id", UUID, {"default": None, "primary_key": True}),
    ("person", UUID, {"default": None, "index": True}),
    ("subscription", UUID, NOTHING),
    ("plan", UUID, NOTHING),
    ("interval", Varchar, {"length": 8, "default": ""}),
    ("interval_count", Integer, {"default": 0}),
    ("fee", BigInt, {"default": 0}),
    ("at", Timestamptz, NOTHING),
    ("is_renewed", Boolean, {"default": False}),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    manager.add_table(class_name="FigureRenewal", tablename="figure_renewal", schema=None, columns=None)
    for column, kind, params in COLUMNS:
        manager.add_column(
            table_class_name="FigureRenewal",
            tablename="figure_renewal",
            column_name=column,
            db_column_name=column,
            column_class_name=kind.__name__,
            column_class=kind,
            params={**PLAIN, **params},
            schema=None,
        )
    return manager
