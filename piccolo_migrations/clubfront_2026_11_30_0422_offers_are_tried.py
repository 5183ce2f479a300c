"""What is offered to who is about to cancel can be tried on a part of them; and when a cancellation was withdrawn."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, Boolean, Integer, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T11:00:00:000422"
VERSION = "1.38.0"
DESCRIPTION = "Offers are tried"

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
COLUMNS: tuple[tuple[str, str, str, type[Any], dict[str, Any]], ...] = (
    ("Experiment", "experiment", "reason", Varchar, {"length": 10, "default": ""}),
    ("ExperimentArm", "experiment_arm", "offer_kind", Varchar, {"length": 10, "default": ""}),
    ("ExperimentArm", "experiment_arm", "percent_bp", Integer, {"default": 0}),
    ("ExperimentArm", "experiment_arm", "payments", Integer, {"default": 1}),
    ("ExperimentArm", "experiment_arm", "every_months", Integer, {"default": 12}),
    ("ExperimentArm", "experiment_arm", "to_plan", UUID, {"default": None, "null": True}),
    ("ExperimentArm", "experiment_arm", "offer", UUID, {"default": None, "null": True}),
    ("SaveOffer", "save_offer", "is_tried", Boolean, {"default": False}),
    ("CancelAttempt", "cancel_attempt", "withdrawn_at", Timestamptz, {"default": None, "null": True}),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
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
    manager.alter_column(
        table_class_name="Experiment",
        tablename="experiment",
        column_name="plan",
        db_column_name="plan",
        params={"null": True},
        old_params={"null": False},
        column_class=UUID,
        old_column_class=UUID,
        schema=None,
    )
    return manager
