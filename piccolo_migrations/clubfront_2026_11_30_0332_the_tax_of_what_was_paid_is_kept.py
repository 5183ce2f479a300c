"""Paid periods, gifts and terms keep the tax in them: its rates, its country, and why there was none."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.column_types import JSONB, BigInt, Text, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T10:00:00:000332"
VERSION = "1.38.0"
DESCRIPTION = "The tax of what was paid is kept"

NOTHING: dict[str, Any] = {"default": None, "null": True}
KEPT: tuple[tuple[str, type[Column], dict[str, Any]], ...] = (
    ("tax_country", Varchar, {"length": 2, "default": ""}),
    ("tax_note", Text, {"default": ""}),
    ("taxes", JSONB, {"default": "[]"}),
)
ADDED: dict[tuple[str, str], tuple[tuple[str, type[Column], dict[str, Any]], ...]] = {
    ("PaidPeriod", "paid_period"): KEPT,
    ("PaidTerm", "paid_term"): (("net_amount", BigInt, NOTHING), *KEPT),
    ("GiftMembership", "gift_membership"): (("net_amount", BigInt, NOTHING), *KEPT),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for (name, table), columns in ADDED.items():
        for column, kind, params in columns:
            manager.add_column(
                table_class_name=name,
                tablename=table,
                column_name=column,
                db_column_name=column,
                column_class_name=kind.__name__,
                column_class=kind,
                params={
                    "null": False,
                    "primary_key": False,
                    "unique": False,
                    "index": False,
                    "index_method": IndexMethod.btree,
                    "choices": None,
                    "db_column_name": None,
                    "secret": False,
                    **params,
                },
                schema=None,
            )
    return manager
