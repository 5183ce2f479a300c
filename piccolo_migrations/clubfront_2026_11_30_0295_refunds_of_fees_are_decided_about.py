"""Staff decide what becomes of a membership whose fee was refunded in Stripe, and when they did is kept."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.column_types import UUID, Timestamptz
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T02:00:00:000295"
VERSION = "1.38.0"
DESCRIPTION = "Refunds of fees are decided about"

ADDED: tuple[tuple[str, type[Column]], ...] = (("reviewed_at", Timestamptz), ("reviewed_by", UUID))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for name, column in ADDED:
        manager.add_column(
            table_class_name="FeeRefund",
            tablename="fee_refund",
            column_name=name,
            db_column_name=name,
            column_class_name=column.__name__,
            column_class=column,
            params={
                "default": None,
                "null": True,
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
    return manager
