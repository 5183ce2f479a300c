"""The tables in which refunds of gifts and of terms were kept apart."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-29T15:00:00:000154"
VERSION = "1.38.0"
DESCRIPTION = "Refunds of gifts and terms have no tables of their own"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    manager.drop_table(class_name="GiftRefund", tablename="gift_refund", schema=None)
    manager.drop_table(class_name="TermRefund", tablename="term_refund", schema=None)
    return manager
