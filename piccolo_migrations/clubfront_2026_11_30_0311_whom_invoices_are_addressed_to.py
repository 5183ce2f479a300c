"""Whom a person's invoices are addressed to, and an order's; which invoice another one replaces."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import JSON, UUID, ForeignKey, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

ID = "2026-11-30T02:00:00:000311"
VERSION = "1.38.0"
DESCRIPTION = "Whom invoices are addressed to"

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


class Person(Table, tablename="person"):
    id = UUID(primary_key=True, default=None)


WHOSE = {
    "references": Person,
    "on_delete": OnDelete.cascade,
    "on_update": OnUpdate.cascade,
    "target_column": None,
    "primary_key": True,
}
REPLACES = {
    "references": "self",
    "on_delete": OnDelete.restrict,
    "on_update": OnUpdate.cascade,
    "target_column": None,
    "default": None,
    "null": True,
    "unique": True,
}
INVOICE_ADDRESS: tuple[tuple[str, type[Any], dict[str, Any]], ...] = (
    ("person", ForeignKey, WHOSE),
    ("name", Varchar, {"length": 120, "default": ""}),
    ("company", Varchar, {"length": 120, "default": ""}),
    ("line1", Varchar, {"length": 200, "default": ""}),
    ("line2", Varchar, {"length": 200, "default": ""}),
    ("city", Varchar, {"length": 100, "default": ""}),
    ("postcode", Varchar, {"length": 20, "default": ""}),
    ("country", Varchar, {"length": 2, "default": ""}),
    ("region", Varchar, {"length": 100, "default": ""}),
    ("district", Varchar, {"length": 100, "default": ""}),
    ("vat_number", Varchar, {"length": 30, "default": ""}),
    ("reference", Varchar, {"length": 40, "default": ""}),
    ("changed_at", Timestamptz, {"default": None}),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    manager.add_table(class_name="InvoiceAddress", tablename="invoice_address", schema=None, columns=None)
    for column, kind, params in INVOICE_ADDRESS:
        _add(manager, "InvoiceAddress", "invoice_address", column, kind, params)
    _add(manager, "Order", "orders", "invoice_buyer", JSON, {"default": None, "null": True})
    _add(manager, "IssuedInvoice", "invoice", "replaces", ForeignKey, REPLACES)
    return manager


def _add(
    manager: MigrationManager, name: str, table: str, column: str, kind: type[Any], params: dict[str, Any]
) -> None:
    manager.add_column(
        table_class_name=name,
        tablename=table,
        column_name=column,
        db_column_name=column,
        column_class_name=kind.__name__,
        column_class=kind,
        params={**PLAIN, **params},
        schema=None,
    )
