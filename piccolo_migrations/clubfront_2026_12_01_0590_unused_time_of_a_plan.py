"""What a change of plan deducted for time that was paid for and not used is mirrored with its invoice."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import BigInt
from piccolo.columns.indexes import IndexMethod

ID = "2026-12-01T00:00:00:000590"
VERSION = "1.38.0"
DESCRIPTION = "Unused time of the plan before is mirrored with the invoice"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    manager.add_column(
        table_class_name="MirroredInvoice",
        tablename="mirrored_invoice",
        column_name="unused",
        db_column_name="unused",
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
