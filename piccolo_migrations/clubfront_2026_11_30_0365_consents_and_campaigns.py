"""Who agreed to marketing e-mails, which addresses cannot be reached, campaigns and whom each goes to."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import UUID, Array, Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

ID = "2026-11-30T02:00:00:000365"
VERSION = "1.38.0"
DESCRIPTION = "Consents and campaigns"

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


class MailingContact(Table, tablename="mailing_contact"):
    id = UUID(primary_key=True, default=None)


class Campaign(Table, tablename="campaign"):
    id = UUID(primary_key=True, default=None)


OWNED = {"on_delete": OnDelete.cascade, "on_update": OnUpdate.cascade, "target_column": None}
TABLES: dict[tuple[str, str], tuple[tuple[str, type[Any], dict[str, Any]], ...]] = {
    ("MailingContact", "mailing_contact"): (
        ("id", UUID, {"default": None, "primary_key": True}),
        ("email", Varchar, {"length": 254, "default": "", "unique": True}),
        ("agreed", Array, {"default": list, "base_column": Varchar(length=12)}),
        ("created_at", Timestamptz, {"default": None}),
        ("unreachable_at", Timestamptz, {"default": None, "null": True}),
        ("unreachable_why", Varchar, {"length": 12, "default": ""}),
        ("unreachable_words", Varchar, {"length": 300, "default": ""}),
    ),
    ("ConsentChange", "consent_change"): (
        ("id", UUID, {"default": None, "primary_key": True}),
        ("contact", ForeignKey, {**OWNED, "references": MailingContact}),
        ("kind", Varchar, {"length": 12, "default": ""}),
        ("state", Varchar, {"length": 10, "default": ""}),
        ("at", Timestamptz, {"default": None}),
        ("how", Varchar, {"length": 16, "default": ""}),
        ("person", UUID, {"default": None, "null": True, "index": True}),
        ("by", UUID, {"default": None, "null": True}),
        ("reason", Text, {"default": ""}),
    ),
    ("MailingRules", "mailing_rules"): (
        ("id", Integer, {"default": 1, "primary_key": True}),
        ("most", Integer, {"default": 2}),
        ("days", Integer, {"default": 7}),
        ("confirms", Varchar, {"length": 10, "default": "country"}),
        ("hook_number", Integer, {"default": 1}),
        ("is_hook_open", Boolean, {"default": False}),
    ),
    ("Campaign", "campaign"): (
        ("id", UUID, {"default": None, "primary_key": True}),
        ("name", Varchar, {"length": 120, "default": ""}),
        ("kind", Varchar, {"length": 12, "default": "news"}),
        ("segment", UUID, {"default": None, "null": True}),
        ("subject", Text, {"default": ""}),
        ("preheader", Text, {"default": ""}),
        ("body", Text, {"default": ""}),
        ("link", Varchar, {"length": 300, "default": ""}),
        ("tag", Varchar, {"length": 60, "default": ""}),
        ("holdout", Integer, {"default": 0}),
        ("per_minute", Integer, {"default": 600}),
        ("state", Varchar, {"length": 10, "default": "draft"}),
        ("version", Integer, {"default": 1}),
        ("created_at", Timestamptz, {"default": None}),
        ("created_by", UUID, {"default": None, "null": True}),
        ("scheduled_at", Timestamptz, {"default": None, "null": True}),
        ("started_at", Timestamptz, {"default": None, "null": True}),
        ("ended_at", Timestamptz, {"default": None, "null": True}),
        ("granted_minute", Timestamptz, {"default": None, "null": True}),
        ("granted", Integer, {"default": 0}),
        ("trouble", Varchar, {"length": 300, "default": ""}),
    ),
    ("CampaignRecipient", "campaign_recipient"): (
        ("id", UUID, {"default": None, "primary_key": True}),
        ("campaign", ForeignKey, {**OWNED, "references": Campaign}),
        ("contact", UUID, {"default": None}),
        ("person", UUID, {"default": None, "null": True, "index": True}),
        ("is_holdout", Boolean, {"default": False}),
        ("outcome", Varchar, {"length": 12, "default": ""}),
        ("settled_at", Timestamptz, {"default": None, "null": True}),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for (name, table), columns in TABLES.items():
        manager.add_table(class_name=name, tablename=table, schema=None, columns=None)
        for column, kind, params in columns:
            _add(manager, name, table, column, kind, params)
    _add(manager, "Email", "email", "unsubscribe", Varchar, {"length": 120, "default": ""})
    agreed = {"default": list, "base_column": Varchar(length=12)}
    _add(manager, "SignInLink", "sign_in_link", "agreed", Array, agreed)
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
