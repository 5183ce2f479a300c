"""Backups that were made and proven, and whether the shop has moved elsewhere."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, BigInt, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-29T15:30:00:000192"
VERSION = "1.38.0"
DESCRIPTION = "Kept backups, and a shop that has moved"

COLUMNS = {
    ("KeptBackup", "kept_backup"): (
        ("id", UUID, {"default": None, "primary_key": True}),
        ("name", Varchar, {"default": "", "length": 120}),
        ("place", Varchar, {"default": "", "length": 300}),
        ("is_encrypted", Boolean, {"default": False}),
        ("begun_at", Timestamptz, {"default": None, "index": True}),
        ("ended_at", Timestamptz, {"default": None, "null": True}),
        ("size", BigInt, {"default": 0}),
        ("failure", Text, {"default": ""}),
        ("tried_at", Timestamptz, {"default": None, "null": True}),
        ("proven_at", Timestamptz, {"default": None, "null": True}),
        ("proof_failure", Text, {"default": ""}),
        ("proof_seconds", Integer, {"default": 0}),
        ("proven_rows", BigInt, {"default": 0}),
        ("inconsistent", Integer, {"default": 0}),
        ("deleted_at", Timestamptz, {"default": None, "null": True}),
        ("by", UUID, {"default": None, "null": True}),
    ),
    ("MovedShop", "moved_shop"): (
        ("is_moved", Boolean, {"default": True, "primary_key": True}),
        ("at", Timestamptz, {"default": None}),
        ("moved_to", Varchar, {"default": "", "length": 200}),
    ),
}
PLAIN = {
    "null": False, "primary_key": False, "unique": False, "index": False, "index_method": IndexMethod.btree,
    "choices": None, "db_column_name": None, "secret": False,
}  # fmt: skip


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for (table_class, table), columns in COLUMNS.items():
        manager.add_table(class_name=table_class, tablename=table, schema=None, columns=None)
        for name, column, params in columns:
            manager.add_column(
                table_class_name=table_class,
                tablename=table,
                column_name=name,
                db_column_name=name,
                column_class_name=column.__name__,
                column_class=column,
                params=PLAIN | params,
                schema=None,
            )
    return manager
