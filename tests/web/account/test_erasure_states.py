"""What is under way when somebody wants to be erased: refused, waited for, told before, or in nobody's way."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from components.foundation.personal_data import data_retention
from components.insights import invariants
from components.memberships.billing import cancellations, subscriptions, trials
from components.payments.billing_requests import request_completion
from components.people import cleanup, customer_accounts
from components.people.privacy import erasure, erasure_wishes
from tests.support import canary_rows, join_members, make_plans, patience, people
from tests.support.shops import Shop

HERE = "/account/privacy/erasure"
SURE = {"is_sure": "on"}
EMAIL = "maya@kiln.test"
REFUND, BANK = "A refund to you is still on its way", "Your bank is still deciding"
_FIGURES = """
SELECT (SELECT sum(amount) FROM paid_period), (SELECT sum(amount_paid) FROM mirrored_invoice),
  (SELECT count(*) FROM membership), (SELECT sum(total) FROM invoice),
  (SELECT sum(amount) FROM movement WHERE amount > 0),
  (SELECT sum(amount) FROM ledger_entry)"""


def _under_way(order: UUID, subscription: UUID) -> dict[str, tuple[str, dict[str, Any], str]]:
    """Row by row: what makes them wait, and a part of what they are told."""
    theirs = {"reference_id": subscription}
    return {
        "a bank decides": ("mirrored_dispute", {"stripe_id": "dp_1", **theirs, "status": "needs_response"}, BANK),
        "a refund at the bank": ("mirrored_refund", {"stripe_id": "re_1", **theirs, "status": "pending"}, REFUND),
        "a refund without an answer": ("requested_refund", {**theirs, "amount": 1}, REFUND),
        "a fee paid back": ("fee_refund", {"subscription": subscription, "amount": 1, "status": "asked"}, REFUND),
        "an order paid back": ("refund", {"order": order, "amount": 1, "status": "pending"}, REFUND),
        "a change without an answer": ("billing_request", {"subject": subscription}, "yours is still on its way"),
        "a cancellation in writing": ("cancellation_notice", {"email": EMAIL, "kind": "ordinary"}, "yet to see to"),
        "a withdrawal": ("withdrawal", {"email": EMAIL, "about": "order"}, "yet to see to the withdrawal"),
    }  # fmt: skip


async def _tables_with(words: str) -> list[str]:
    names = await database.fetch_values("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = f"SELECT EXISTS (SELECT FROM \"{{}}\" t WHERE strpos(lower(to_jsonb(t)::text), '{words}') > 0)"
    return [name for name in sorted(names) if await database.fetch_value(found.format(name))]


def _digest(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()


async def _is_erased(person: UUID) -> bool:
    return await customer_accounts.by_id(person) is None


async def test_states_and_what_becomes_of_the_wish_in_each(shop: Shop) -> None:
    browser = await join_members.joins(shop, await make_plans.club())
    maya, order, at = await join_members.person(), ids.new(), clock.now()
    running = await subscriptions.running(maya)
    assert running is not None
    assert "Please cancel it first" in (await browser.post(HERE, SURE)).words
    await cancellations.schedule(running.id)
    await shop.catch_up()

    await canary_rows.add("operator", person=maya, role="staff")
    with pytest.raises(erasure.ErasureRefused, match="staff access"):
        await erasure_wishes.make(maya)
    await database.execute("DELETE FROM operator")

    sent = {"person": maya, "number": "C-1", "placed_at": at, "paid_at": at, "fulfilled_at": at}
    await canary_rows.add("orders", id=order, **sent)
    for state, (table, given, words) in _under_way(order, running.id).items():
        await canary_rows.add(table, **given)
        asked = await browser.post(HERE, SURE)
        assert asked.status == 200 and words in asked.words and "You asked us to delete" in asked.words, state
        await erasure_wishes.carry_out()
        assert not await _is_erased(maya) and words in (await browser.get(HERE)).words, state
        assert "You keep your account" in (await browser.post(f"{HERE}/withdrawal")).words, state
        assert not await erasure_wishes.is_waiting(maya), state
        await database.execute(f'DELETE FROM "{table}"')
    assert (await subscriptions.running(maya)) is not None, "billing ends last, when nothing else is waited for"
    await database.execute("DELETE FROM orders")

    await canary_rows.add("gift_membership", buyer=maya, paid_at=at)
    await canary_rows.add("seat", payer=maya, email="theo@kiln.test")
    told = (await browser.get(HERE)).words
    assert "also the time you’ve paid for" in told and "has not been redeemed" in told
    assert "Invitations to your household that nobody has accepted end." in told and "seats you gave" not in told
    await database.execute("DELETE FROM gift_membership")
    await database.execute("DELETE FROM seat")

    await canary_rows.add("trial", person=maya, subscription=running.id, email_key=_digest(EMAIL), card="print", at=at)
    figures = await database.fetch(_FIGURES)
    shop.stand_in.fault("unavailable", times=1000)
    with patience.of(reads=0.1, per_read=0.1, writes=0.1, first_pause=0.02):
        asked = await browser.post(HERE, SURE)
        assert "has not confirmed yet that your membership’s billing has ended" in asked.words
        await erasure_wishes.carry_out()
    assert not await _is_erased(maya) and await erasure_wishes.is_waiting(maya)
    shop.stand_in.fault("unavailable", times=0)
    await join_members.until(shop, clock.now() + timedelta(minutes=20))
    await request_completion.settle_due()
    await erasure_wishes.carry_out()
    assert await _is_erased(maya)
    await shop.catch_up()
    assert await subscriptions.running(maya) is None
    assert await database.fetch(_FIGURES) == figures and await invariants.invariants() == []
    with shop.stand_in.engine.changing() as books:
        assert [one for one in books.find("subscription") if one["status"] != "canceled"] == []

    clock.set_everywhere(clock.now() + timedelta(days=31))
    await data_retention.drop_what_is_over()
    await cleanup.delete_expired()
    assert await _tables_with(EMAIL) == [] == await _tables_with('"4242"')

    again = await people.customer(EMAIL, name="Maya")
    assert again.id != maya and await trials.had_one(again.id, EMAIL)
    other = await shop.signed_in(EMAIL)
    assert '"everything"' in (copy := (await other.client.get("/account/privacy/data.json")).text)
    assert str(maya) not in copy and "£39" not in copy
