"""What is kept of figures, and the queue of whose have changed since."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, BigInt, BigSerial, Boolean, Date, Integer, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T03:00:00:000320"
VERSION = "1.38.0"
DESCRIPTION = "Kept figures"

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
    ("FigurePayerChange", "figure_payer_change"): (
        ("id", BigSerial, {"primary_key": True}),
        ("person", UUID, NOTHING),
    ),
    ("FigureMovement", "figure_movement"): (
        ("id", UUID, KEY),
        ("person", UUID, NOTHING),
        ("place", Integer, AMOUNT),
        ("at", Timestamptz, NOTHING),
        ("kind", Varchar, {"length": 12, "default": ""}),
        ("amount", BigInt, AMOUNT),
        ("balance", BigInt, AMOUNT),
        ("because", Varchar, {"length": 20, "default": ""}),
        ("month", Date, NOTHING),
        ("cohort", Date, {"default": None, "null": True}),
        ("is_left", Boolean, {"default": False}),
    ),
    ("FigureStanding", "figure_standing"): (
        ("person", UUID, KEY),
        ("a_month", BigInt, AMOUNT),
        ("a_year", BigInt, AMOUNT),
        ("since", Timestamptz, NOTHING),
    ),
    ("FigureMonth", "figure_month"): (
        ("id", UUID, KEY),
        ("month", Date, NOTHING),
        ("kind", Varchar, {"length": 12, "default": ""}),
        ("because", Varchar, {"length": 20, "default": ""}),
        ("amount", BigInt, AMOUNT),
        ("movements", BigInt, AMOUNT),
        ("people", BigInt, AMOUNT),
        ("members_left", BigInt, AMOUNT),
    ),
    ("FigureCohort", "figure_cohort"): (
        ("id", UUID, KEY),
        ("cohort", Date, NOTHING),
        ("month", Date, NOTHING),
        ("people", BigInt, AMOUNT),
        ("mrr", BigInt, AMOUNT),
        ("joined", BigInt, AMOUNT),
        ("opening", BigInt, AMOUNT),
    ),
    ("FigureState", "figure_state"): (
        ("is_only", Boolean, {"default": True, "primary_key": True}),
        ("zone", Varchar, {"length": 60, "default": ""}),
        ("rules", Integer, AMOUNT),
        ("paying", BigInt, AMOUNT),
        ("mrr", BigInt, AMOUNT),
        ("arr", BigInt, AMOUNT),
        ("rebuilt_at", Timestamptz, NOTHING),
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
