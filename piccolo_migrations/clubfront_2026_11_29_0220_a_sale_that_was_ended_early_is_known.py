"""A sale that staff ended before its time says so, and until when it would have run."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Timestamptz
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-29T20:00:00:000220"
VERSION = "1.38.0"
DESCRIPTION = "A sale that was ended early is known"

PARAMS: dict[str, Any] = {
    "default": None,
    "null": True,
    "primary_key": False,
    "unique": False,
    "index": False,
    "index_method": IndexMethod.btree,
    "choices": None,
    "db_column_name": None,
    "secret": False,
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for name in ("stopped_at", "planned_until"):
        manager.add_column(
            table_class_name="SalePrice",
            tablename="sale_price",
            column_name=name,
            db_column_name=name,
            column_class_name="Timestamptz",
            column_class=Timestamptz,
            params=PARAMS,
            schema=None,
        )
    return manager
