"""What the lives have found, each as short as it became."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from components import worker
from components.foundation import clock, database
from components.foundation.refusals import Refusal
from components.memberships.editing import plans
from components.memberships.grants import gift_codes, gift_memberships
from components.memberships.invariants import invariants
from components.memberships.plans import plan_catalogue
from tests.support import join_members, make_plans, refunding
from tests.support.pages import Browser
from tests.support.shops import Shop
from web.standin.charging import disputes
from web.standin.resources import customers

CANCEL = "/account/membership/cancellation"


def customer_is_deleted(shop: Shop) -> None:
    """In the bank's dashboard; nobody has been told yet."""
    with shop.stand_in.engine.changing() as books:
        (customer,) = books.find("customer")
        customers.delete(books, customer["id"])


@pytest.mark.parametrize("address", [CANCEL, f"{CANCEL}/withdrawal"])
async def test_what_has_ended_at_the_bank_without_our_knowing_is_said_to_have_ended(shop: Shop, address: str) -> None:
    browser = await join_members.joins(shop, await make_plans.club())
    if address != CANCEL:
        await browser.post(CANCEL, {})
    customer_is_deleted(shop)
    said = (await browser.post(address, {})).alerts()
    assert "already ended" in said or "no active membership" in said, said
    assert "refused" not in said


async def test_a_new_card_of_a_customer_who_was_deleted_meanwhile_leaves_no_job_that_fails(shop: Shop) -> None:
    browser = await join_members.joins(shop, await make_plans.club())
    await shop.pay(await browser.post("/account/membership/card", {}))
    await shop.stand_in.deliver_due(shop._post)
    customer_is_deleted(shop)
    await shop.catch_up()
    for row in await database.fetch("SELECT id FROM announced_fact WHERE name = 'CardSaved'"):
        await worker.deliver_fact(str(row["id"]))
    assert await database.fetch("SELECT task_name FROM procrastinate_jobs WHERE task_name = 'react'") == []


async def test_two_plan_changes_within_one_second_leave_one_membership(shop: Shop, at: datetime) -> None:
    """The practice clock counts in whole seconds, and a membership that has just begun ends where the next begins."""
    browser = await join_members.joins(shop, await make_plans.club(price=400, interval="month", slug="small"))
    clock.set_everywhere(at + timedelta(hours=1))
    for price, slug in ((900, "middle"), (1900, "large"), (2900, "huge")):
        await make_plans.club(price=price, interval="month", slug=slug)
        page = await browser.get(f"/account/membership/plan/{slug}")
        await browser.submit(page, f"/account/membership/plan/{slug}")
        await shop.catch_up()
    held = await database.fetch(
        "SELECT p.slug FROM membership m JOIN plan p ON p.id = m.plan WHERE holds(m.starts_at, m.ends_at, $1)",
        clock.now(),
    )
    assert [row["slug"] for row in held] == ["huge"] and await invariants() == []


async def test_news_of_a_cancellation_that_comes_again_after_it_was_withdrawn_writes_no_second_receipt(
    shop: Shop,
) -> None:
    browser = await join_members.joins(shop, await make_plans.club())
    for address in (CANCEL, f"{CANCEL}/withdrawal"):
        await browser.post(address, {})
        await shop.catch_up()
        for row in await database.fetch("SELECT id FROM announced_fact WHERE name LIKE 'Cancellation%' ORDER BY id"):
            await worker.deliver_fact(str(row["id"]))
        await shop.catch_up()
    written = await database.fetch("SELECT template FROM email WHERE template LIKE 'cancellation%' ORDER BY template")
    assert [row["template"] for row in written] == ["cancellation_receipt", "cancellation_withdrawn"]


async def test_news_of_a_plan_change_that_comes_again_in_a_later_period_writes_no_second_e_mail(
    shop: Shop, at: datetime
) -> None:
    browser = await join_members.joins(shop, await make_plans.club(price=400, interval="month", slug="small"))
    await make_plans.club(price=900, interval="month", slug="large")
    page = await browser.get("/account/membership/plan/large")
    await browser.submit(page, "/account/membership/plan/large")
    await shop.catch_up()
    await join_members.until(shop, at + timedelta(days=40))
    for row in await database.fetch("SELECT id FROM announced_fact WHERE name = 'PlanChanged'"):
        await worker.deliver_fact(str(row["id"]))
    await shop.catch_up()
    assert await database.fetch_value("SELECT count(*) FROM email WHERE template = 'plan_changed'") == 1


async def test_a_gift_whose_refund_the_bank_refuses_can_still_be_redeemed(shop: Shop) -> None:
    """A disputed payment cannot be refunded as well."""
    browser = await join_members.joins(shop, await make_plans.club())
    gift = await a_gift(shop, browser)
    with shop.stand_in.engine.changing() as books:
        charge = next(iter(books.find("charge")))
        disputes.open_against(books, charge, reason="general")
    with pytest.raises(Refusal):
        await refunding.refund_gift(gift, by=await join_members.person())
    kept = await gift_memberships.by_id(gift)
    assert kept.refunded_at is None and await gift_memberships.by_code(gift_codes.code_of(kept))


async def a_gift(shop: Shop, browser: Browser) -> UUID:
    """Bought by Maya, and paid."""
    plan = plan_catalogue.by_slug("annual")
    await plans.set_terms(plan.id, plans.PlanTerms(is_giftable=True), by=None)
    page = await browser.submit(
        await browser.get("/gifts"), "/gifts", recipient_name="Pat", recipient_email="pat@kiln.test"
    )
    await browser.get((await shop.pay(page)).url)  # type: ignore[attr-defined]
    await shop.catch_up()
    found = await database.fetch_value("SELECT id FROM gift_membership WHERE paid_at IS NOT NULL")
    assert isinstance(found, UUID)
    return found
