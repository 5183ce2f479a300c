"""What members are, what they and everybody else bought by month, and renewals by month. All can be worked out anew."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, Array, BigInt, BigSerial, Boolean, Date, Integer, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.indexes import IndexMethod

ID = "2026-12-01T00:00:00:000605"
VERSION = "1.38.0"
DESCRIPTION = "Figures of very many members"

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
NONE, NULL, KEY = {"default": None}, {"default": None, "null": True}, {"default": None, "primary_key": True}
NUMBER, NO = {"default": 0}, {"default": False}
COLUMNS: dict[tuple[str, str], tuple[tuple[str, type[Any], dict[str, Any]], ...]] = {
    ("FigureRenewalMonth", "figure_renewal_month"): (
        ("id", UUID, KEY),
        ("month", Date, NONE),
        ("plan", UUID, NONE),
        ("interval", Varchar, {"length": 8, "default": ""}),
        ("interval_count", Integer, NUMBER),
        ("made", BigInt, NUMBER),
        ("renewed", BigInt, NUMBER),
    ),
    ("FigureMember", "figure_member"): (
        ("person", UUID, KEY),
        ("part", Varchar, {"length": 12, "default": ""}),
        ("since", Timestamptz, NONE),
        ("until", Timestamptz, NONE),
    ),
    ("FigureMemberPart", "figure_member_part"): (
        ("part", Varchar, {"length": 12, **KEY}),
        ("number", BigInt, NUMBER),
    ),
    ("FigureBuyerChange", "figure_buyer_change"): (
        ("id", BigSerial, {"default": 0, "primary_key": True}),
        ("person", UUID, NONE),
    ),
    ("FigureBuyer", "figure_buyer"): (
        ("person", UUID, KEY),
        ("joined_at", Timestamptz, NULL),
        ("paid_at", Array, {"default": list, "base_column": Timestamptz(default=TimestamptzNow(), **PLAIN)}),
        ("totals", Array, {"default": list, "base_column": BigInt(default=0, **PLAIN)}),
        ("held", Array, {"default": list, "base_column": Boolean(default=False, **PLAIN)}),
    ),
    ("FigureBuyerMonth", "figure_buyer_month"): (
        ("id", UUID, KEY),
        ("month", Date, NONE),
        ("is_member", Boolean, NO),
        ("last_month", Date, NULL),
        ("month_before", Date, NULL),
        ("number", BigInt, NUMBER),
        ("amount", BigInt, NUMBER),
    ),
    ("FigureJoinerMonth", "figure_joiner_month"): (
        ("id", UUID, KEY),
        ("joined", Date, NONE),
        ("month", Date, NONE),
        ("is_since", Boolean, NO),
        ("number", BigInt, NUMBER),
        ("amount", BigInt, NUMBER),
        ("people", BigInt, NUMBER),
        ("again", BigInt, NUMBER),
        ("known", BigInt, NUMBER),
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
