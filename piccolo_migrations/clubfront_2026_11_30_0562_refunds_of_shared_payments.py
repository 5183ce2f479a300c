"""A refund made in Stripe of a payment that an order and a fee shared is of both."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, BigInt
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T18:10:00:000562"
VERSION = "1.38.0"
DESCRIPTION = "Refunds of shared payments"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    manager.add_column(
        table_class_name="MirroredRefund",
        tablename="mirrored_refund",
        column_name="along",
        db_column_name="along",
        column_class_name="UUID",
        column_class=UUID,
        params={
            "default": None,
            "null": True,
            "primary_key": False,
            "unique": False,
            "index": True,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="MirroredRefund",
        tablename="mirrored_refund",
        column_name="along_amount",
        db_column_name="along_amount",
        column_class_name="BigInt",
        column_class=BigInt,
        params={
            "default": 0,
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

    return manager
