"""Plans guarantee their fee and have a number of places; guaranteed terms and what was paid for them."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import UUID, BigInt, Boolean, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

ID = "2026-11-29T20:00:00:000265"
VERSION = "1.38.0"
DESCRIPTION = "Fees are guaranteed and places are limited"

PLAIN: dict[str, Any] = {
    "null": False, "primary_key": False, "unique": False, "index": False, "index_method": IndexMethod.btree,
    "choices": None, "db_column_name": None, "secret": False,
}  # fmt: skip
_KEYED = {**PLAIN, "default": None, "primary_key": True}


class Plan(Table, tablename="plan", schema=None):
    """As it was when this was written, for the keys that refer to it."""

    id = UUID(**{**_KEYED, "db_column_name": "id"})


class FeeGuarantee(Table, tablename="fee_guarantee", schema=None):
    """As it was when this was written, for the keys that refer to it."""

    id = UUID(**{**_KEYED, "db_column_name": "id"})


KEY = {"default": None, "primary_key": True}
REQUIRED = {"default": None}
OPTIONAL = {"default": None, "null": True}
REFERENCE = {
    "on_delete": OnDelete.restrict, "on_update": OnUpdate.cascade, "target_column": None, "default": None,
}  # fmt: skip
Columns = tuple[tuple[str, type[Column], dict[str, Any]], ...]
FEE_GUARANTEE: Columns = (
    ("id", UUID, KEY),
    ("person", UUID, {**REQUIRED, "index": True}),
    ("plan", ForeignKey, {**REFERENCE, "references": Plan}),
    ("source_id", UUID, {**REQUIRED, "index": True}),
    ("starts_at", Timestamptz, REQUIRED),
    ("until_at", Timestamptz, REQUIRED),
    ("currency", Varchar, {"length": 3, "default": ""}),
    ("over_at", Timestamptz, OPTIONAL),
    ("settled_at", Timestamptz, OPTIONAL),
    ("fee", BigInt, OPTIONAL),
    ("saved", BigInt, OPTIONAL),
    ("given", BigInt, OPTIONAL),
    ("why", Varchar, {"length": 10, "default": ""}),
)
GUARANTEED_FEE: Columns = (
    ("id", UUID, KEY),
    ("guarantee", ForeignKey, {**REFERENCE, "references": FeeGuarantee, "index": True}),
    ("payment", Varchar, {"length": 80, "default": "", "unique": True}),
    ("amount", BigInt, {"default": 0}),
)
TABLES = (
    ("FeeGuarantee", "fee_guarantee", FEE_GUARANTEE),
    ("GuaranteedFee", "guaranteed_fee", GUARANTEED_FEE),
)
OF_PLANS: Columns = (
    ("guarantees_fee", Boolean, {"default": False}),
    ("places", Integer, {"default": 0}),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    added = [("Plan", "plan", *column) for column in OF_PLANS]
    for table, stored, columns in TABLES:
        manager.add_table(class_name=table, tablename=stored, schema=None)
        added += [(table, stored, *column) for column in columns]
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
