"""A bank debit for a membership: Stripe says active at once, access follows the money."""

from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock, database
from components.insights import invariants
from components.memberships.billing.states import late_start_schedule
from components.memberships.entitlements import entitlements
from components.payments.stripe_connection import client
from tests.support import join_members, make_plans, people
from tests.support.shops import Shop

BANK_GOOD, BANK_BAD, GOOD_CARD = "10880000012345", "10880033333335", "4242424242424242"


async def is_member() -> bool:
    return (await entitlements.for_person(await join_members.person(), clock.now())).is_member


async def at_stripe() -> Any:
    found = await client().v1.subscriptions.list_async({"status": "all"})
    return found.data


async def sound() -> list[str]:
    return [words async for part in invariants.examine() for words in part.broken]


async def test_60_access_begins_when_the_bank_debit_has_arrived(shop: Shop) -> None:
    browser = await join_members.joins(shop, await make_plans.club(price=450, interval="month"), card=BANK_GOOD)
    assert [each.status for each in await at_stripe()] == ["active"]
    row = await join_members.subscription()
    assert (row["status"], row["started_at"], await is_member()) == ("incomplete", None, False)
    assert await database.fetch_value("SELECT count(*) FROM membership") == 0
    assert await database.fetch_value("SELECT count(*) FROM paid_period") == 0
    words = (await browser.get("/account/membership")).words
    assert "has ended" not in words and "is active" not in words
    assert "Your payment is on its way" in words and "You haven't finished" not in words
    await join_members.until(shop, clock.now() + timedelta(days=2))
    assert not await is_member() and await sound() == []
    await join_members.until(shop, clock.now() + timedelta(days=1, minutes=1))
    assert await is_member()
    assert (await join_members.subscription())["status"] == "active"
    assert await database.fetch_value("SELECT sum(amount) FROM paid_period") == 450
    welcome = "SELECT count(*) FROM email WHERE template = 'membership_started'"
    assert await database.fetch_value(welcome) <= 1
    assert await sound() == []


async def test_60_a_second_attempt_is_not_taken_while_the_first_is_on_its_way(shop: Shop) -> None:
    plan = await make_plans.club(price=450, interval="month")
    browser = await join_members.joins(shop, plan, card=BANK_GOOD)
    page = await browser.get(f"/join/{plan.slug}")
    assert "Your payment is on its way, so there’s nothing more to pay." in page.words and "You pay" not in page.words
    page = await browser.post(f"/join/{plan.slug}", {"version": str(plan.version_id)})
    assert not page.path.startswith("/offline-payments"), page.path
    await people.owner("iris@kiln.test")
    staff = await shop.signed_in("iris@kiln.test")
    page = await staff.get(f"/staff/members/{await join_members.person()}")
    assert "Joining Annual: the payment is on its way" in page.words, "staff see why there is no membership yet"
    assert len(await at_stripe()) == 1


@pytest.mark.parametrize("card", [GOOD_CARD, BANK_GOOD])
async def test_60_a_refused_bank_debit_was_never_a_membership_and_one_can_begin_anew(shop: Shop, card: str) -> None:
    plan = await make_plans.club(price=450, interval="month")
    browser = await join_members.joins(shop, plan, card=BANK_BAD)
    await join_members.until(shop, clock.now() + timedelta(days=3, minutes=1))
    row = await join_members.subscription()
    assert (row["status"], row["started_at"], await is_member()) == ("lapsed", None, False)
    assert [each.status for each in await at_stripe()] == ["canceled"], "nothing is tried again"
    told = (await browser.get("/account/membership")).words
    assert "Your bank didn't make the payment for" in told and "You owe nothing." in told
    assert await database.fetch_value("SELECT count(*) FROM membership") == 0
    assert await sound() == []
    (told,) = await database.fetch_values("SELECT text FROM email WHERE template = 'payment_not_made'")
    assert "did not make the payment of £4.50 for your fee for" in told and "Your membership has not started." in told
    page = await browser.submit(await browser.get(f"/join/{plan.slug}"), f"/join/{plan.slug}")
    await shop.pay(page, card)
    await join_members.until(shop, clock.now() + timedelta(days=3, minutes=1))
    assert await is_member()
    assert await database.fetch_value("SELECT sum(amount) FROM paid_period") == 450
    assert await sound() == []


@pytest.mark.parametrize("account", [BANK_GOOD, BANK_BAD])
async def test_60_a_renewal_by_bank_debit_keeps_the_access_meanwhile(shop: Shop, account: str) -> None:
    await join_members.joins(shop, await make_plans.club(price=450, interval="month"), card=BANK_GOOD)
    await join_members.until(shop, clock.now() + timedelta(days=3, minutes=1))
    await late_start_schedule.move_due()
    if account == BANK_BAD:
        with shop.stand_in.engine.changing() as books:
            for method in books.find("payment_method"):
                method["_"]["number"] = BANK_BAD
    await join_members.until(shop, clock.now() + timedelta(days=31, hours=2))
    assert (await is_member(), (await at_stripe())[0].status) == (True, "active")
    paid = "SELECT count(*) FROM paid_period"
    assert await database.fetch_value(paid) == 1
    await join_members.until(shop, clock.now() + timedelta(days=3, minutes=1))
    assert await is_member(), "in its grace"
    assert await database.fetch_value(paid) == (2 if account == BANK_GOOD else 1)
    assert (await join_members.subscription())["status"] == ("active" if account == BANK_GOOD else "past_due")
    assert await sound() == []
