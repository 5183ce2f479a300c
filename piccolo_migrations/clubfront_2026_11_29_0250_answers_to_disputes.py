"""What staff say about a dispute: drafts of evidence and answers; how often evidence was sent."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import JSON, UUID, Integer, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-29T23:00:00:000250"
VERSION = "1.38.0"
DESCRIPTION = "Answers to disputes"

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
    ("DisputeDraft", "dispute_draft"): (
        ("id", UUID, KEY),
        ("dispute", Varchar, {"length": 100, "default": "", "index": True}),
        ("number", Integer, {"default": 1}),
        ("fields", JSON, {"default": "{}"}),
        ("saved_at", Timestamptz, {"default": None}),
        ("saved_by", UUID, OPTIONAL),
    ),
    ("DisputeAnswer", "dispute_answer"): (
        ("id", UUID, KEY),
        ("dispute", Varchar, {"length": 100, "default": "", "index": True}),
        ("turn", Integer, {"default": 0}),
        ("kind", Varchar, {"length": 12, "default": ""}),
        ("draft", UUID, OPTIONAL),
        ("asked_at", Timestamptz, {"default": None}),
        ("asked_by", UUID, OPTIONAL),
        ("outcome", Varchar, {"length": 12, "default": ""}),
        ("settled_at", Timestamptz, OPTIONAL),
        ("why", Text, {"default": ""}),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for (name, table), columns in TABLES.items():
        manager.add_table(class_name=name, tablename=table, schema=None, columns=None)
        for column, kind, params in columns:
            _add(manager, name, table, column, kind, params)
    _add(manager, "MirroredDispute", "mirrored_dispute", "submissions", Integer, {"default": 0})
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
