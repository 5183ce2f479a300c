"""The rules a campaign began with, and how long the text of marketing e-mails is kept."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import JSON, Integer, Timestamptz
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T17:00:00:000520"
VERSION = "1.38.0"
DESCRIPTION = "What campaigns began with, and how long e-mails are kept"

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
NULLABLE = {"default": None, "null": True}
COLUMNS: tuple[tuple[str, str, str, type[Any], dict[str, Any]], ...] = (
    ("Campaign", "campaign", "rules", JSON, NULLABLE),
    ("MailingRules", "mailing_rules", "keep_months", Integer, {"default": 12}),
    ("Email", "email", "emptied_at", Timestamptz, NULLABLE),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for name, table, column, kind, params in COLUMNS:
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
