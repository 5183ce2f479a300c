"""Pairs of products that are bought together, words to join for segments, and who wants nothing chosen for them."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, DoublePrecision, Integer, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T02:00:00:000410"
VERSION = "1.38.0"
DESCRIPTION = "What is bought together, words to join for segments, and who wants nothing chosen for them"

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
NONE: dict[str, Any] = {"default": None}
TABLES: dict[tuple[str, str], tuple[tuple[str, type[Any], dict[str, Any]], ...]] = {
    ("SoldProduct", "sold_product"): (
        ("product", UUID, KEY),
        ("orders", Integer, {"default": 0}),
        ("counted_at", Timestamptz, {"default": None, "index": True}),
    ),
    ("ProductPair", "product_pair"): (
        ("id", UUID, KEY),
        ("product", UUID, NONE),
        ("other", UUID, NONE),
        ("together", Integer, {"default": 0}),
        ("buyers", Integer, {"default": 0}),
        ("score", DoublePrecision, {"default": 0.0}),
    ),
    ("JoinWords", "join_words"): (
        ("id", UUID, KEY),
        ("segment", UUID, NONE),
        ("position", Integer, {"default": 0}),
        ("title", Varchar, {"length": 120, "default": ""}),
        ("text", Text, {"default": ""}),
        ("changed_at", Timestamptz, NONE),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for (name, table), columns in TABLES.items():
        manager.add_table(class_name=name, tablename=table, schema=None, columns=None)
        for column, kind, params in columns:
            _add(manager, name, table, column, kind, params)
    _add(manager, "Person", "person", "personal_off_at", Timestamptz, {"default": None, "null": True})
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
