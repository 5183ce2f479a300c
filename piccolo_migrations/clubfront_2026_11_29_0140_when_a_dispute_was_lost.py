"""When a dispute was seen to be lost."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Timestamptz
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-29T11:00:00:000140"
VERSION = "1.38.0"
DESCRIPTION = "When a dispute was lost"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    manager.add_column(
        table_class_name="MirroredDispute",
        tablename="mirrored_dispute",
        column_name="lost_at",
        db_column_name="lost_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
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
