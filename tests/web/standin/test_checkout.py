"""The hosted page: goods, joining, joining with goods, saving a card."""

from datetime import timedelta

import pytest
import stripe

from tests.web.standin.desk import (
    BANK_BAD,
    BANK_GOOD,
    CHALLENGED_ALWAYS,
    CHALLENGED_ONCE,
    DECLINED,
    DISPUTED,
    FAILS_LATER,
    GOOD,
    SHOP,
    Desk,
)


async def test_goods_are_paid(desk: Desk) -> None:
    session, outcome = await desk.bought(
        2500, client_reference_id="order-1", metadata={"order": "1"}, payment_intent_data={"metadata": {"order": "1"}}
    )
    assert outcome.url == f"{SHOP}/done?session_id={session.id}"
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    assert session.customer_details.email == "noor@kiln.test"
    intent = await desk.v1.payment_intents.retrieve_async(session.payment_intent)
    assert (intent.status, intent.amount_received, intent.metadata.to_dict()) == ("succeeded", 2500, {"order": "1"})
    assert await desk.delivered() == [
        "product.created",
        "price.created",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


async def test_a_guest_has_no_customer_unless_one_is_asked_for(desk: Desk) -> None:
    session, _ = await desk.bought(2500)
    assert session.customer is None
    session, _ = await desk.bought(2500, customer_creation="always")
    customer = await desk.v1.customers.retrieve_async(session.customer)
    assert customer.email == "noor@kiln.test"


async def test_12_declined_then_a_good_card(desk: Desk) -> None:
    session, outcome = await desk.bought(2500, DECLINED)
    assert (outcome.state, outcome.words) == ("declined", "Your card was declined.")
    assert (session.status, session.payment_status) == ("open", "unpaid")
    intent = await desk.v1.payment_intents.retrieve_async(session.payment_intent)
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error.decline_code == "generic_decline"
    assert (await desk.standin.pay(session.id, GOOD)).state == "done"
    intent = await desk.v1.payment_intents.retrieve_async(session.payment_intent)
    assert (intent.status, intent.last_payment_error) == ("succeeded", None)


@pytest.mark.parametrize("card", [CHALLENGED_ONCE, CHALLENGED_ALWAYS])
async def test_13_the_banks_challenge_failed_then_passed(desk: Desk, card: str) -> None:
    session = await desk.session((2500, 1), mode="payment")
    outcome = await desk.standin.pay(session.id, card, challenge="fail")
    assert (outcome.state, "unable to authenticate" in outcome.words) == ("declined", True)
    assert (await desk.v1.checkout.sessions.retrieve_async(session.id)).status == "open"
    assert (await desk.standin.pay(session.id, card, challenge="pass")).state == "done"


async def test_14_a_delayed_method_is_complete_before_it_is_paid(desk: Desk) -> None:
    session, outcome = await desk.bought(2500, BANK_GOOD)
    assert (outcome.state, session.status, session.payment_status) == ("done", "complete", "unpaid")
    await desk.delivered()
    desk.advance(days=3)
    assert await desk.delivered() == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ]
    assert (await desk.v1.checkout.sessions.retrieve_async(session.id)).payment_status == "paid"


async def test_14_a_delayed_method_may_fail_in_the_end(desk: Desk) -> None:
    session, _ = await desk.bought(2500, BANK_BAD)
    await desk.delivered()
    desk.advance(days=3)
    assert (await desk.delivered())[-1] == "checkout.session.async_payment_failed"
    assert (await desk.v1.checkout.sessions.retrieve_async(session.id)).payment_status == "unpaid"


async def test_a_session_expires_by_itself_and_takes_no_money_then(desk: Desk) -> None:
    session = await desk.session((2500, 1), mode="payment", expires_at=desk.seconds() + 1800)
    desk.advance(minutes=30)
    again = await desk.v1.checkout.sessions.retrieve_async(session.id)
    assert (again.status, again.url) == ("expired", None)
    assert (await desk.standin.pay(session.id)).state == "declined"
    assert (await desk.delivered())[-1] == "checkout.session.expired"


async def test_10_a_paid_session_cannot_be_expired(desk: Desk) -> None:
    session, _ = await desk.bought(2500)
    with pytest.raises(stripe.InvalidRequestError, match="status of complete"):
        await desk.v1.checkout.sessions.expire_async(session.id)


@pytest.mark.parametrize("minutes", [29 - 1, 24 * 60 + 2])
async def test_a_session_lives_half_an_hour_to_a_day(desk: Desk, minutes: int) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="between 30 minutes and 24 hours"):
        await desk.session((2500, 1), mode="payment", expires_at=desk.seconds() + minutes * 60)


async def test_joining_with_goods_is_one_payment(desk: Desk) -> None:
    monthly = await desk.price(500)
    session = await desk.session((monthly, 1), (2500, 2), subscription_data={"metadata": {"join": "7"}})
    assert session.amount_total == 5500
    await desk.standin.pay(session.id, email="maya@kiln.test")
    wide = await desk.v1.checkout.sessions.retrieve_async(
        session.id, {"expand": ["subscription.latest_invoice.payments", "customer"]}
    )
    subscription, invoice = wide.subscription, wide.subscription.latest_invoice
    assert (subscription.status, subscription.metadata.to_dict()) == ("active", {"join": "7"})
    assert [line.amount for line in invoice.lines.data] == [5000, 500]
    assert (invoice.amount_paid, invoice.payments.data[0].amount_paid) == (5500, 5500)
    assert invoice.parent.subscription_details.subscription == subscription.id
    assert wide.customer.email == "maya@kiln.test"
    assert (await desk.invoices(subscription))[0].id == wide.invoice


async def test_goods_beside_a_trial_are_paid_now_and_the_plan_when_it_is_over(desk: Desk) -> None:
    session = await desk.session((await desk.price(500), 1), (2500, 2), subscription_data={"trial_period_days": 14})
    assert session.amount_total == 5000
    await desk.standin.pay(session.id)
    wide = await desk.v1.checkout.sessions.retrieve_async(session.id, {"expand": ["subscription.latest_invoice"]})
    assert (wide.payment_status, wide.subscription.status) == ("paid", "trialing")
    assert [line.amount for line in wide.subscription.latest_invoice.lines.data] == [5000, 0]
    assert wide.subscription.default_payment_method is not None
    desk.standin.advance(timedelta(days=14, hours=2))
    assert [each.amount_paid for each in await desk.invoices(wide.subscription)] == [5000, 500]


async def test_a_subscription_takes_twenty_lines_of_a_kind(desk: Desk) -> None:
    monthly = await desk.price(500)
    await desk.session((monthly, 1), *[(100, 1)] * 20)
    with pytest.raises(stripe.InvalidRequestError, match="20 one-time prices"):
        await desk.session((monthly, 1), *[(100, 1)] * 21)


async def test_a_declined_card_starts_no_subscription(desk: Desk) -> None:
    session = await desk.session((await desk.price(500), 1))
    for _ in range(2):
        assert (await desk.standin.pay(session.id, DECLINED)).state == "declined"
    assert (await desk.v1.subscriptions.list_async({"status": "all"})).data == []
    assert (await desk.v1.invoices.list_async()).data == []
    session = await desk.v1.checkout.sessions.retrieve_async(session.id)
    assert (session.status, session.subscription, session.payment_intent) == ("open", None, None)
    (tried,) = (await desk.v1.payment_intents.list_async()).data
    assert (tried.status, tried.amount, tried.metadata.to_dict()) == ("requires_payment_method", 500, {})
    assert tried.customer == session.customer and tried.last_payment_error.decline_code == "generic_decline"
    assert (await desk.delivered()).count("payment_intent.payment_failed") == 2
    assert (await desk.standin.pay(session.id, GOOD)).state == "done"
    assert (await desk.v1.payment_intents.retrieve_async(tried.id)).status == "canceled"


async def test_saving_a_card(desk: Desk) -> None:
    customer = await desk.v1.customers.create_async({"email": "maya@kiln.test"})
    session = await desk.session(mode="setup", customer=customer.id, currency="gbp")
    assert (session.payment_status, session.amount_total) == ("no_payment_required", None)
    assert (await desk.standin.pay(session.id, FAILS_LATER)).state == "done"
    kept = await desk.v1.customers.payment_methods.list_async(customer.id)
    assert [method.card.last4 for method in kept.data] == ["0341"]


async def test_18_a_whole_discount_needs_no_card_and_has_no_intent(desk: Desk) -> None:
    await desk.v1.coupons.create_async({"id": "ALL", "percent_off": 100, "duration": "once"})
    session, outcome = await desk.bought(2500, "", discounts=[{"coupon": "ALL"}])
    assert outcome.state == "done"
    assert (session.amount_total, session.payment_status, session.payment_intent) == (0, "no_payment_required", None)


async def test_16_currencies_without_decimals_are_whole(desk: Desk) -> None:
    price = await desk.price(500, None, "jpy")
    session = await desk.session((price, 3), mode="payment")
    assert (session.amount_total, session.currency) == (1500, "jpy")


async def test_what_is_too_little_to_charge_is_refused(desk: Desk) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await desk.session((29, 1), mode="payment")
    assert refused.value.code == "amount_too_small"


async def test_modes_and_prices_must_fit(desk: Desk) -> None:
    monthly, once = await desk.price(500), await desk.price(500, None)
    with pytest.raises(stripe.InvalidRequestError, match="passed a recurring price"):
        await desk.session((monthly, 1), mode="payment")
    with pytest.raises(stripe.InvalidRequestError, match="at least one recurring price"):
        await desk.session((once, 1))
    with pytest.raises(stripe.InvalidRequestError, match="same currency"):
        await desk.session((monthly, 1), (await desk.price(500, currency="eur"), 1))


async def test_a_card_that_will_be_disputed(desk: Desk) -> None:
    session, _ = await desk.bought(2500, DISPUTED)
    found = (await desk.v1.disputes.list_async({"payment_intent": session.payment_intent})).data
    assert [(dispute.status, dispute.reason, dispute.amount) for dispute in found] == [
        ("needs_response", "fraudulent", 2500)
    ]
    assert "charge.dispute.created" in await desk.delivered()
    desk.standin.advance(timedelta(days=9))
    assert (await desk.v1.disputes.retrieve_async(found[0].id)).status == "lost"


async def test_two_payers_of_one_session_pay_once(desk: Desk) -> None:
    session = await desk.session((2500, 1), mode="payment")
    first, second = await desk.standin.pay(session.id), await desk.standin.pay(session.id)
    assert (first.state, second.state) == ("done", "declined")
    assert len((await desk.v1.charges.list_async()).data) == 1
