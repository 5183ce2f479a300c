"""What the files of an earlier shop said of its customers, and their orders there."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.column_types import JSON, UUID, Array, BigInt, Boolean, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-29T16:00:00:000198"
VERSION = "1.38.0"
DESCRIPTION = "Customers and orders of an earlier shop"

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
LIST = {"default": list, "base_column": Text(default="", **PLAIN)}
Columns = tuple[tuple[str, type[Column], dict[str, Any]], ...]
OLD_CUSTOMER: Columns = (
    ("id", UUID, KEY),
    ("person", UUID, {"default": None, "unique": True}),
    ("run", UUID, {"default": None, "index": True}),
    ("file", Varchar, {"length": 255, "default": ""}),
    ("made_person", Boolean, {"default": False}),
    ("consent", Varchar, {"length": 3, "default": ""}),
    ("consent_words", Varchar, {"length": 200, "default": ""}),
    ("consent_at", Timestamptz, OPTIONAL),
    ("tags", Array, LIST),
    ("note", Text, {"default": ""}),
    ("leftover", Array, LIST),
    ("imported_at", Timestamptz, {"default": None}),
)
OLD_ORDER: Columns = (
    ("id", UUID, KEY),
    ("run", UUID, {"default": None, "index": True}),
    ("file", Varchar, {"length": 255, "default": ""}),
    ("number", Varchar, {"length": 60, "default": "", "index": True}),
    ("placed_at", Timestamptz, {"default": None}),
    ("email", Varchar, {"length": 254, "default": "", "index": True}),
    ("name", Varchar, {"length": 200, "default": ""}),
    ("address", Text, {"default": ""}),
    ("currency", Varchar, {"length": 3, "default": ""}),
    ("lines", JSON, {"default": "{}"}),
    *((name, BigInt, OPTIONAL) for name in ("goods", "discount", "delivery", "tax")),
    ("total", BigInt, {"default": 0}),
    ("refunded", BigInt, {"default": 0}),
    ("statuses", Array, LIST),
    ("imported_at", Timestamptz, {"default": None}),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for table, columns in (("OldCustomer", OLD_CUSTOMER), ("OldOrder", OLD_ORDER)):
        stored = "old_customer" if table == "OldCustomer" else "old_order"
        manager.add_table(class_name=table, tablename=stored, schema=None)
        for name, column, params in columns:
            manager.add_column(
                table_class_name=table,
                tablename=stored,
                column_name=name,
                db_column_name=name,
                column_class_name=column.__name__,
                column_class=column,
                params={**PLAIN, **params},
                schema=None,
            )
    return manager
