"""Scenarios of payments that do not go through, by their numbers in docs/payments: what is owed, and the ways out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from components.foundation import clock, database
from components.memberships.billing.subscription_state import GRACE
from components.memberships.entitlements import entitlements
from components.memberships.invariants import invariants
from components.payments import invariants as payment_invariants
from tests.support import join_members, make_plans, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from web.standin.billing.dunning import FinalState

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
GOOD, DECLINED, FAILS, CHALLENGED = "4242424242424242", "4000000000000002", "4000000000000341", "4000002760003184"
RENEWAL = datetime(2027, 4, 1, 12, 0, tzinfo=UTC)
HERE, PAY = "/account/membership", "/account/membership/payment"


async def new_card(shop: Shop, browser: Browser, card: str) -> None:
    page = await browser.post(f"{HERE}/card", {})
    outcome = await shop.pay(page, card)
    await browser.get(outcome.url)  # type: ignore[attr-defined]
    await shop.catch_up()


async def failing(shop: Shop, card: str = FAILS) -> Browser:
    """A member by the month for £4.50, two hours after a renewal that did not go through."""
    browser = await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    await new_card(shop, browser, card)
    await join_members.until(shop, RENEWAL + 2 * HOUR)
    return await shop.signed_in(join_members.MAYA)


async def pays(shop: Shop, browser: Browser, card: str = GOOD, **how: Any) -> Page:
    """Pay now, on the page of the invoice; then back to the shop."""
    page = await browser.post(PAY, {})
    assert "/offline-payments/invoice/" in page.path, page.words
    shop.stand_in.pay_invoice(page.path, card, **how)
    return await browser.get(PAY)


async def until(shop: Shop, at: datetime) -> Browser:
    """Day after day, as time goes on; signed in again at the end."""
    while clock.now() < at:
        await join_members.until(shop, min(clock.now() + DAY, at))
    return await shop.signed_in(join_members.MAYA)


async def is_member() -> bool:
    return (await entitlements.for_person(await join_members.person())).is_member


async def status() -> str:
    return str((await join_members.subscription())["status"])


async def charged() -> list[int]:
    """All that was ever taken, in order."""
    rows = await database.fetch("SELECT received FROM mirrored_payment WHERE received > 0 ORDER BY created_at")
    return [row["received"] for row in rows]


async def sound() -> list[str]:
    return [*await invariants(), *await payment_invariants.invariants()]


async def test_a_new_card_says_what_will_be_charged_to_it(shop: Shop) -> None:
    browser = await failing(shop)
    outcome = await shop.pay(await browser.post(f"{HERE}/card", {}), GOOD)
    saved = await browser.get(outcome.url)  # type: ignore[attr-defined]
    assert "Your new card has been saved. We’ll charge the £4.50 that’s due to it." in saved.alerts()
    await shop.catch_up()
    assert (await charged())[-1] == 450 and await status() == "active"


async def test_32_a_failed_renewal_is_said_with_its_amount_its_dates_and_a_way_to_pay(shop: Shop) -> None:
    browser = await failing(shop)
    page = await browser.get(HERE)
    said = "Your payment of £4.50 for Monthly didn't go through. You keep your benefits until 15 April 2027."
    assert said in page.words and "We'll try your card again on 4 April 2027." in page.words
    assert "Next renewal £4.50 on 1 May 2027" in page.words and "Next charge" not in page.words
    refused = await browser.get(f"{HERE}/plan")
    assert refused.path == HERE and "Pay what’s due first" in refused.alerts()
    for address in ("/", "/products", "/basket"):
        assert "Your membership payment hasn't gone through." in (await browser.get(address)).words
    assert "hasn't gone through" not in (await shop.browser().get("/products")).words
    due = await browser.get(PAY)
    assert due.heading == "Payment due" and due.prices() == ["4.50"]
    assert f"{HERE}/cancellation" in due.links()
    page = await pays(shop, browser)
    assert page.alerts().strip() == "Your payment went through. Your membership is active."
    assert await status() == "active" and await charged() == [450, 450]
    assert "hasn't gone through" not in (await browser.get("/products")).words
    await until(shop, RENEWAL + 20 * DAY)
    assert await charged() == [450, 450] and await sound() == []


async def test_the_payment_page_tells_the_truth_to_who_comes_back_without_having_paid(shop: Shop) -> None:
    browser = await failing(shop)
    page = await pays(shop, browser, DECLINED)
    assert page.heading == "Payment due" and "this hasn't been paid yet" in page.words
    shop.stand_in.fault("unavailable", times=9)
    assert "please don't pay again" in (await browser.get(PAY)).words
    shop.stand_in.fault("unavailable", times=0)
    assert await charged() == [450]


async def test_nobody_is_thanked_for_a_payment_that_was_not_due(shop: Shop) -> None:
    browser = await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    page = await browser.get(f"{PAY}?check=1")
    assert page.path == HERE and "went through" not in page.words


async def test_44_after_the_grace_the_member_still_owes_and_is_back_at_once(shop: Shop) -> None:
    shop.stand_in.retry_renewals(schedule="two months", then="cancel")
    await failing(shop)
    browser = await until(shop, RENEWAL + GRACE + DAY)
    assert await status() == "past_due" and not await is_member()
    page = await browser.get(HERE)
    assert "Your benefits are off, and come back as soon as it's paid." in page.words
    assert "has ended" not in page.words and "Rejoin" not in page.words
    joining = await browser.get("/join/monthly")
    assert "Your membership benefits are off" in joining.words and PAY in joining.links()
    refused = await browser.post("/join/monthly", {})
    assert "there’s no need to join again" in refused.words
    assert "hasn't gone through" in (await browser.get("/products")).words
    await pays(shop, browser)
    assert await status() == "active" and await is_member() and await charged() == [450, 450]
    assert await sound() == []


@pytest.mark.parametrize("final", ["unpaid", "past_due"])
@pytest.mark.parametrize("way", ["pay", "card"])
async def test_45_a_final_state_that_is_not_an_end_can_be_paid_months_later(
    shop: Shop, final: FinalState, way: str
) -> None:
    shop.stand_in.retry_renewals(schedule="one week", then=final)
    await failing(shop)
    browser = await until(shop, RENEWAL + 75 * DAY)
    assert await status() == final and not await is_member()
    page = await browser.get(PAY)
    assert page.heading == "Payment due" and page.prices() == ["4.50"]
    is_charged_again = "Next renewal £4.50" in (await browser.get("/account/membership")).words
    assert is_charged_again == (final == "past_due"), "of an unpaid subscription nothing is collected by itself"
    if way == "pay":
        await pays(shop, browser)
    else:
        await new_card(shop, browser, GOOD)
    assert await status() == "active" and await is_member()
    assert await charged() == [450, 450]
    await shop.catch_up()
    await until(shop, clock.now() + 10 * DAY)
    assert await charged() == [450, 450], "older invoices are void, not charged later"
    assert await sound() == []


async def test_33_nothing_is_left_to_pay_when_the_retries_have_ended_it(shop: Shop) -> None:
    browser = await failing(shop)
    address = (await browser.post(PAY, {})).path
    browser = await until(shop, RENEWAL + 17 * DAY)
    assert await status() == "cancelled"
    assert shop.stand_in.pay_invoice(address, GOOD).state == "declined"
    assert (await browser.get(PAY)).path == HERE
    page = await browser.get(HERE)
    assert "Monthly has ended It ended on 16 April 2027." in page.words and "/join/monthly" in page.links()
    assert "hasn't gone through" not in (await browser.get("/products")).words
    assert await charged() == [450] and await sound() == []


async def test_47_the_banks_challenge_at_a_renewal_is_met_on_the_invoices_page(shop: Shop) -> None:
    browser = await failing(shop, CHALLENGED)
    page = await browser.get(PAY)
    assert "Your bank wants you to confirm this payment" in page.words
    page = await pays(shop, browser, "", challenge="fail")
    assert page.heading == "Payment due" and await charged() == [450]
    page = await pays(shop, browser, "", challenge="pass")
    assert "Your payment went through" in page.alerts()
    assert await status() == "active" and await charged() == [450, 450]
    assert await sound() == []


async def test_57_a_return_from_a_pause_that_is_declined_owes_and_has_a_grace_of_its_own(shop: Shop) -> None:
    await failing(shop)
    await database.execute(
        "UPDATE subscription SET status = 'paused', past_due_since = $1", clock.now() - timedelta(days=90)
    )
    from components.memberships.billing import subscriptions

    row = await join_members.subscription()
    await subscriptions.apply(row["id"])  # type: ignore[arg-type]
    assert (await join_members.subscription())["past_due_since"] == RENEWAL
    browser = await shop.signed_in(join_members.MAYA)
    assert "You keep your benefits until 15 April 2027." in (await browser.get(PAY)).words


async def test_somebody_else_sees_and_pays_nothing(shop: Shop) -> None:
    await failing(shop)
    await people.customer("noor@kiln.test")
    other = await shop.signed_in("noor@kiln.test")
    assert (await other.get(PAY)).path == HERE
    assert (await other.post(PAY, {})).path == HERE
    assert (await shop.browser().get(PAY)).path.startswith("/sign-in")


async def test_staff_try_the_card_again_and_are_told_what_came_of_it(shop: Shop) -> None:
    browser = await failing(shop)
    member = await join_members.person()
    await people.staff("jonas@kiln.test", permissions=["members"])
    staff, here = await shop.signed_in("jonas@kiln.test"), f"/staff/members/{member}"
    page = await staff.get(here)
    assert "£4.50 for Monthly" in page.words and "The card was declined." in page.words
    between = await staff.get(f"{here}/payment")
    assert "is charged £4.50 for Monthly now." in between.words
    declined = await staff.submit(between, f"{here}/payment")
    assert "The card was declined again. Nothing was charged." in declined.alerts()
    before = clock.now()
    clock.set_everywhere(before + 2 * timedelta(minutes=1))
    method = await _saved(shop, browser)
    page = await staff.submit(await staff.get(f"{here}/payment"), f"{here}/payment")
    assert page.alerts().strip() == "£4.50 went through. The membership is active again.", method
    assert await status() == "active" and await charged() == [450, 450]
    tried = await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'payment tried again'")
    assert tried == 2
    assert "There’s nothing to pay" in (await staff.post(f"{here}/payment", {})).alerts()


async def _saved(shop: Shop, browser: Browser) -> str:
    """A good card is on file at Stripe, and the shop has not heard of it."""
    page = await browser.post(f"{HERE}/card", {})
    await shop.pay(page, GOOD)
    with shop.stand_in.engine.changing() as books:
        method = next(iter(books.find("payment_method")))
        subscription = next(iter(books.find("subscription")))
        subscription["default_payment_method"] = method["id"]
    return str(method["id"])


async def test_what_only_the_member_can_confirm_is_tried_by_nobody_else(shop: Shop) -> None:
    """Stripe may name a day for its next try all the same; no page and no e-mail does."""
    browser = await failing(shop, CHALLENGED)
    assert await database.fetch_value("SELECT count(*) FROM mirrored_invoice WHERE next_attempt_at > $1", clock.now())
    await people.staff("jonas@kiln.test", permissions=["members"])
    staff, here = await shop.signed_in("jonas@kiln.test"), f"/staff/members/{await join_members.person()}"
    told = {"staff": (await staff.get(here)).words}
    assert "Next try Waits for the member to confirm with their bank" in told["staff"]
    for address in (HERE, PAY):
        told[address] = (await browser.get(address)).words
        assert "Confirm and pay" in told[address]
    told["e-mail"] = await database.fetch_value("SELECT text FROM email WHERE template = 'payment_failed'")
    assert "Your bank wants you to confirm your payment of £4.50" in told["e-mail"]
    wrong = ("next payment attempt", "try your card again on", "try again on", "4 April", "stopped trying")
    assert [(where, each) for where, words in told.items() for each in wrong if each in words] == []
    assert "trying the card again can’t help" in (await staff.post(f"{here}/payment", {})).alerts()
    await people.staff("iris@kiln.test", permissions=["orders"])
    assert (await (await shop.signed_in("iris@kiln.test")).post(f"{here}/payment", {})).status == 403
