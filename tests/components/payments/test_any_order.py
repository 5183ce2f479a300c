"""Webhooks come late, twice, in any order and all at once, and shoppers come back meanwhile: the end is the same.

One life of a shop (an order paid after a decline, another left to expire, a joining, two renewals, a part refund, a
cancellation) is told again and again. Between its steps some of the events that have arrived are followed, each one to
five times, shuffled, eight at a time, racing the return page. At the end everything not yet followed is followed.
"""

import random
from collections.abc import Sequence
from typing import Any

import pytest

from components.foundation import database, ids
from components.foundation.money import Money
from components.payments import invariants, payment_refunds, running_subscriptions
from components.payments.checkout_sessions import pages as payment_pages
from components.payments.differences import admin_views
from components.payments.tables import CheckoutSession
from components.payments.webhooks import inbox
from tests.components.payments.conftest import Till
from tests.support import databases

ONCE_EACH = ("CheckoutSessionPaid", "CheckoutSessionExpired", "CheckoutSessionUnpaid", "AmountMismatch", "CardSaved")


async def all_events(till: Till) -> list[str]:
    await till.deliver()
    return [row["id"] for row in await database.fetch("SELECT id FROM inbox_event")]


async def disorder(till: Till, dice: random.Random, pages: Sequence[CheckoutSession], share: float) -> None:
    """Follow a share of all events ever delivered, each up to five times, together with shoppers coming back."""
    chosen = [event for event in await all_events(till) if dice.random() < share]
    calls: list[Any] = [inbox.process(event) for event in chosen for _ in range(dice.randint(1, 5))]
    calls += [payment_pages.sync(page) for page in pages if dice.random() < 0.5]
    dice.shuffle(calls)
    for start in range(0, len(calls), 8):
        await till.follow_at_once((), *calls[start : start + 8])


async def nothing(till: Till, dice: random.Random, pages: Sequence[CheckoutSession], share: float) -> None:
    """In order: each event once, as soon as it comes."""
    await till.work()


async def life(till: Till, dice: random.Random, between: Any) -> dict[str, Any]:
    paid, left = await till.open(), await till.open()
    joined = await till.join()
    pages = [paid, left, joined]
    await till.pay(paid, "4000000000000002")
    await between(till, dice, pages, 0.5)
    await till.pay(paid)
    await between(till, dice, pages, 0.5)
    till.advance(hours=25)
    await payment_pages.sync(paid)
    await payment_pages.sync(joined)
    for _ in range(2):
        till.advance(days=31)
        await between(till, dice, pages, 0.3)
    await payment_refunds.create(paid.reference_id, Money(540, "GBP"), key=ids.new())
    await running_subscriptions.cancel_at_period_end(joined.reference_id)
    await between(till, dice, pages, 0.3)
    till.advance(days=40)
    await between(till, dice, pages, 1.0)
    await till.work()
    return await ending(till)


async def ending(till: Till) -> dict[str, Any]:
    """Everything kept and announced that does not depend on chance: no ids, no instants of ours."""
    mirror = {
        "pages": "SELECT purpose, status, payment_status, amount, paid_at IS NOT NULL AS is_paid FROM checkout_session",
        "subscriptions": "SELECT status, amount, cancel_at IS NOT NULL AS ends FROM mirrored_subscription",
        "invoices": "SELECT status, reason, amount_paid, attempts FROM mirrored_invoice",
        "payments": "SELECT purpose, status, received, invoice IS NOT NULL AS billed FROM mirrored_payment",
        "refunds": "SELECT status, amount FROM mirrored_refund",
        "asked": "SELECT amount, stripe_id IS NOT NULL AS is_answered FROM requested_refund",
    }
    kept = {name: sorted(str(row) for row in await database.fetch(sql)) for name, sql in mirror.items()}
    facts = {name: len(await till.facts(name)) for name in (*ONCE_EACH, "InvoicePaid", "InvoiceFailed")}
    return {**kept, **facts, "broken": await invariants.invariants(), "stuck": (await admin_views.status()).parked}


@pytest.fixture
async def in_order(till: Till) -> dict[str, Any]:
    ended = await life(till, random.Random(0), nothing)
    await databases.empty()
    return ended


@pytest.mark.parametrize("seed", range(6))
async def test_the_end_is_the_same_in_any_order(till: Till, in_order: dict[str, Any], seed: int) -> None:
    assert (
        in_order["CheckoutSessionPaid"] == 2
        and in_order["CheckoutSessionExpired"] == 1
        and in_order["InvoicePaid"] == 3
    )
    assert in_order["broken"] == [] and in_order["stuck"] == 0
    assert await life(till, random.Random(seed), disorder) == in_order


async def test_believing_the_events_themselves_would_end_wrong(till: Till) -> None:
    """The seeded fault: were statuses taken from payloads, the last one delivered would win."""
    joined = await till.join()
    till.advance(hours=1)
    await till.work()
    await running_subscriptions.end_now(joined.reference_id)
    await till.deliver()
    rows = await database.fetch(
        "SELECT payload::jsonb #>> '{data,object,status}' AS status FROM inbox_event "
        "WHERE object_kind = 'subscription' ORDER BY happened_at, id"
    )
    claimed = [row["status"] for row in rows]
    assert claimed[-1] == "canceled" and claimed[0] != "canceled"
    for event_id in reversed(await all_events(till)):
        await inbox.process(event_id)
    mirrored = await running_subscriptions.mirrored(joined.reference_id)
    assert mirrored is not None and mirrored.status == "cancelled"
