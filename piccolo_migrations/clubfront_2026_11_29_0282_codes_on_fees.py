"""A code may be for the fee of a membership; each use is of an order or of a fee."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.column_types import UUID, Array, Boolean, Integer, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-29T20:00:00:000282"
VERSION = "1.38.0"
DESCRIPTION = "Codes on fees"

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
OPTIONAL = {"default": None, "null": True}
ADDED: tuple[tuple[str, str, str, type[Column], dict[str, Any]], ...] = (
    ("Coupon", "coupon", "for_fees", Boolean, {"default": False}),
    ("Coupon", "coupon", "fee_payments", Integer, OPTIONAL),
    (
        "Coupon",
        "coupon",
        "fee_plans",
        Array,
        {"default": list, "base_column": Varchar(length=255, default="", **PLAIN)},
    ),
    ("CouponUse", "coupon_use", "fee", UUID, {**OPTIONAL, "unique": True}),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for table, stored, name, column, params in ADDED:
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
    manager.alter_column(
        table_class_name="CouponUse",
        tablename="coupon_use",
        column_name="order_id",
        db_column_name="order_id",
        params={"null": True},
        old_params={"null": False},
        column_class=UUID,
        old_column_class=UUID,
        schema=None,
    )
    return manager
