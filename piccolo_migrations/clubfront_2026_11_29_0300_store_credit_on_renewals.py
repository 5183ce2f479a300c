"""Store credit that pays renewals; the mirror knows how much of it is on an invoice, a refund how much goes back."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import UUID, BigInt, ForeignKey, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

ID = "2026-11-29T20:00:00:000300"
VERSION = "1.38.0"
DESCRIPTION = "Store credit on renewals"

PLAIN: dict[str, Any] = {
    "null": False,
    "primary_key": False,
    "unique": False,
    "index": False,
    "index_method": IndexMethod.btree,
    "choices": None,
    "db_column_name": None,
    "secret": False,
}


class Subscription(Table, tablename="subscription", schema=None):
    """As it was when this was written, for the key that refers to it."""

    id = UUID(
        default=None,
        null=False,
        primary_key=True,
        unique=False,
        index=False,
        index_method=IndexMethod.btree,
        choices=None,
        db_column_name="id",
        secret=False,
    )


OPTIONAL = {"default": None, "null": True}
OF_SUBSCRIPTION = {
    "references": Subscription,
    "on_delete": OnDelete.restrict,
    "on_update": OnUpdate.cascade,
    "target_column": None,
    "default": None,
    "index": True,
}
Columns = tuple[tuple[str, type[Column], dict[str, Any]], ...]
RENEWAL_CREDIT: Columns = (
    ("id", UUID, {"default": None, "primary_key": True}),
    ("subscription", ForeignKey, OF_SUBSCRIPTION),
    ("person", UUID, {"default": None, "index": True}),
    ("invoice", Varchar, {"length": 100, "default": "", "unique": True}),
    ("amount", BigInt, {"default": 0}),
    ("currency", Varchar, {"length": 3, "default": ""}),
    ("status", Varchar, {"length": 10, "default": "reserved"}),
    ("at", Timestamptz, {"default": None}),
    ("settled_at", Timestamptz, OPTIONAL),
)
CHOICE: Columns = (
    ("person", UUID, {"default": None, "primary_key": True}),
    ("since", Timestamptz, {"default": None}),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    manager.add_table(class_name="RenewalCredit", tablename="renewal_credit", schema=None)
    manager.add_table(class_name="RenewalCreditChoice", tablename="renewal_credit_choice", schema=None)
    added: list[tuple[str, str, str, type[Column], dict[str, Any]]] = [
        ("MirroredInvoice", "mirrored_invoice", "store_credit", BigInt, {"default": 0}),
        ("FeeRefund", "fee_refund", "credit", BigInt, {"default": 0}),
        *(("RenewalCredit", "renewal_credit", name, column, params) for name, column, params in RENEWAL_CREDIT),
        *(("RenewalCreditChoice", "renewal_credit_choice", name, column, params) for name, column, params in CHOICE),
    ]
    for table, stored, name, column, params in added:
        manager.add_column(
            table_class_name=table,
            tablename=stored,
            column_name=name,
            db_column_name=name,
            column_class_name=column.__name__,
            column_class=column,
            params={**PLAIN, **params},
            schema=None,
        )
    return manager
