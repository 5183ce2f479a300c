"""A row of every table that can hold something of a person, with a word of its own in every column that can."""

import itertools
import json
import string
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from components.foundation import database, ids
from components.foundation.personal_data import data_tables

ELSEWHERE = {"person.email", "person.birthday", "person.email_confirmed_at", "person.password_hash", "person.name",
             "address.country", "invoice_address.country", "import_step.title", "sign_in_link.email",
             "mailing_contact.email", "cancellation_notice.email", "withdrawal.email",
             "old_order.email"}  # fmt: skip
"""Of the account itself, which is a real one; what is too short to name anybody; and what holds their e-mail itself."""
AT = datetime(2027, 2, 1, 12, tzinfo=UTC)
_COLUMNS = """SELECT column_name, udt_name, is_nullable, character_maximum_length, column_default
FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position"""
_EMPTY: dict[str, Any] = {
    "varchar": "", "text": "", "json": "{}", "jsonb": "{}", "bytea": b"", "int4": 0, "int8": 0, "bool": False,
    "timestamptz": AT, "date": AT.date(), "_text": [], "_varchar": [], "_uuid": [], "_timestamptz": [],
    "_int8": [], "_bool": [],
}  # fmt: skip
ORDER, GUESTS, SUBSCRIPTION, PAGE, TERM, GIFT, RUN, NOBODY, VISITOR, CONTACT = (ids.new() for _ in range(10))
LONG_AGO = {"placed_at": AT, "paid_at": AT, "fulfilled_at": AT, "expires_at": AT, "currency": "gbp"}


def _words() -> Iterator[str]:
    return ("zq" + "".join(pair) for pair in itertools.product(string.ascii_lowercase + string.digits, repeat=2))


def _given(person: UUID, email: str) -> list[tuple[str, dict[str, Any]]]:
    """What each row needs to be theirs, and to be one that could be there."""
    return [
        ("address", {"person": person}),
        ("mailing_contact", {"id": CONTACT, "email": email, "unreachable_at": AT, "unreachable_why": "bounce"}),
        ("consent_change", {"contact": CONTACT, "person": person, "kind": "news", "state": "given"}),
        ("invoice_address", {"person": person}),
        ("session", {"person": person, "ended_at": AT}),
        ("passkey", {"person": person}),
        ("authenticator", {"person": person}),
        ("recovery_code", {"person": person}),
        ("identity_code", {"person": person}),
        ("sign_in_link", {"person": person, "email": email}),
        ("email_confirmation", {"person": person}),
        ("orders", {"id": ORDER, "person": person, "number": "C-1", **LONG_AGO, "flagged_at": AT}),
        ("orders", {"id": GUESTS, "email": email, "number": "C-2", **LONG_AGO}),
        ("order_note", {"order": ORDER}),
        ("order_address_change", {"order": ORDER}),
        ("fulfilment", {"order": ORDER}),
        ("refund", {"id": RUN, "order": ORDER, "amount": 1, "status": "failed", "currency": "gbp"}),
        ("checkout_session", {"id": PAGE, "purpose": "order", "reference_id": ORDER, "person_id": person,
                              "status": "complete", "stripe_session_id": "cs_1", "key": "k1", "payment_intent": "pi_1",
                              "currency": "gbp"}),
        ("mirrored_payment", {"stripe_id": "pi_1", "reference_id": ORDER, "status": "succeeded"}),
        ("mirrored_invoice", {"stripe_id": "in_1", "local_id": SUBSCRIPTION, "status": "paid"}),
        ("mirrored_subscription", {"stripe_id": "sub_1", "local_id": SUBSCRIPTION, "customer": "cus_1",
                                   "status": "cancelled"}),
        ("mirrored_refund", {"stripe_id": "re_1", "reference_id": ORDER, "status": "failed"}),
        ("mirrored_dispute", {"stripe_id": "dp_1", "reference_id": ORDER, "status": "won"}),
        ("mirrored_fraud_warning", {"stripe_id": "issfr_1", "reference_id": ORDER}),
        ("dispute_answer", {"dispute": "dp_1", "kind": "evidence", "outcome": "refused", "settled_at": AT}),
        ("dispute_draft", {"dispute": "dp_1"}),
        ("dispute_file", {"dispute": "dp_1", "field": "receipt", "removed_at": AT}),
        ("payment_reference", {"kind": "customer@offline", "local_id": person, "stripe_id": "cus_canary"}),
        ("billing_request", {"subject": SUBSCRIPTION, "outcome": "done", "settled_at": AT}),
        ("requested_refund", {"reference_id": ORDER, "amount": 1}),
        ("mismatch", {"reference_id": ORDER, "settled_at": AT}),
        ("stripe_difference", {"about": ORDER, "gone_at": AT}),
        ("inbox_event", {"id": "evt_1", "object_id": "cs_1", "handled_at": AT}),
        ("inbox_event", {"id": "evt_2", "object_id": "in_1", "handled_at": AT}),
        ("membership", {"holder": person, "plan": NOBODY, "source": "comp", "source_id": NOBODY, "ends_at": AT}),
        ("subscription", {"id": SUBSCRIPTION, "payer": person, "status": "cancelled", "plan_version": NOBODY,
                          "ended_at": AT}),
        ("gift_membership", {"id": GIFT, "buyer": person, "plan_version": NOBODY, "paid_at": AT, "sent_at": AT,
                             "net_amount": 1}),
        ("seat", {"payer": person, "ended_at": AT}),
        ("seat", {"payer": NOBODY, "email": email}),
        ("trial", {"person": person, "subscription": SUBSCRIPTION}),
        ("cancel_attempt", {"subscription": SUBSCRIPTION, "person": person}),
        ("fee_tax_move", {"subscription": SUBSCRIPTION}),
        ("fee_refund", {"subscription": SUBSCRIPTION, "amount": 1, "status": "failed"}),
        ("renewal_credit", {"person": person, "subscription": SUBSCRIPTION, "invoice": "in_1", "amount": 1,
                            "status": "spent", "settled_at": AT}),
        ("renewal_credit_choice", {"person": person}),
        ("fee_discount", {"subscription": SUBSCRIPTION, "source": "staff", "amount": 1, "currency": "gbp",
                          "ended_at": AT, "why_ended": "used"}),
        ("paid_once_refund", {"gift": GIFT, "amount": 1, "status": "failed"}),
        ("ledger_lot", {"person": person, "kind": "store_credit", "amount": 1}),
        ("ledger_posting", {"person": person, "kind": "granted"}),
        ("partner_code", {"person": person, "benefit": NOBODY, "claimed_at": AT}),
        ("perk_use", {"person": person, "benefit": NOBODY}),
        ("early_start", {"person": person, "plan_version": NOBODY}),
        ("coupon_use", {"person": person, "coupon": NOBODY, "order_id": ORDER, "state": "used"}),
        ("coupon_use", {"email": email, "coupon": NOBODY, "order_id": GUESTS, "state": "used"}),
        ("invoice", {"person": person, "keep_until": AT.date() + timedelta(days=3650), "series": "A", "serial": 1,
                     "kind": "invoice", "subject": "order", "number": "A-1", "currency": "gbp"}),
        ("email", {"person": person, "key": "e1"}),
        ("email", {"recipient": email, "key": "e2"}),
        ("cancellation_notice", {"email": email, "kind": "ordinary", "settled_at": AT, "outcome": "staff"}),
        ("withdrawal", {"email": email, "about": "order", "settled_at": AT, "outcome": "done"}),
        ("customer_tag", {"person": person}),
        ("old_customer", {"person": person}),
        ("old_order", {"email": email, "number": "1", "lines": "[]"}),
        ("adoption_row", {"person": person, "run": NOBODY}),
        ("import_step", {"title": email, "run": NOBODY}),
        ("security_event", {"person": person, "kind": "sign-in"}),
        ("visit_consent", {"id": VISITOR, "person": person}),
        ("visit_refusal", {"person": person, "visitor": None}),
        ("page_view", {"person": person, "visitor": VISITOR, "kind": "product", "day": AT.date()}),
        ("saved_card", {"customer": "", "payment_method": "pm_1"}),
    ]  # fmt: skip


async def plant(person: UUID, email: str) -> dict[str, str]:
    """The words, by table and column. Two rows of a table have words of their own: the later ones count as well."""
    words, planted = _words(), dict[str, str]()
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        for table, given in _given(person, email):
            planted |= await _plant(table, given, planted, words)
        for table in ("saved_card", "mirrored_subscription"):
            await database.execute(
                f"UPDATE {table} SET customer = (SELECT stripe_id FROM payment_reference WHERE local_id = $1)", person
            )
    return planted


async def add_all(table: str, rows: list[dict[str, Any]]) -> None:
    """Many rows as `add` makes them, each with the same columns."""
    if not rows:
        return
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        empty = {row["column_name"]: _empty(row) for row in await database.fetch(_COLUMNS, table)
                 if row["is_nullable"] == "NO"}  # fmt: skip
        columns = list({**empty, **rows[0]})
        names = ", ".join(f'"{name}"' for name in columns)
        places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
        values = [tuple({**empty, **row}[name] for name in columns) for row in rows]
        await database.execute_many(f'INSERT INTO "{table}" ({names}) VALUES ({places})', values)


async def add(table: str, **given: Any) -> None:
    """A row with nothing in it but this, whatever it would need in a real shop."""
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        await insert(table, {name: make() for name, make in (await needed(table)).items()} | given)


async def needed(table: str) -> dict[str, Callable[[], Any]]:
    """What a row can't be without, and something empty for each."""
    columns = await database.fetch(_COLUMNS, table)
    return {row["column_name"]: partial(_empty, row) for row in columns if row["is_nullable"] == "NO"}


def _empty(column: dict[str, Any]) -> Any:
    return ids.new() if column["udt_name"] == "uuid" else _EMPTY[column["udt_name"]]


async def _plant(table: str, given: dict[str, Any], planted: dict[str, str], words: Iterator[str]) -> dict[str, str]:
    (said,) = [one for one in data_tables.declared() if one.table == table]
    holding, new, values = said.columns("personal", "secret", "kept", "sealed"), dict[str, str](), dict[str, Any]()
    for column in await database.fetch(_COLUMNS, table):
        name, kind = column["column_name"], column["udt_name"]
        if name in given:
            values[name] = given[name]
        elif f"{table}.{name}" in ELSEWHERE:
            values[name] = _EMPTY[kind]
        elif name in holding and kind in _EMPTY and isinstance(_EMPTY[kind], (str, bytes, list)):
            word = next(words) + ("qz" if (column["character_maximum_length"] or 9) > 5 else "")
            new[f"{table}.{name}" + ("" if f"{table}.{name}" not in planted else "#2")] = word
            values[name] = _holding(f"{table}.{name}", kind, word)
        elif (name == "id" and kind == "uuid") or (column["is_nullable"] == "NO" and kind == "uuid"):
            values[name] = ids.new()
        elif column["is_nullable"] == "NO":
            values[name] = _EMPTY[kind]
    await insert(table, values)
    return new


def _holding(where: str, kind: str, word: str) -> Any:
    if kind in ("json", "jsonb"):
        if where == "invoice.document":
            return json.dumps({"seller": {"name": ""}, "buyer": {"name": word}, "currency": "gbp", "lines": [],
                               "tax_is_included": True, "taxes": [], "payments": [], "paid_on": "2027-02-01",
                               "supplied": ["2027-02-01", "2027-02-01"]})  # fmt: skip
        if where in ("orders.address", "order_address_change.before"):
            return json.dumps({"name": word, "line1": "", "line2": "", "city": "", "postcode": "", "country": "GB"})
        if where == "orders.invoice_buyer":
            return json.dumps({"company": word, "line1": "", "country": "GB"})
        return json.dumps({"said": word})
    return word.encode() if kind == "bytea" else [word] if kind.startswith("_") else word


async def insert(table: str, values: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    await database.execute(f'INSERT INTO "{table}" ({names}) VALUES ({places})', *values.values())
