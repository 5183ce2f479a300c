"""How a collection is filled and ordered; the order that staff give its products."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Array, BigInt, Boolean, Integer, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-29T21:00:00:000211"
VERSION = "1.38.0"
DESCRIPTION = "Collections have rules and an order"

WORDS: dict[str, Any] = {"base_column": Varchar(length=255), "default": list}
COLUMNS: tuple[tuple[str, str, str, Any, dict[str, Any]], ...] = (
    ("Collection", "collection", "sort", Varchar, {"length": 10, "default": "shelf"}),
    ("Collection", "collection", "is_ruled", Boolean, {"default": False}),
    ("Collection", "collection", "rule_tags", Array, WORDS),
    ("Collection", "collection", "rule_kinds", Array, WORDS),
    ("Collection", "collection", "rule_vendors", Array, WORDS),
    ("Collection", "collection", "rule_least", BigInt, {"default": None, "null": True}),
    ("Collection", "collection", "rule_most", BigInt, {"default": None, "null": True}),
    ("CollectionProduct", "collection_product", "position", Integer, {"default": 0}),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for table_class, table, column, kind, own in COLUMNS:
        manager.add_column(
            table_class_name=table_class,
            tablename=table,
            column_name=column,
            db_column_name=column,
            column_class_name=kind.__name__,
            column_class=kind,
            params={
                "null": False,
                "primary_key": False,
                "unique": False,
                "index": False,
                "index_method": IndexMethod.btree,
                "choices": None,
                "db_column_name": None,
                "secret": False,
                **own,
            },
            schema=None,
        )
    return manager
