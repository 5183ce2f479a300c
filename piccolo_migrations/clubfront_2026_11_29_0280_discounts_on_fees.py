"""Discounts on membership fees; the mirror knows which coupon a subscription and an invoice have."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import UUID, BigInt, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

ID = "2026-11-29T20:00:00:000280"
VERSION = "1.38.0"
DESCRIPTION = "Discounts on fees"

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
FEE_DISCOUNT: Columns = (
    ("id", UUID, {"default": None, "primary_key": True}),
    ("subscription", ForeignKey, OF_SUBSCRIPTION),
    ("source", Varchar, {"length": 8, "default": ""}),
    ("code", Varchar, {"length": 60, "default": ""}),
    ("coupon", UUID, OPTIONAL),
    ("percent_bp", Integer, {"default": 0}),
    ("amount", BigInt, {"default": 0}),
    ("currency", Varchar, {"length": 3, "default": ""}),
    ("payments", Integer, OPTIONAL),
    ("reason", Varchar, {"length": 300, "default": ""}),
    ("at", Timestamptz, {"default": None}),
    ("by", UUID, OPTIONAL),
    ("asks", Integer, {"default": 0}),
    ("turn", Integer, {"default": 0}),
    ("put_at", Timestamptz, OPTIONAL),
    ("begun_at", Timestamptz, OPTIONAL),
    ("ended_at", Timestamptz, OPTIONAL),
    ("ended_by", UUID, OPTIONAL),
    ("why_ended", Varchar, {"length": 10, "default": ""}),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    manager.add_table(class_name="FeeDiscount", tablename="fee_discount", schema=None)
    coupon = {"length": 100, "default": ""}
    added: list[tuple[str, str, str, type[Column], dict[str, Any]]] = [
        ("MirroredSubscription", "mirrored_subscription", "coupon", Varchar, coupon),
        ("MirroredInvoice", "mirrored_invoice", "coupon", Varchar, coupon),
        ("MirroredInvoice", "mirrored_invoice", "discount", BigInt, {"default": 0}),
        *(("FeeDiscount", "fee_discount", name, column, params) for name, column, params in FEE_DISCOUNT),
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
