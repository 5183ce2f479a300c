"""Imported files keep how they are written; the SKUs of other shops may repeat."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import JSON, Boolean, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-29T16:00:00:000184"
VERSION = "1.38.0"
DESCRIPTION = "Files as they are written, and SKUs that repeat"

COLUMNS: tuple[tuple[str, str, str, Any, dict[str, Any]], ...] = (
    ("ImportedFile", "imported_file", "columns", JSON, {"default": "{}"}),
    ("ImportedFile", "imported_file", "encoding", Varchar, {"length": 20, "default": "utf-8"}),
    ("ImportedFile", "imported_file", "separator", Varchar, {"length": 1, "default": ","}),
    ("ProductImport", "product_import", "columns", JSON, {"default": "{}"}),
    ("ProductImport", "product_import", "encoding", Varchar, {"length": 20, "default": ""}),
    ("Variant", "variant", "shares_sku", Boolean, {"default": False}),
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
                **own,
                "null": False,
                "primary_key": False,
                "unique": False,
                "index": False,
                "index_method": IndexMethod.btree,
                "choices": None,
                "db_column_name": None,
                "secret": False,
            },
            schema=None,
        )
    manager.alter_column(
        table_class_name="Variant",
        tablename="variant",
        column_name="sku",
        db_column_name="sku",
        params={"unique": False, "index": True},
        old_params={"unique": True, "index": False},
        column_class=Varchar,
        old_column_class=Varchar,
        schema=None,
    )
    return manager
