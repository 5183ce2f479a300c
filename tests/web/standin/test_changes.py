"""Changing plan: what the preview says is what is charged."""

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from tests.web.standin.desk import CHALLENGED_ALWAYS, FAILS_LATER, GOOD, Desk


async def changed(desk: Desk, subscription: Any, price: Any, **more: Any) -> Any:
    items = [{"id": subscription.items.data[0].id, "price": price.id}]
    return await desk.v1.subscriptions.update_async(
        subscription.id, {"items": items, "expand": ["latest_invoice"], **more}
    )


async def preview(desk: Desk, subscription: Any, price: Any, **details: Any) -> Any:
    items = [{"id": subscription.items.data[0].id, "price": price.id}]
    params = {"subscription": subscription.id, "subscription_details": {"items": items, **details}}
    return await desk.v1.invoices.create_preview_async(params)


@pytest.mark.parametrize("seconds", [1, 86_399, 777_777, 31 * 86_400 - 1])
@pytest.mark.parametrize("coupon", [None, 12.5])
async def test_24_the_preview_is_what_is_charged_to_the_penny(desk: Desk, seconds: int, coupon: float | None) -> None:
    discounts = {}
    if coupon:
        await desk.v1.coupons.create_async({"id": "OFF", "percent_off": coupon, "duration": "forever"})
        discounts = {"discounts": [{"coupon": "OFF"}]}
    small, large = await desk.price(733), await desk.price(1999)
    subscription = await desk.joined(small, **discounts)
    desk.advance(seconds=seconds)
    how = {"proration_date": desk.seconds(), "proration_behavior": "always_invoice"}
    shown = await preview(desk, subscription, large, **how)
    desk.advance(seconds=40)  # she reads the page; at the end of the period that would be the next one
    if seconds < 31 * 86_400 - 100:
        paid = (
            await changed(desk, subscription, large, payment_behavior="pending_if_incomplete", **how)
        ).latest_invoice
        assert (paid.status, paid.amount_paid) == ("paid", shown.amount_due)
        assert [line.amount for line in paid.lines.data] == [line.amount for line in shown.lines.data]
        assert shown.parent.subscription_details.subscription_proration_date == how["proration_date"]
    else:
        with pytest.raises(stripe.InvalidRequestError, match="within the current billing period"):
            await changed(desk, subscription, large, **how)


async def test_a_preview_keeps_nothing(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(733))
    large = await desk.price(1999)
    await desk.delivered()
    before = await desk.again(subscription)
    await preview(desk, subscription, large, proration_behavior="always_invoice")
    assert (await desk.again(subscription)).to_dict() == before.to_dict()
    assert await desk.delivered() == []
    assert len(await desk.invoices(subscription)) == 1


async def test_half_a_period_costs_half_the_difference(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    desk.advance(days=15, hours=12)  # half of March
    after = await changed(desk, subscription, await desk.price(2000), proration_behavior="always_invoice")
    assert [line.amount for line in after.latest_invoice.lines.data] == [-500, 1000]
    assert [line.parent.subscription_item_details.proration for line in after.latest_invoice.lines.data] == [True, True]
    assert after.items.data[0].current_period_end == subscription.items.data[0].current_period_end


async def test_prorations_wait_for_the_renewal_unless_invoiced(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    desk.advance(days=15, hours=12)
    large = await desk.price(2000)
    shown = await preview(desk, subscription, large)
    after = await changed(desk, subscription, large)
    assert after.latest_invoice.id == subscription.latest_invoice
    desk.advance_to(datetime(2027, 4, 1, 14, tzinfo=UTC))
    renewal = (await desk.invoices(subscription))[-1]
    assert sorted(line.amount for line in renewal.lines.data) == [-500, 1000, 2000]
    assert renewal.amount_paid == shown.amount_due == 2500


async def test_25_an_upgrade_a_second_before_renewal(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    desk.advance_to(datetime(2027, 4, 1, 11, 59, 59, tzinfo=UTC))
    large = await desk.price(100_000)
    after = await changed(desk, subscription, large, proration_behavior="always_invoice")
    assert after.latest_invoice.total == 0
    desk.advance(hours=2)
    assert [each.total for each in await desk.invoices(subscription)] == [1000, 0, 100_000]


@pytest.mark.parametrize("card", [FAILS_LATER, CHALLENGED_ALWAYS])
async def test_26_an_upgrade_the_card_declines_keeps_the_old_plan(desk: Desk, card: str) -> None:
    small, large = await desk.price(1000), await desk.price(2000)
    subscription = await desk.joined(small)
    bad = await desk.card(subscription.customer, card)
    await desk.v1.subscriptions.update_async(subscription.id, {"default_payment_method": bad})
    desk.advance(days=10)
    how = {"payment_behavior": "pending_if_incomplete", "proration_behavior": "always_invoice"}
    after = await changed(desk, subscription, large, **how)
    assert (after.status, after.items.data[0].price.id) == ("active", small.id)
    assert after.pending_update.subscription_items[0].price.id == large.id
    assert after.latest_invoice.status == "open"
    desk.advance(hours=23)
    after = await desk.again(subscription)
    assert (after.pending_update, after.items.data[0].price.id) == (None, small.id)
    assert (await desk.invoices(subscription))[-1].status == "void"
    assert "customer.subscription.pending_update_expired" in await desk.delivered()


async def test_26_paying_the_pending_invoice_applies_the_upgrade(desk: Desk) -> None:
    small, large = await desk.price(1000), await desk.price(2000)
    subscription = await desk.joined(small)
    bad, good = await desk.card(subscription.customer, FAILS_LATER), await desk.card(subscription.customer, GOOD)
    await desk.v1.subscriptions.update_async(subscription.id, {"default_payment_method": bad})
    desk.advance(days=10)
    how = {"payment_behavior": "pending_if_incomplete", "proration_behavior": "always_invoice"}
    after = await changed(desk, subscription, large, **how)
    await desk.v1.invoices.pay_async(after.latest_invoice.id, {"payment_method": good})
    after = await desk.again(subscription)
    assert (after.pending_update, after.items.data[0].price.id) == (None, large.id)


async def test_pending_updates_take_nothing_else_along(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    with pytest.raises(stripe.InvalidRequestError, match="together with `payment_behavior=pending_if_incomplete`"):
        await changed(
            desk, subscription, await desk.price(2000), payment_behavior="pending_if_incomplete", metadata={"a": "b"}
        )


async def test_error_if_incomplete_is_all_or_nothing(desk: Desk) -> None:
    small, large = await desk.price(1000), await desk.price(2000)
    subscription = await desk.joined(small)
    bad = await desk.card(subscription.customer, FAILS_LATER)
    await desk.v1.subscriptions.update_async(subscription.id, {"default_payment_method": bad})
    with pytest.raises(stripe.CardError):
        await changed(
            desk, subscription, large, payment_behavior="error_if_incomplete", proration_behavior="always_invoice"
        )
    assert (await desk.again(subscription)).items.data[0].price.id == small.id
    assert len(await desk.invoices(subscription)) == 1


async def test_27_a_downgrade_is_credit_and_never_a_refund(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(2000))
    desk.advance(days=15, hours=12)
    after = await changed(desk, subscription, await desk.price(1000), proration_behavior="always_invoice")
    assert (after.latest_invoice.total, after.latest_invoice.amount_due, after.latest_invoice.status) == (
        -500,
        0,
        "paid",
    )
    assert (await desk.v1.customers.retrieve_async(subscription.customer)).balance == -500
    assert (await desk.v1.refunds.list_async()).data == []
    desk.advance_to(datetime(2027, 4, 1, 14, tzinfo=UTC))
    renewal = (await desk.invoices(subscription))[-1]
    assert (renewal.total, renewal.starting_balance, renewal.amount_paid, renewal.ending_balance) == (
        1000,
        -500,
        500,
        0,
    )


async def test_a_downgrade_gives_back_no_more_than_was_paid(desk: Desk) -> None:
    await desk.v1.coupons.create_async({"id": "HALF", "percent_off": 50, "duration": "once"})
    subscription = await desk.joined(await desk.price(2000), discounts=[{"coupon": "HALF"}])
    desk.advance(days=15, hours=12)
    after = await changed(desk, subscription, await desk.price(1000), proration_behavior="always_invoice")
    assert (after.latest_invoice.subtotal, after.latest_invoice.total) == (-500, 0)


async def test_28_month_to_year_begins_a_new_period_now(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    desk.advance(days=15, hours=12)
    yearly = await desk.price(10_000, "year")
    shown = await preview(desk, subscription, yearly)
    after = await changed(desk, subscription, yearly)
    assert [line.amount for line in after.latest_invoice.lines.data] == [-500, 10_000]
    assert after.latest_invoice.amount_paid == shown.amount_due == 9500
    assert after.items.data[0].current_period_start == after.billing_cycle_anchor == desk.seconds()


async def test_a_change_of_nothing_costs_nothing(desk: Desk) -> None:
    price = await desk.price(1000)
    subscription = await desk.joined(price)
    desk.advance(days=3)
    after = await changed(desk, subscription, price, proration_behavior="always_invoice")
    assert after.latest_invoice.id == subscription.latest_invoice


async def test_the_next_invoice_can_be_seen(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    shown = await desk.v1.invoices.create_preview_async({"subscription": subscription.id})
    assert (shown.amount_due, shown.period_end) == (1000, subscription.items.data[0].current_period_end)
    await desk.v1.subscriptions.update_async(subscription.id, {"cancel_at_period_end": True})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await desk.v1.invoices.create_preview_async({"subscription": subscription.id})
    assert refused.value.code == "invoice_upcoming_none"


async def test_a_subscription_to_be_can_be_previewed(desk: Desk) -> None:
    customer = await desk.v1.customers.create_async({"email": "noor@kiln.test"})
    price = await desk.price(1000)
    shown = await desk.v1.invoices.create_preview_async(
        {"customer": customer.id, "subscription_details": {"items": [{"price": price.id}]}}
    )
    assert shown.amount_due == 1000
    assert (await desk.v1.subscriptions.list_async({"customer": customer.id})).data == []


async def test_a_dropped_upgrade_leaves_the_credit_of_the_old_plan_as_it_was(desk: Desk) -> None:
    await desk.v1.coupons.create_async({"id": "HALF", "percent_off": 50, "duration": "forever"})
    small, large = await desk.price(1000), await desk.price(8000)
    subscription = await desk.joined(small, discounts=[{"coupon": "HALF"}])
    bad = await desk.card(subscription.customer, FAILS_LATER)
    await desk.v1.subscriptions.update_async(subscription.id, {"default_payment_method": bad})
    how = {"payment_behavior": "pending_if_incomplete", "proration_behavior": "always_invoice"}
    desk.advance(days=1)
    await changed(desk, subscription, large, **how)
    desk.advance(days=14, hours=12)
    ended = await desk.v1.subscriptions.cancel_async(subscription.id, {"prorate": True, "invoice_now": True})
    assert ended.status == "canceled"
    assert (await desk.v1.customers.retrieve_async(subscription.customer)).balance == -250
