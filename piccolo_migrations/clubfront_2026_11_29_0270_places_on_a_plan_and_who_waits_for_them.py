"""Claims to the places of a plan, and who waits for one."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import UUID, ForeignKey, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

ID = "2026-11-29T20:00:00:000270"
VERSION = "1.38.0"
DESCRIPTION = "Places on a plan and who waits for them"

PLAIN: dict[str, Any] = {
    "null": False, "primary_key": False, "unique": False, "index": False, "index_method": IndexMethod.btree,
    "choices": None, "db_column_name": None, "secret": False,
}  # fmt: skip
_KEYED = {**PLAIN, "default": None, "primary_key": True}


class Plan(Table, tablename="plan", schema=None):
    """As it was when this was written, for the keys that refer to it."""

    id = UUID(**{**_KEYED, "db_column_name": "id"})


KEY = {"default": None, "primary_key": True}
REQUIRED = {"default": None}
OPTIONAL = {"default": None, "null": True}
REFERENCE = {
    "on_delete": OnDelete.restrict, "on_update": OnUpdate.cascade, "target_column": None, "default": None,
}  # fmt: skip
Columns = tuple[tuple[str, type[Column], dict[str, Any]], ...]
PLAN_PLACE: Columns = (
    ("id", UUID, KEY),
    ("plan", ForeignKey, {**REFERENCE, "references": Plan, "index": True}),
    ("person", UUID, {**REQUIRED, "index": True}),
    ("kind", Varchar, {"length": 8, "default": ""}),
    ("asked_at", Timestamptz, REQUIRED),
    ("offered_at", Timestamptz, OPTIONAL),
    ("held_until", Timestamptz, OPTIONAL),
    ("ended_at", Timestamptz, OPTIONAL),
    ("why_ended", Varchar, {"length": 8, "default": ""}),
)
TABLES = (("PlanPlace", "plan_place", PLAN_PLACE),)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    added: list[tuple[str, str, str, type[Column], dict[str, Any]]] = []
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
