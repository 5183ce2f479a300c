"""Benefits of a plan can be tried: what some of its members were promised instead of what everybody is."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import UUID, Array, Boolean, ForeignKey, Timestamptz
from piccolo.columns.defaults.uuid import UUID4
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

ID = "2026-11-30T17:00:00:000480"
VERSION = "1.38.0"
DESCRIPTION = "Benefits are tried"

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


class Benefit(Table, tablename="benefit", schema=None):
    id = UUID(default=None, **{**PLAIN, "primary_key": True})


class Plan(Table, tablename="plan", schema=None):
    id = UUID(default=None, **{**PLAIN, "primary_key": True})


LEADS = {"on_delete": OnDelete.restrict, "on_update": OnUpdate.cascade, "target_column": None}
COLUMNS: tuple[tuple[str, str, str, type[Any], dict[str, Any]], ...] = (
    ("PlanVariant", "plan_variant", "id", UUID, {"default": None, "primary_key": True}),
    ("PlanVariant", "plan_variant", "plan", ForeignKey, {"references": Plan, "index": True, **LEADS}),
    (
        "PlanVariant", "plan_variant", "without", Array,
        {"default": list, "base_column": UUID(default=UUID4(), **PLAIN)},
    ),
    ("PlanVariant", "plan_variant", "benefit", ForeignKey, {"references": Benefit, **LEADS}),
    ("PlanVariant", "plan_variant", "made_at", Timestamptz, {"default": None}),
    ("Experiment", "experiment", "benefit", UUID, {"default": None, "null": True}),
    ("Benefit", "benefit", "is_tried", Boolean, {"default": False}),
    ("ExperimentArm", "experiment_arm", "benefit", UUID, {"default": None, "null": True}),
    ("PlanVersion", "plan_version", "variant", UUID, {"default": None, "null": True}),
    ("Membership", "membership", "variant", UUID, {"default": None, "null": True}),
)  # fmt: skip


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    manager.add_table(class_name="PlanVariant", tablename="plan_variant", schema=None, columns=None)
    for name, table, column, kind, params in COLUMNS:
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
    return manager
