"""Runs that adopt members of an earlier system, what becomes of each row, and opening periods."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import (
    JSON,
    UUID,
    Array,
    BigInt,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

ID = "2026-11-29T20:00:00:000240"
VERSION = "1.38.0"
DESCRIPTION = "Members of an earlier system are adopted"

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


class Adoption(Table, tablename="adoption", schema=None):
    """As it was when this was written, for the keys that refer to it."""

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


KEY = {"default": None, "primary_key": True}
OPTIONAL = {"default": None, "null": True}
OF_RUN = {
    "references": Adoption,
    "on_delete": OnDelete.cascade,
    "on_update": OnUpdate.cascade,
    "target_column": None,
    "default": None,
    "index": True,
}
Columns = tuple[tuple[str, type[Column], dict[str, Any]], ...]
ADOPTION: Columns = (
    ("id", UUID, KEY),
    ("source", Varchar, {"length": 12, "default": ""}),
    ("name", Varchar, {"length": 200, "default": ""}),
    ("content", Bytea, OPTIONAL),
    ("state", Varchar, {"length": 10, "default": "reading"}),
    ("cursor", Varchar, {"length": 100, "default": ""}),
    ("done", Integer, {"default": 0}),
    ("total", Integer, {"default": 0}),
    ("why", Text, {"default": ""}),
    ("created_at", Timestamptz, {"default": None}),
    ("started_by", UUID, {"default": None}),
    ("begun_at", Timestamptz, OPTIONAL),
    ("begun_by", UUID, OPTIONAL),
    ("undone_by", UUID, OPTIONAL),
    ("heard_at", Timestamptz, {"default": None}),
    ("old_stopped", Boolean, {"default": False}),
    ("tells", Boolean, {"default": False}),
    ("asks", Boolean, {"default": False}),
)
ADOPTION_PLAN: Columns = (
    ("id", UUID, KEY),
    ("run", ForeignKey, OF_RUN),
    ("key", Varchar, {"length": 300, "default": ""}),
    ("title", Varchar, {"length": 200, "default": ""}),
    ("price", Varchar, {"length": 100, "default": ""}),
    ("amount", BigInt, OPTIONAL),
    ("currency", Varchar, {"length": 3, "default": ""}),
    ("interval", Varchar, {"length": 8, "default": ""}),
    ("interval_count", Integer, {"default": 1}),
    ("plan", UUID, OPTIONAL),
    ("version", UUID, OPTIONAL),
    ("made_version", Boolean, {"default": False}),
    ("is_settled", Boolean, {"default": False}),
)
ADOPTION_ROW: Columns = (
    ("id", UUID, KEY),
    ("run", ForeignKey, OF_RUN),
    ("position", Integer, {"default": 0}),
    ("line", Integer, {"default": 0}),
    ("key", Varchar, {"length": 100, "default": ""}),
    ("email", Varchar, {"length": 254, "default": "", "index": True}),
    ("name", Varchar, {"length": 200, "default": ""}),
    ("plan_key", Varchar, {"length": 300, "default": ""}),
    ("facts", JSON, {"default": "{}"}),
    ("verdict", Varchar, {"length": 20, "default": ""}),
    ("notes", Array, {"default": list, "base_column": Varchar(length=20, default="", **PLAIN)}),
    ("outcome", Varchar, {"length": 10, "default": ""}),
    ("why", Text, {"default": ""}),
    ("person", UUID, {**OPTIONAL, "index": True}),
    ("made_person", Boolean, {"default": False}),
    ("local", UUID, OPTIONAL),
    ("stripe_id", Varchar, {"length": 100, "default": ""}),
    ("customer", Varchar, {"length": 100, "default": ""}),
    ("holder_before", Varchar, {"length": 100, **OPTIONAL}),
)
TABLES = (
    ("Adoption", "adoption", ADOPTION),
    ("AdoptionPlan", "adoption_plan", ADOPTION_PLAN),
    ("AdoptionRow", "adoption_row", ADOPTION_ROW),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    added = [("PaidPeriod", "paid_period", "is_opening", Boolean, {"default": False})]
    for table, stored, columns in TABLES:
        manager.add_table(class_name=table, tablename=stored, schema=None)
        added += [(table, stored, name, column, params) for name, column, params in columns]
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
