"""Save offers, and to whom they were shown."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import UUID, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

ID = "2026-11-29T20:00:00:000267"
VERSION = "1.38.0"
DESCRIPTION = "What is offered to who is about to cancel"

PLAIN: dict[str, Any] = {
    "null": False, "primary_key": False, "unique": False, "index": False, "index_method": IndexMethod.btree,
    "choices": None, "db_column_name": None, "secret": False,
}  # fmt: skip
_KEYED = {**PLAIN, "default": None, "primary_key": True}


class Plan(Table, tablename="plan", schema=None):
    """As it was when this was written, for the keys that refer to it."""

    id = UUID(**{**_KEYED, "db_column_name": "id"})


class Subscription(Table, tablename="subscription", schema=None):
    """As it was when this was written, for the keys that refer to it."""

    id = UUID(**{**_KEYED, "db_column_name": "id"})


class SaveOffer(Table, tablename="save_offer", schema=None):
    """As it was when this was written, for the keys that refer to it."""

    id = UUID(**{**_KEYED, "db_column_name": "id"})


KEY = {"default": None, "primary_key": True}
REQUIRED = {"default": None}
OPTIONAL = {"default": None, "null": True}
REFERENCE = {
    "on_delete": OnDelete.restrict, "on_update": OnUpdate.cascade, "target_column": None, "default": None,
}  # fmt: skip
Columns = tuple[tuple[str, type[Column], dict[str, Any]], ...]
SAVE_OFFER: Columns = (
    ("id", UUID, KEY),
    ("reason", Varchar, {"length": 10, "default": ""}),
    ("kind", Varchar, {"length": 10, "default": ""}),
    ("percent_bp", Integer, {"default": 0}),
    ("payments", Integer, {"default": 1}),
    ("every_months", Integer, {"default": 12}),
    ("to_plan", ForeignKey, {**REFERENCE, "references": Plan, "null": True}),
    ("made_at", Timestamptz, REQUIRED),
    ("made_by", UUID, OPTIONAL),
    ("ended_at", Timestamptz, OPTIONAL),
    ("ended_by", UUID, OPTIONAL),
)
SAVE_OFFER_SHOWN: Columns = (
    ("id", UUID, KEY),
    ("offer", ForeignKey, {**REFERENCE, "references": SaveOffer, "index": True}),
    ("subscription", ForeignKey, {**REFERENCE, "references": Subscription, "index": True}),
    ("person", UUID, {**REQUIRED, "index": True}),
    ("shown_at", Timestamptz, REQUIRED),
    ("seen_at", Timestamptz, REQUIRED),
    ("accepted_at", Timestamptz, OPTIONAL),
)
TABLES = (
    ("SaveOffer", "save_offer", SAVE_OFFER),
    ("SaveOfferShown", "save_offer_shown", SAVE_OFFER_SHOWN),
)


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
