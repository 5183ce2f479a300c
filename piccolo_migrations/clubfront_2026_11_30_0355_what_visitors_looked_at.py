"""What visitors looked at: counts of days, and the visits of those who agreed."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, Boolean, Date, Integer, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T02:00:00:000355"
VERSION = "1.38.0"
DESCRIPTION = "What visitors looked at"

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
    ("VisitConsent", "visit_consent"): (
        ("id", UUID, KEY),
        ("given_at", Timestamptz, {"default": None}),
        ("asked", Varchar, {"length": 8, "default": "asked"}),
        ("person", UUID, {"default": None, "null": True, "index": True}),
    ),
    ("PageView", "page_view"): (
        ("id", UUID, KEY),
        ("at", Timestamptz, {"default": None}),
        ("day", Date, {"default": None}),
        ("visitor", UUID, {"default": None}),
        ("person", UUID, OPTIONAL),
        ("kind", Varchar, {"length": 12, "default": ""}),
        ("subject", Varchar, {"length": 160, "default": ""}),
        ("is_member", Boolean, {"default": False}),
    ),
    ("ViewCount", "view_count"): (
        ("id", UUID, KEY),
        ("day", Date, {"default": None}),
        ("kind", Varchar, {"length": 12, "default": ""}),
        ("subject", Varchar, {"length": 160, "default": ""}),
        ("is_member", Boolean, {"default": False}),
        ("times", Integer, {"default": 0}),
        ("empty_times", Integer, {"default": 0}),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for (name, table), columns in TABLES.items():
        manager.add_table(class_name=name, tablename=table, schema=None, columns=None)
        for column, kind, params in columns:
            _add(manager, name, table, column, kind, params)
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
