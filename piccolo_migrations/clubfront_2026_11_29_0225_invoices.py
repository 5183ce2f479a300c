"""Invoices and credit notes, the counters of their numbers, and a month of them as a file."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import (
    JSONB,
    UUID,
    BigInt,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    Timestamptz,
    Varchar,
)
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-29T16:00:00:000225"
VERSION = "1.38.0"
DESCRIPTION = "Invoices"


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
KEY = {"default": None, "primary_key": True}
OPTIONAL = {"default": None, "null": True}
CORRECTS = {
    "references": "self",
    "on_delete": OnDelete.restrict,
    "on_update": OnUpdate.cascade,
    "target_column": None,
    "index": True,
    **OPTIONAL,
}
Columns = tuple[tuple[str, type[Column], dict[str, Any]], ...]
COUNTER: Columns = (
    ("series", Varchar, {"length": 20, **KEY}),
    ("last", Integer, {"default": 0}),
)
INVOICE: Columns = (
    ("id", UUID, KEY),
    ("kind", Varchar, {"length": 10, "default": ""}),
    ("series", Varchar, {"length": 20, "default": ""}),
    ("serial", Integer, {"default": 0}),
    ("number", Varchar, {"length": 40, "default": "", "unique": True}),
    ("cause", Varchar, {"length": 160, "default": "", "unique": True}),
    ("subject", Varchar, {"length": 10, "default": ""}),
    ("reference", UUID, {"default": None, "index": True}),
    ("about", Varchar, {"length": 120, "default": ""}),
    ("corrects", ForeignKey, CORRECTS),
    ("person", UUID, {**OPTIONAL, "index": True}),
    ("buyer", Varchar, {"length": 200, "default": ""}),
    ("issued_at", Timestamptz, {"default": None}),
    ("issued_on", Date, {"default": None, "index": True}),
    ("keep_until", Date, {"default": None}),
    ("currency", Varchar, {"length": 3, "default": ""}),
    *((name, BigInt, {"default": 0}) for name in ("net", "tax", "total")),
    ("is_simplified", Boolean, {"default": False}),
    ("language", Varchar, {"length": 12, "default": "en"}),
    ("document", JSONB, {"default": None}),
    ("printed", JSONB, {"default": None}),
    ("forgotten_at", Timestamptz, OPTIONAL),
)
ARCHIVE: Columns = (
    ("id", UUID, KEY),
    ("month", Date, {"default": None}),
    ("part", Integer, {"default": 1}),
    ("by", UUID, {"default": None}),
    ("asked_at", Timestamptz, {"default": None}),
    ("ready_at", Timestamptz, OPTIONAL),
    ("invoices", Integer, {"default": 0}),
    ("trouble", Varchar, {"length": 300, "default": ""}),
    ("content", Bytea, OPTIONAL),
)
TABLES = (
    ("InvoiceCounter", "invoice_counter", COUNTER),
    ("IssuedInvoice", "invoice", INVOICE),
    ("InvoiceArchive", "invoice_archive", ARCHIVE),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for table, stored, columns in TABLES:
        manager.add_table(class_name=table, tablename=stored, schema=None)
        for name, column, params in columns:
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
    manager.add_column(
        table_class_name="Email",
        tablename="email",
        column_name="invoice",
        db_column_name="invoice",
        column_class_name="UUID",
        column_class=UUID,
        params={**PLAIN, **OPTIONAL},
        schema=None,
    )
    return manager
