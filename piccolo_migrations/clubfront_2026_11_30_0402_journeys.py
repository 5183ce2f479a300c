"""Journeys: series of e-mails that each person walks, and how far the recipients of a campaign are written down."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import UUID, Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

ID = "2026-11-30T02:00:00:000402"
VERSION = "1.38.0"
DESCRIPTION = "Journeys"

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


class Journey(Table, tablename="journey"):
    id = UUID(primary_key=True, default=None)


class JourneyEntry(Table, tablename="journey_entry"):
    id = UUID(primary_key=True, default=None)


KEY: dict[str, Any] = {"default": None, "primary_key": True}
EMPTY: dict[str, Any] = {"default": ""}
MAYBE: dict[str, Any] = {"default": None, "null": True}
GIVEN: dict[str, Any] = {"default": None}
OWNED: dict[str, Any] = {"on_delete": OnDelete.cascade, "on_update": OnUpdate.cascade, "target_column": None}
TABLES: dict[tuple[str, str], tuple[tuple[str, type[Any], dict[str, Any]], ...]] = {
    ("Journey", "journey"): (
        ("id", UUID, KEY),
        ("name", Varchar, {"length": 120, "default": ""}),
        ("entry", Varchar, {"length": 16, "default": ""}),
        ("days", Integer, {"default": 0}),
        ("kind", Varchar, {"length": 12, "default": "news"}),
        ("segment", UUID, MAYBE),
        ("holdout", Integer, {"default": 0}),
        ("tag", Varchar, {"length": 60, "default": ""}),
        ("state", Varchar, {"length": 10, "default": "draft"}),
        ("version", Integer, {"default": 1}),
        ("created_at", Timestamptz, GIVEN),
        ("created_by", UUID, MAYBE),
        ("running_since", Timestamptz, MAYBE),
        ("ended_at", Timestamptz, MAYBE),
        ("trouble", Varchar, {"length": 300, "default": ""}),
    ),
    ("JourneyStep", "journey_step"): (
        ("id", UUID, KEY),
        ("journey", ForeignKey, {**OWNED, "references": Journey, "index": True}),
        ("position", Integer, {"default": 0}),
        ("kind", Varchar, {"length": 10, "default": ""}),
        ("hours", Integer, {"default": 0}),
        ("condition", Varchar, {"length": 16, "default": ""}),
        ("segment", UUID, MAYBE),
        ("subject", Text, EMPTY),
        ("preheader", Text, EMPTY),
        ("body", Text, EMPTY),
        ("link", Varchar, {"length": 300, "default": ""}),
        ("late_days", Integer, {"default": 3}),
        ("removed_at", Timestamptz, MAYBE),
    ),
    ("JourneyEntry", "journey_entry"): (
        ("id", UUID, KEY),
        ("journey", ForeignKey, {**OWNED, "references": Journey}),
        ("person", UUID, {"default": None, "index": True}),
        ("occasion", Varchar, {"length": 80, "default": ""}),
        ("happened_at", Timestamptz, GIVEN),
        ("entered_at", Timestamptz, GIVEN),
        ("is_holdout", Boolean, {"default": False}),
        ("step", UUID, MAYBE),
        ("due_at", Timestamptz, MAYBE),
        ("outcome", Varchar, {"length": 12, "default": ""}),
        ("settled_at", Timestamptz, MAYBE),
    ),
    ("JourneySend", "journey_send"): (
        ("id", UUID, KEY),
        ("entry", ForeignKey, {**OWNED, "references": JourneyEntry, "index": True}),
        ("step", UUID, GIVEN),
        ("contact", UUID, MAYBE),
        ("outcome", Varchar, {"length": 12, "default": ""}),
        ("at", Timestamptz, GIVEN),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for (name, table), columns in TABLES.items():
        manager.add_table(class_name=name, tablename=table, schema=None, columns=None)
        for column, kind, params in columns:
            _add(manager, name, table, column, kind, params)
    _add(manager, "Campaign", "campaign", "fixed_after", UUID, MAYBE)
    _add(manager, "Campaign", "campaign", "fixed_at", Timestamptz, MAYBE)
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
