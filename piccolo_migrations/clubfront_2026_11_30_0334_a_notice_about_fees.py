"""A notice about fees that were set before they had their tax on top."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, Timestamptz
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T10:00:00:000334"
VERSION = "1.38.0"
DESCRIPTION = "A notice about fees"

COLUMNS = (("id", UUID, False), ("at", Timestamptz, False), ("read_at", Timestamptz, True), ("read_by", UUID, True))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    manager.add_table(class_name="FeeNotice", tablename="fee_notice", schema=None, columns=None)
    for name, kind, is_null in COLUMNS:
        manager.add_column(
            table_class_name="FeeNotice",
            tablename="fee_notice",
            column_name=name,
            db_column_name=name,
            column_class_name=kind.__name__,
            column_class=kind,
            params={
                "default": None,
                "null": is_null,
                "primary_key": name == "id",
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
