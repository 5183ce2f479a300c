"""What each plan had of the movements, by month and by cohort."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, BigInt, Boolean, Date, Integer, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T03:00:00:000350"
VERSION = "1.38.0"
DESCRIPTION = "Kept figures of plans"

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
MAYBE = {"default": None, "null": True}
NO = {"default": False}


def _words(length: int) -> dict[str, Any]:
    return {"length": length, "default": ""}


Columns = tuple[tuple[str, type[Any], dict[str, Any]], ...]
TABLES: dict[tuple[str, str], Columns] = {
    ("FigurePlanMovement", "figure_plan_movement"): (
        ("id", UUID, KEY),
        ("person", UUID, NOTHING),
        ("at", Timestamptz, NOTHING),
        ("month", Date, NOTHING),
        ("plan", UUID, MAYBE),
        ("every", Varchar, _words(20)),
        ("kind", Varchar, _words(12)),
        ("because", Varchar, _words(20)),
        ("turn", Varchar, _words(3)),
        ("amount", BigInt, AMOUNT),
        ("people", Integer, AMOUNT),
        ("is_left", Boolean, NO),
        ("is_plan_left", Boolean, NO),
    ),
    ("FigurePlanMonth", "figure_plan_month"): (
        ("id", UUID, KEY),
        ("month", Date, NOTHING),
        ("plan", UUID, MAYBE),
        ("every", Varchar, _words(20)),
        ("kind", Varchar, _words(12)),
        ("because", Varchar, _words(20)),
        ("turn", Varchar, _words(3)),
        ("amount", BigInt, AMOUNT),
        ("movements", BigInt, AMOUNT),
        ("people", BigInt, AMOUNT),
        ("members_left", BigInt, AMOUNT),
        ("plan_left", BigInt, AMOUNT),
    ),
}
MORE: dict[tuple[str, str], Columns] = {
    ("FigureMovement", "figure_movement"): (
        ("joined_plan", UUID, MAYBE),
        ("joined_every", Varchar, _words(20)),
    ),
    ("FigureCohort", "figure_cohort"): (
        ("plan", UUID, MAYBE),
        ("every", Varchar, _words(20)),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for name, table in TABLES:
        manager.add_table(class_name=name, tablename=table, schema=None, columns=None)
    for (name, table), columns in (TABLES | MORE).items():
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
