"""Suggestions with the rows behind them, what staff said of them, and how the last look for each kind ended."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, BigInt, BigSerial, Integer, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T03:00:00:000430"
VERSION = "1.38.0"
DESCRIPTION = "Suggestions"

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
MAY_LACK = {"default": None, "null": True}
Columns = tuple[tuple[str, type[Any], dict[str, Any]], ...]
SUGGESTION: Columns = (
    ("id", UUID, {"default": None, "primary_key": True}),
    ("kind", Varchar, {"length": 24, "default": ""}),
    ("subject", Varchar, {"length": 160, "default": ""}),
    ("name", Varchar, {"length": 160, "default": ""}),
    ("detail", Varchar, {"length": 160, "default": ""}),
    ("evidence", BigInt, {"default": 0}),
    ("marked", BigInt, {"default": 0}),
    ("people", BigInt, {"default": 0}),
    ("amount", BigInt, {"default": 0}),
    ("currency", Varchar, {"length": 3, "default": ""}),
    ("since", Timestamptz, NOTHING),
    ("until", Timestamptz, NOTHING),
    ("first_found_at", Timestamptz, NOTHING),
    ("found_at", Timestamptz, NOTHING),
    ("gone_at", Timestamptz, MAY_LACK),
    ("state", Varchar, {"length": 9, "default": "open"}),
    ("snoozed_until", Timestamptz, MAY_LACK),
)
DECISION: Columns = (
    ("id", UUID, {"default": None, "primary_key": True}),
    ("suggestion", UUID, {"default": None, "index": True}),
    ("state", Varchar, {"length": 9, "default": ""}),
    ("reason", Text, {"default": ""}),
    ("until", Timestamptz, MAY_LACK),
    ("by", UUID, MAY_LACK),
    ("at", Timestamptz, NOTHING),
)
LOOK: Columns = (
    ("kind", Varchar, {"length": 24, "default": None, "primary_key": True}),
    ("at", Timestamptz, NOTHING),
    ("subjects", Integer, {"default": 0}),
    ("found", Integer, {"default": 0}),
    ("most", BigInt, {"default": 0}),
    ("trouble", Varchar, {"length": 200, "default": ""}),
)
ROW: Columns = (
    ("id", BigSerial, {"primary_key": True}),
    ("suggestion", UUID, NOTHING),
    ("number", Integer, {"default": 0}),
    ("person", UUID, MAY_LACK),
    ("at", Timestamptz, NOTHING),
    ("what", Varchar, {"length": 300, "default": ""}),
    ("reference", Varchar, {"length": 80, "default": ""}),
    ("times", Integer, {"default": 0}),
    ("amount", BigInt, {"default": 0}),
    ("other", BigInt, MAY_LACK),
)
TABLES = (
    ("Suggestion", "suggestion", SUGGESTION),
    ("SuggestionDecision", "suggestion_decision", DECISION),
    ("SuggestionLook", "suggestion_look", LOOK),
    ("SuggestionRow", "suggestion_row", ROW),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for name, table, columns in TABLES:
        manager.add_table(class_name=name, tablename=table, schema=None, columns=None)
        for column, kind, params in columns:
            manager.add_column(
                table_class_name=name,
                tablename=table,
                column_name=column,
                db_column_name=column,
                column_class_name=kind.__name__,
                column_class=kind,
                params=PLAIN | params,
                schema=None,
            )
    return manager
