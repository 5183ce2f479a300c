"""Failed renewals by the settings of the control page, and the page on which an open invoice is paid."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.pages import Browser
from tests.web.standin.desk import CHALLENGED_ALWAYS, CHALLENGED_ONCE, DECLINED, FAILS_LATER, GOOD, SHOP, Desk
from tests.web.standin.test_standing import replace_card
from web.standin.billing import dunning

RENEWED = datetime(2027, 4, 1, 14, tzinfo=UTC)


@pytest.fixture
async def browser(desk: Desk) -> AsyncIterator[Browser]:
    opened = Browser(desk.standin.pages)
    yield opened
    await opened.close()


async def failing(desk: Desk, card: str = FAILS_LATER) -> tuple[Any, Any]:
    """A subscription whose first renewal has just failed, and its open invoice."""
    subscription = await desk.joined(await desk.price(1000))
    await replace_card(desk, subscription, card)
    desk.advance_to(RENEWED)
    return subscription, (await desk.invoices(subscription))[-1]


async def status(desk: Desk, subscription: Any) -> str:
    return str((await desk.again(subscription)).status)


async def test_a_draft_has_no_page_yet(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    desk.advance_to(RENEWED.replace(hour=12, minute=30))
    draft = (await desk.invoices(subscription))[-1]
    assert (draft.status, draft.hosted_invoice_url) == ("draft", None)


async def test_the_page_of_an_open_invoice_takes_another_card_and_the_subscription_is_back(
    desk: Desk, browser: Browser
) -> None:
    subscription, invoice = await failing(desk)
    address = invoice.hosted_invoice_url.removeprefix(SHOP)
    page = await browser.get(address)
    assert page.heading == "£10.00" and "Pay with the card ending in 0341" in page.words
    declined = await browser.post(address, {"action": "saved"})
    assert declined.status == 402 and declined.alerts() == "Your card was declined."
    declined = await browser.post(address, {**page.form(address).given, "use": DECLINED})
    assert declined.status == 402
    paid = await browser.post(address, {**page.form(address).given, "use": GOOD})
    assert "Invoice paid" in paid.words
    assert await status(desk, subscription) == "active"
    kept = await desk.v1.payment_methods.retrieve_async((await desk.again(subscription)).default_payment_method)
    assert kept.card.last4 == "0341"
    assert "Invoice paid" in (await browser.post(address, {"action": "saved"})).words
    charges = (await desk.v1.charges.list_async({"customer": subscription.customer})).data
    assert [charge.status for charge in charges].count("succeeded") == 2


async def test_another_secret_is_an_unknown_page(desk: Desk, browser: Browser) -> None:
    _, invoice = await failing(desk)
    address = invoice.hosted_invoice_url.removeprefix(SHOP)
    for verb in (browser.get, browser.post):
        assert (await verb(f"{address[:-4]}AAAA")).status == 404


@pytest.mark.parametrize("card", [CHALLENGED_ALWAYS, CHALLENGED_ONCE])
async def test_47_the_banks_challenge_is_met_on_the_invoices_page(desk: Desk, browser: Browser, card: str) -> None:
    subscription, invoice = await failing(desk, card)
    if card == CHALLENGED_ONCE:  # saved on a page, where its one challenge was passed
        assert invoice.status == "paid"
        return
    address = invoice.hosted_invoice_url.removeprefix(SHOP)
    challenge = await browser.post(address, {"action": "saved"})
    assert challenge.heading == "Confirm it’s you" and "£10.00" in challenge.words
    refused = await browser.post(f"{address}/challenge", {"answer": "fail"})
    assert "unable to authenticate" in refused.alerts() and await status(desk, subscription) == "past_due"
    await browser.post(refused.form(address).action, {"action": "saved"})
    assert "Invoice paid" in (await browser.post(f"{address}/challenge", {"answer": "pass"})).words
    assert await status(desk, subscription) == "active"


@pytest.mark.parametrize("schedule", list(dunning.SCHEDULES))
@pytest.mark.parametrize("final", dunning.FINAL_STATES)
async def test_45_retries_follow_the_schedule_and_end_as_set(
    desk: Desk, schedule: str, final: dunning.FinalState
) -> None:
    desk.standin.retry_renewals(schedule=schedule, then=final)
    subscription, invoice = await failing(desk)
    days = dunning.SCHEDULES[schedule]
    desk.advance(days=sum(days) - 1)
    assert await status(desk, subscription) == "past_due"
    desk.advance(days=1)
    ended = await desk.v1.invoices.retrieve_async(invoice.id)
    assert (ended.status, ended.attempt_count, ended.next_payment_attempt) == ("open", len(days) + 1, None)
    assert await status(desk, subscription) == {"cancel": "canceled"}.get(final, final)
    if final != "cancel":
        latest = (await desk.again(subscription)).latest_invoice
        if (await desk.v1.invoices.retrieve_async(latest)).status == "draft":
            await desk.v1.invoices.finalize_invoice_async(latest, {"auto_advance": False})
        latest = await desk.v1.invoices.retrieve_async(latest)
        assert desk.standin.pay_invoice(latest.hosted_invoice_url, GOOD).state == "done"
        assert await status(desk, subscription) == "active"


async def test_paying_by_hand_uses_up_no_retry(desk: Desk) -> None:
    _, invoice = await failing(desk)
    for _ in range(5):
        assert desk.standin.pay_invoice(invoice.hosted_invoice_url, DECLINED).state == "declined"
    again = await desk.v1.invoices.retrieve_async(invoice.id)
    assert (again.attempt_count, again.next_payment_attempt) == (1, invoice.next_payment_attempt)


async def test_the_control_page_sets_schedule_and_end(desk: Desk, browser: Browser) -> None:
    page = await browser.get("/offline-payments/control")
    page = await browser.submit(page, "/offline-payments/control/retries", schedule="two months", final="unpaid")
    assert page.form("/offline-payments/control/retries").given == {"schedule": "two months", "final": "unpaid"}
    wrong = await browser.post("/offline-payments/control/retries", {"schedule": "never", "final": "unpaid"})
    assert wrong.status == 422


async def test_46_a_change_that_needs_the_bank_waits_until_it_is_confirmed(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    await replace_card(desk, subscription, CHALLENGED_ALWAYS)
    large = await desk.price(2000)
    changed = await desk.v1.subscriptions.update_async(subscription.id, _to(subscription, large))
    assert changed.items.data[0].price.unit_amount == 1000 and changed.pending_update.expires_at
    invoice = await desk.v1.invoices.retrieve_async(changed.latest_invoice, {"expand": ["payments"]})
    intent = await desk.v1.payment_intents.retrieve_async(invoice.payments.data[0].payment.payment_intent)
    assert intent.status == "requires_action"
    assert "invoice.payment_failed" not in await desk.delivered()
    assert desk.standin.pay_invoice(invoice.hosted_invoice_url).state == "done"
    after = await desk.again(subscription)
    assert (after.items.data[0].price.id, after.pending_update) == (large.id, None)


async def test_46_a_change_nobody_confirms_is_dropped_after_23_hours_or_with_the_period(desk: Desk) -> None:
    for is_late in (False, True):
        subscription = await desk.joined(await desk.price(1000))
        await replace_card(desk, subscription, CHALLENGED_ALWAYS)
        end = subscription.items.data[0].current_period_end
        desk.advance(seconds=(end - desk.seconds() - 3600) if is_late else 0)
        changed = await desk.v1.subscriptions.update_async(
            subscription.id, _to(subscription, await desk.price(200_000))
        )
        expected = end if is_late else desk.seconds() + 23 * 3600
        assert changed.pending_update.expires_at == expected
        desk.advance(seconds=expected - desk.seconds())
        after = await desk.again(subscription)
        assert (after.items.data[0].price.unit_amount, after.pending_update) == (1000, None)
        assert (await desk.v1.invoices.retrieve_async(changed.latest_invoice)).status == "void"


def _to(subscription: Any, price: Any) -> dict[str, Any]:
    return {
        "items": [{"id": subscription.items.data[0].id, "price": price.id}],
        "proration_behavior": "always_invoice",
        "payment_behavior": "pending_if_incomplete",
    }
