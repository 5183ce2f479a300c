"""Coupons, refunds, disputes."""

import pytest
import stripe

from tests.web.standin.desk import REFUND_FAILS, Desk


async def test_37_refunds_in_part_and_never_too_much(desk: Desk) -> None:
    session, _ = await desk.bought(2500)
    intent = session.payment_intent
    first = await desk.v1.refunds.create_async({"payment_intent": intent, "amount": 1000, "metadata": {"refund": "1"}})
    assert (first.status, first.amount) == ("succeeded", 1000)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        await desk.v1.refunds.create_async({"payment_intent": intent, "amount": 1501})
    rest = await desk.v1.refunds.create_async({"payment_intent": intent})
    assert rest.amount == 1500
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await desk.v1.refunds.create_async({"payment_intent": intent, "amount": 1})
    assert refused.value.code == "charge_already_refunded"
    found = await desk.v1.refunds.list_async({"payment_intent": intent})
    assert [refund.amount for refund in found.data] == [1500, 1000]


@pytest.mark.parametrize("amount", [0, -5])
async def test_a_refund_is_positive(desk: Desk, amount: int) -> None:
    session, _ = await desk.bought(2500)
    with pytest.raises(stripe.InvalidRequestError):
        await desk.v1.refunds.create_async({"payment_intent": session.payment_intent, "amount": amount})


async def test_37_the_same_refund_submitted_twice_is_one(desk: Desk) -> None:
    session, _ = await desk.bought(2500)
    ask = {"payment_intent": session.payment_intent, "amount": 1000}
    first = await desk.v1.refunds.create_async(ask, {"idempotency_key": "refund:1"})
    second = await desk.v1.refunds.create_async(ask, {"idempotency_key": "refund:1"})
    assert first.id == second.id
    charge = (await desk.v1.charges.list_async({"payment_intent": session.payment_intent})).data[0]
    assert charge.amount_refunded == 1000


async def test_38_a_refund_may_fail_days_later(desk: Desk) -> None:
    session, _ = await desk.bought(2500, REFUND_FAILS)
    refund = await desk.v1.refunds.create_async({"payment_intent": session.payment_intent})
    await desk.delivered()
    desk.advance(days=5)
    assert await desk.delivered() == ["refund.updated", "refund.failed"]
    assert (await desk.v1.refunds.retrieve_async(refund.id)).status == "failed"
    charge = await desk.v1.charges.retrieve_async(refund.charge)
    assert (charge.amount_refunded, charge.refunded) == (0, False)


async def test_unpaid_intents_have_nothing_to_refund(desk: Desk) -> None:
    session, _ = await desk.bought(2500, "4000000000000002")
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        await desk.v1.refunds.create_async({"payment_intent": session.payment_intent})


async def test_17_one_coupon_two_buyers_at_once(desk: Desk) -> None:
    await desk.v1.coupons.create_async({"id": "ONE", "amount_off": 500, "currency": "gbp", "max_redemptions": 1})
    first = await desk.session((2500, 1), mode="payment", discounts=[{"coupon": "ONE"}])
    second = await desk.session((2500, 1), mode="payment", discounts=[{"coupon": "ONE"}])
    assert (first.amount_total, first.total_details.amount_discount) == (2000, 500)
    assert (await desk.standin.pay(first.id)).state == "done"
    outcome = await desk.standin.pay(second.id)
    assert (outcome.state, outcome.words) == ("declined", "The discount on this payment has been used up.")
    coupon = await desk.v1.coupons.retrieve_async("ONE")
    assert (coupon.times_redeemed, coupon.valid) == (1, False)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await desk.session((2500, 1), mode="payment", discounts=[{"coupon": "ONE"}])
    assert refused.value.code == "coupon_expired"


async def test_coupons_once_for_some_months_and_for_ever(desk: Desk) -> None:
    expected = {"once": [750, 1000, 1000], "repeating": [750, 750, 1000], "forever": [750, 750, 750]}
    for duration, totals in expected.items():
        months = {"duration_in_months": 2} if duration == "repeating" else {}
        await desk.v1.coupons.create_async({"id": duration, "percent_off": 25, "duration": duration, **months})
        subscription = await desk.joined(await desk.price(1000), discounts=[{"coupon": duration}])
        desk.advance(days=62)
        assert [each.total for each in await desk.invoices(subscription)] == totals


async def test_a_promotion_code(desk: Desk) -> None:
    await desk.v1.coupons.create_async({"id": "TEN", "percent_off": 10})
    code = await desk.v1.promotion_codes.create_async(
        {"promotion": {"type": "coupon", "coupon": "TEN"}, "code": "SPRING", "max_redemptions": 1}
    )
    assert code.promotion.coupon == "TEN"
    session = await desk.session((2500, 1), mode="payment", discounts=[{"promotion_code": code.id}])
    assert session.amount_total == 2250
    await desk.standin.pay(session.id)
    assert (await desk.v1.promotion_codes.retrieve_async(code.id)).times_redeemed == 1
    with pytest.raises(stripe.InvalidRequestError, match="cannot be redeemed"):
        await desk.session((2500, 1), mode="payment", discounts=[{"promotion_code": code.id}])
    with pytest.raises(stripe.InvalidRequestError, match="exactly one of"):
        await desk.v1.coupons.create_async({"percent_off": 10, "amount_off": 10, "currency": "gbp"})


async def test_a_coupon_for_some_products_leaves_the_others(desk: Desk) -> None:
    mug, bowl = await desk.price(1000, None), await desk.price(3000, None)
    await desk.v1.coupons.create_async({"id": "MUG", "percent_off": 50, "applies_to": {"products": [mug.product]}})
    session = await desk.session((mug, 1), (bowl, 1), mode="payment", discounts=[{"coupon": "MUG"}])
    assert session.amount_total == 3500


async def test_a_fixed_amount_is_spread_to_the_penny(desk: Desk) -> None:
    await desk.v1.coupons.create_async({"id": "OFF", "amount_off": 100, "currency": "gbp"})
    session = await desk.session((333, 1), (333, 1), (334, 1), mode="payment", discounts=[{"coupon": "OFF"}])
    assert session.amount_total == 900
    lines = (await desk.v1.checkout.sessions.line_items.list_async(session.id)).data
    assert sum(line.amount_discount for line in lines) == 100
