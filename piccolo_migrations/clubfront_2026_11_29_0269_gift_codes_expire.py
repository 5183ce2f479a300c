"""Until when the code of a gift can be redeemed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Timestamptz
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-29T20:00:00:000269"
VERSION = "1.38.0"
DESCRIPTION = "Gift codes expire"

COLUMNS = (("expires_at", Timestamptz),)
PARAMS = {
    "default": None, "null": True, "primary_key": False, "unique": False, "index": False,
    "index_method": IndexMethod.btree, "choices": None, "db_column_name": None, "secret": False,
}  # fmt: skip


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for name, column in COLUMNS:
        manager.add_column(
            table_class_name="GiftMembership",
            tablename="gift_membership",
            column_name=name,
            db_column_name=name,
            column_class_name=column.__name__,
            column_class=column,
            params=PARAMS,
            schema=None,
        )
    return manager
