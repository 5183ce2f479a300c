"""Fees of each day by country, how engaged members are, and who left a plan, an interval or both. All of it can be
worked out anew."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, BigInt, Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T11:00:00:000435"
VERSION = "1.38.0"
DESCRIPTION = "Kept fees of days, and engagement"

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
NUMBER, NOTHING = {"default": 0}, {"default": None}
NEW = {("FigureFeeDay", "figure_fee_day"), ("EngagementScore", "engagement_score")}
COLUMNS: dict[tuple[str, str], tuple[tuple[str, type[Any], dict[str, Any]], ...]] = {
    ("FigureFeeDay", "figure_fee_day"): (
        ("id", UUID, {"default": None, "primary_key": True}),
        ("day", Date, {"default": None, "index": True}),
        ("country", Varchar, {"length": 2, "default": ""}),
        ("taxes", Text, {"default": None, "null": True}),
        ("number", BigInt, NUMBER),
        ("amount", BigInt, NUMBER),
        ("tax", BigInt, NUMBER),
    ),
    ("EngagementScore", "engagement_score"): (
        ("person", UUID, {"default": None, "primary_key": True}),
        ("score", Integer, NUMBER),
        ("recency", Integer, NUMBER),
        ("frequency", Integer, NUMBER),
        ("benefits", Integer, NUMBER),
        ("last_at", Timestamptz, {"default": None, "null": True}),
        ("days", Integer, NUMBER),
        ("uses", Integer, NUMBER),
        ("noted_at", Timestamptz, NOTHING),
    ),
    ("FigurePlanMovement", "figure_plan_movement"): (
        ("is_every_left", Boolean, {"default": False}),
        ("is_both_left", Boolean, {"default": False}),
    ),
    ("FigurePlanMonth", "figure_plan_month"): (
        ("every_left", BigInt, NUMBER),
        ("both_left", BigInt, NUMBER),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for (name, table), columns in COLUMNS.items():
        if (name, table) in NEW:
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
    for name, table in (("FigurePlanMovement", "figure_plan_movement"), ("FigurePlanMonth", "figure_plan_month")):
        manager.alter_column(
            table_class_name=name,
            tablename=table,
            column_name="turn",
            db_column_name="turn",
            params={"length": 9},
            old_params={"length": 3},
            column_class=Varchar,
            old_column_class=Varchar,
            schema=None,
        )
    return manager
