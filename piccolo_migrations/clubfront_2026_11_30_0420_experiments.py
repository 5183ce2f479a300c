"""Experiments, their arms, and who was first shown which of them when."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import UUID, BigInt, Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

ID = "2026-11-30T11:00:00:000420"
VERSION = "1.38.0"
DESCRIPTION = "Experiments"

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


class Experiment(Table, tablename="experiment"):
    id = UUID(primary_key=True, default=None)


CASCADE = {"on_delete": OnDelete.cascade, "on_update": OnUpdate.cascade, "target_column": None}
RESTRICT = {"on_delete": OnDelete.restrict, "on_update": OnUpdate.cascade, "target_column": None}
TABLES: dict[tuple[str, str], tuple[tuple[str, type[Any], dict[str, Any]], ...]] = {
    ("Experiment", "experiment"): (
        ("id", UUID, {"default": None, "primary_key": True}),
        ("name", Varchar, {"length": 120, "default": ""}),
        ("kind", Varchar, {"length": 10, "default": ""}),
        ("plan", UUID, {"default": None}),
        ("segment", UUID, {"default": None, "null": True}),
        ("figure", Varchar, {"length": 10, "default": "joined"}),
        ("days", Integer, {"default": 14}),
        ("base", BigInt, {"default": 0}),
        ("spread", BigInt, {"default": 0}),
        ("least", BigInt, {"default": 0}),
        ("planned", BigInt, {"default": 0}),
        ("promise_days", Integer, {"default": 14}),
        ("most_refunds", Integer, {"default": None, "null": True}),
        ("most_cancels", Integer, {"default": None, "null": True}),
        ("most_order_loss", Integer, {"default": None, "null": True}),
        ("state", Varchar, {"length": 10, "default": "draft"}),
        ("version", Integer, {"default": 1}),
        ("created_at", Timestamptz, {"default": None}),
        ("created_by", UUID, {"default": None, "null": True}),
        ("base_version", UUID, {"default": None, "null": True}),
        ("started_at", Timestamptz, {"default": None, "null": True}),
        ("stopped_at", Timestamptz, {"default": None, "null": True}),
        ("stopped_why", Varchar, {"length": 300, "default": ""}),
        ("stopped_by_itself", Boolean, {"default": False}),
        ("seen_at", Timestamptz, {"default": None, "null": True}),
        ("decided_at", Timestamptz, {"default": None, "null": True}),
        ("chosen", Integer, {"default": None, "null": True}),
    ),
    ("ExperimentArm", "experiment_arm"): (
        ("id", UUID, {"default": None, "primary_key": True}),
        ("experiment", ForeignKey, {**CASCADE, "references": Experiment}),
        ("position", Integer, {"default": 0}),
        ("name", Varchar, {"length": 60, "default": ""}),
        ("share", Integer, {"default": 50}),
        ("price", BigInt, {"default": None, "null": True}),
        ("words", Text, {"default": ""}),
        ("version", UUID, {"default": None, "null": True}),
    ),
    ("ExperimentExposure", "experiment_exposure"): (
        ("id", UUID, {"default": None, "primary_key": True}),
        ("experiment", ForeignKey, {**RESTRICT, "references": Experiment}),
        ("person", UUID, {"default": None, "index": True}),
        ("arm", Integer, {"default": 0}),
        ("first_at", Timestamptz, {"default": None}),
        ("promised_until", Timestamptz, {"default": None, "null": True}),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for (name, table), columns in TABLES.items():
        manager.add_table(class_name=name, tablename=table, schema=None, columns=None)
        for column, kind, params in columns:
            _add(manager, name, table, column, kind, params)
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
