"""Files that go to the bank with evidence, and what a card's issuer warns of."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import JSON, UUID, Boolean, Bytea, Integer, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T02:00:00:000307"
VERSION = "1.38.0"
DESCRIPTION = "Files of evidence, and fraud warnings"

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
    ("DisputeFile", "dispute_file"): (
        ("id", UUID, KEY),
        ("dispute", Varchar, {"length": 100, "default": "", "index": True}),
        ("field", Varchar, {"length": 40, "default": ""}),
        ("name", Varchar, {"length": 120, "default": ""}),
        ("media", Varchar, {"length": 20, "default": ""}),
        ("size", Integer, {"default": 0}),
        ("content", Bytea, {"default": b""}),
        ("stripe_id", Varchar, {"length": 100, **OPTIONAL}),
        ("added_at", Timestamptz, {"default": None}),
        ("added_by", UUID, OPTIONAL),
        ("removed_at", Timestamptz, OPTIONAL),
    ),
    ("MirroredFraudWarning", "mirrored_fraud_warning"): (
        ("stripe_id", Varchar, {"length": 100, **KEY}),
        ("payment_intent", Varchar, {"length": 100, "default": "", "index": True}),
        ("reference_id", UUID, {"default": None, "index": True}),
        ("fraud_type", Varchar, {"length": 60, "default": ""}),
        ("is_actionable", Boolean, {"default": False}),
        ("created_at", Timestamptz, {"default": None}),
        ("mirrored_at", Timestamptz, {"default": None}),
        ("decided_at", Timestamptz, OPTIONAL),
        ("decided_by", UUID, OPTIONAL),
        ("words", Text, {"default": ""}),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for (name, table), columns in TABLES.items():
        manager.add_table(class_name=name, tablename=table, schema=None, columns=None)
        for column, kind, params in columns:
            _add(manager, name, table, column, kind, params)
    _add(manager, "DisputeAnswer", "dispute_answer", "files", JSON, {"default": "[]"})
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
