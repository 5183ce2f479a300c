"""What models say of members and buyers, and members who may leave."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import JSON, UUID, DoublePrecision, Integer, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-30T02:00:00:000325"
VERSION = "1.38.0"
DESCRIPTION = "Forecasts"

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
TABLES: dict[tuple[str, str], tuple[tuple[str, type[Any], dict[str, Any]], ...]] = {
    ("Forecast", "forecast"): (
        ("id", UUID, KEY),
        ("kind", Varchar, {"length": 8, "default": ""}),
        ("plan", UUID, OPTIONAL),
        ("interval", Varchar, {"length": 8, "default": ""}),
        ("interval_count", Integer, {"default": 0}),
        ("model", Varchar, {"length": 12, "default": ""}),
        ("parameters", JSON, {"default": "[]"}),
        ("log_likelihood", DoublePrecision, OPTIONAL),
        ("people", Integer, {"default": 0}),
        ("words", Varchar, {"length": 200, "default": ""}),
        ("outcome", JSON, {"default": "{}"}),
        ("past", JSON, {"default": "[]"}),
        ("fitted_at", Timestamptz, {"default": None}),
    ),
    ("MemberAtRisk", "member_at_risk"): (
        ("id", UUID, KEY),
        ("kind", Varchar, {"length": 8, "default": ""}),
        ("person", UUID, {"default": None, "index": True}),
        ("chance", Integer, {"default": 0}),
        ("times", Integer, {"default": 0}),
        ("out_of", Integer, {"default": 0}),
        ("usual_days", Integer, {"default": 0}),
        ("last_at", Timestamptz, {"default": None}),
        ("noted_at", Timestamptz, {"default": None}),
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
