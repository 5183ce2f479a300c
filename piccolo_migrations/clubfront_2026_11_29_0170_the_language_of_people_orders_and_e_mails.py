"""People, orders and sign-in e-mails have a language; staff may write the text of an e-mail in each."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-29T13:10:00:000170"
VERSION = "1.38.0"
DESCRIPTION = "The language of people, orders and e-mails"

COLUMNS = (
    ("Person", "person", ""),
    ("SignInLink", "sign_in_link", ""),
    ("Order", "orders", ""),
    ("EmailTextVersion", "email_text_version", "en"),
    ("EmailTextTrouble", "email_text_trouble", "en"),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for table_class, table, default in COLUMNS:
        manager.add_column(
            table_class_name=table_class,
            tablename=table,
            column_name="language",
            db_column_name="language",
            column_class_name="Varchar",
            column_class=Varchar,
            params={
                "length": 12,
                "default": default,
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
