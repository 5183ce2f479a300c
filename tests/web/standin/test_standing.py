"""How subscriptions begin, fail, recover, pause and end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe

from tests.web.standin.desk import CHALLENGED_ALWAYS, FAILS_LATER, GOOD, Desk


async def customer_with(desk: Desk, card: str | None) -> str:
    made = await desk.v1.customers.create_async({"email": "maya@kiln.test"})
    if card:
        method = await desk.card(made.id, card)
        await desk.v1.customers.update_async(made.id, {"invoice_settings": {"default_payment_method": method}})
    return str(made.id)


async def begun(desk: Desk, card: str | None, **more: Any) -> Any:
    """A subscription begun without a page, off-session."""
    customer = await customer_with(desk, card)
    price = await desk.price(1000)
    return await desk.v1.subscriptions.create_async({"customer": customer, "items": [{"price": price.id}], **more})


async def replace_card(desk: Desk, subscription: Any, card: str) -> str:
    method = await desk.card(subscription.customer, card)
    await desk.v1.subscriptions.update_async(subscription.id, {"default_payment_method": method})
    return method


# beginning


async def test_a_saved_card_begins_a_subscription_in_one_step(desk: Desk) -> None:
    assert (await begun(desk, GOOD)).status == "active"


async def test_without_a_card_nothing_begins(desk: Desk) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        await begun(desk, None)
    assert (await desk.v1.subscriptions.list_async({"status": "all"})).data == []


@pytest.mark.parametrize("card", [FAILS_LATER, CHALLENGED_ALWAYS])
async def test_35_a_first_payment_left_unfinished_never_gives_access(desk: Desk, card: str) -> None:
    subscription = await begun(desk, card)
    assert subscription.status == "incomplete"
    desk.advance(hours=23)
    subscription = await desk.again(subscription)
    assert subscription.status == "incomplete_expired"
    assert [each.status for each in await desk.invoices(subscription)] == ["void"]
    assert "customer.subscription.deleted" not in await desk.delivered()


async def test_an_unfinished_first_payment_can_be_finished(desk: Desk) -> None:
    subscription = await begun(desk, FAILS_LATER)
    good = await desk.card(subscription.customer, GOOD)
    await desk.v1.invoices.pay_async(subscription.latest_invoice, {"payment_method": good})
    assert (await desk.again(subscription)).status == "active"


async def test_default_incomplete_waits_for_the_shop(desk: Desk) -> None:
    subscription = await begun(desk, GOOD, payment_behavior="default_incomplete")
    assert subscription.status == "incomplete"
    await desk.v1.invoices.pay_async(subscription.latest_invoice)
    assert (await desk.again(subscription)).status == "active"


async def test_error_if_incomplete_leaves_nothing_behind(desk: Desk) -> None:
    with pytest.raises(stripe.CardError) as refused:
        await begun(desk, FAILS_LATER, payment_behavior="error_if_incomplete")
    assert (refused.value.code, refused.value.http_status) == ("card_declined", 402)
    assert (await desk.v1.subscriptions.list_async({"status": "all"})).data == []


# renewals that fail


async def test_32_a_renewal_declines_and_recovers(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    await replace_card(desk, subscription, FAILS_LATER)
    desk.advance_to(datetime(2027, 4, 1, 14, tzinfo=UTC))
    assert (await desk.again(subscription)).status == "past_due"
    failed = (await desk.invoices(subscription))[-1]
    assert (failed.status, failed.attempt_count) == ("open", 1)
    assert failed.next_payment_attempt == int(datetime(2027, 4, 4, 13, tzinfo=UTC).timestamp())
    assert "invoice.payment_failed" in await desk.delivered()
    await replace_card(desk, subscription, GOOD)
    desk.advance(days=3)
    paid = await desk.v1.invoices.retrieve_async(failed.id)
    assert (paid.status, paid.attempt_count) == ("paid", 2)
    assert (await desk.again(subscription)).status == "active"


async def test_33_when_the_retries_are_used_up_the_subscription_ends(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    await replace_card(desk, subscription, FAILS_LATER)
    desk.advance(days=31 + 3 + 5)
    assert (await desk.again(subscription)).status == "past_due"
    desk.advance(days=8)
    ended = await desk.again(subscription)
    assert (ended.status, ended.cancellation_details.reason) == ("canceled", "payment_failed")
    last = (await desk.invoices(subscription))[-1]
    assert (last.status, last.attempt_count, last.next_payment_attempt) == ("open", 4, None)


async def test_34_a_card_replaced_while_failing_pays_at_once_and_never_twice(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    await replace_card(desk, subscription, FAILS_LATER)
    desk.advance_to(datetime(2027, 4, 1, 14, tzinfo=UTC))
    good = await replace_card(desk, subscription, GOOD)
    latest = (await desk.again(subscription)).latest_invoice
    await desk.v1.invoices.pay_async(latest, {"payment_method": good})
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        await desk.v1.invoices.pay_async(latest, {"payment_method": good})
    desk.advance(days=10)
    assert [each.status for each in await desk.invoices(subscription)] == ["paid", "paid"]
    charges = (await desk.v1.charges.list_async({"customer": subscription.customer})).data
    assert [charge.status for charge in charges] == ["succeeded", "failed", "succeeded"]


async def test_a_decline_by_hand_is_an_error_and_is_kept(desk: Desk) -> None:
    subscription = await begun(desk, FAILS_LATER)
    with pytest.raises(stripe.CardError) as refused:
        await desk.v1.invoices.pay_async(subscription.latest_invoice)
    assert refused.value.error.decline_code == "generic_decline"
    assert (await desk.v1.invoices.retrieve_async(subscription.latest_invoice)).attempt_count == 1


async def test_a_renewal_that_needs_the_bank_says_so(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    await replace_card(desk, subscription, CHALLENGED_ALWAYS)
    desk.advance_to(datetime(2027, 4, 1, 14, tzinfo=UTC))
    assert "invoice.payment_action_required" in await desk.delivered()
    assert (await desk.again(subscription)).status == "past_due"


# ending


async def test_29_and_30_cancel_at_period_end_resume_and_cancel(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    end = subscription.items.data[0].current_period_end
    for ends in (True, False, True):
        desk.advance(days=1)
        after = await desk.v1.subscriptions.update_async(subscription.id, {"cancel_at_period_end": ends})
        assert (after.cancel_at_period_end, after.cancel_at) == (ends, end if ends else None)
        assert (after.canceled_at is not None) == ends
    assert after.status == "active"
    desk.advance_to(datetime.fromtimestamp(end, UTC))
    ended = await desk.again(subscription)
    assert (ended.status, ended.ended_at) == ("canceled", end)
    assert len(await desk.invoices(subscription)) == 1
    assert (await desk.delivered())[-1] == "customer.subscription.deleted"


async def test_31_what_has_ended_cannot_be_changed_back(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    ended = await desk.v1.subscriptions.cancel_async(subscription.id)
    assert (ended.status, ended.cancellation_details.reason) == ("canceled", "cancellation_requested")
    with pytest.raises(stripe.InvalidRequestError, match="can only update its cancellation_details"):
        await desk.v1.subscriptions.update_async(subscription.id, {"cancel_at_period_end": False})
    after = await desk.v1.subscriptions.update_async(subscription.id, {"metadata": {"why": "moved"}})
    assert after.metadata.to_dict() == {"why": "moved"}
    with pytest.raises(stripe.InvalidRequestError, match="No such subscription"):
        await desk.v1.subscriptions.cancel_async(subscription.id)


async def test_cancelling_with_credit_when_asked_for(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    desk.advance(days=15, hours=12)
    await desk.v1.subscriptions.cancel_async(subscription.id, {"prorate": True, "invoice_now": True})
    assert (await desk.v1.customers.retrieve_async(subscription.customer)).balance == -500


async def test_40_deleting_the_customer_ends_the_billing(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    await desk.v1.customers.delete_async(subscription.customer)
    assert (await desk.again(subscription)).status == "canceled"
    desk.advance(days=60)
    assert len(await desk.invoices(subscription)) == 1
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        await desk.v1.customers.retrieve_async(subscription.customer)


# trials


@pytest.mark.parametrize(
    ("behaviour", "status"), [("cancel", "canceled"), ("pause", "paused"), ("create_invoice", "past_due")]
)
async def test_22_a_trial_that_ends_without_a_card(desk: Desk, behaviour: str, status: str) -> None:
    session = await desk.session(
        (await desk.price(1000), 1),
        payment_method_collection="if_required",
        subscription_data={
            "trial_period_days": 14,
            "trial_settings": {"end_behavior": {"missing_payment_method": behaviour}},
        },
    )
    assert session.amount_total == 0
    await desk.standin.pay(session.id, "", email="maya@kiln.test")
    session = await desk.v1.checkout.sessions.retrieve_async(session.id, {"expand": ["subscription"]})
    assert (session.payment_status, session.subscription.status) == ("no_payment_required", "trialing")
    desk.advance(days=11, minutes=1)
    assert "customer.subscription.trial_will_end" in await desk.delivered()
    desk.advance(days=3, hours=1)
    ended = await desk.again(session.subscription)
    assert ended.status == status
    if behaviour == "pause":
        assert ended.status_details.paused.subscription.type == "trial_end_without_payment_method"


async def test_a_trial_with_a_card_becomes_a_paid_subscription(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000), subscription_data={"trial_period_days": 14})
    assert (subscription.status, subscription.trial_end) == ("trialing", desk.seconds() + 14 * 86400)
    desk.advance(days=14)
    assert (await desk.again(subscription)).status == "active"
    desk.advance(hours=1)
    assert [each.amount_paid for each in await desk.invoices(subscription)] == [0, 1000]


async def test_a_trial_may_be_ended_now(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000), subscription_data={"trial_period_days": 14})
    desk.advance(days=2)
    after = await desk.v1.subscriptions.update_async(subscription.id, {"trial_end": "now"})
    assert (after.status, after.billing_cycle_anchor) == ("active", desk.seconds())
    assert [each.amount_paid for each in await desk.invoices(subscription)] == [0, 1000]


async def test_the_same_card_has_the_same_fingerprint(desk: Desk) -> None:
    """By which the shop recognises a second trial (scenario 23)."""
    prints = []
    for _ in range(2):
        subscription = await desk.joined(await desk.price(1000))
        method = await desk.v1.payment_methods.retrieve_async(subscription.default_payment_method)
        prints.append(method.card.fingerprint)
    assert prints[0] == prints[1]


# pauses


async def test_36_a_pause_makes_no_periods_and_no_invoices(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    desk.advance(days=15, hours=12)
    paused = await desk.v1.subscriptions.pause_async(subscription.id)
    assert (paused.status, paused.status_details.paused.subscription.type) == ("paused", "pause_requested")
    desk.advance(days=62)
    assert len(await desk.invoices(subscription)) == 1
    resumed = await desk.v1.subscriptions.resume_async(subscription.id, {"expand": ["latest_invoice"]})
    assert (resumed.status, resumed.status_details) == ("active", None)
    assert sorted(line.amount for line in resumed.latest_invoice.lines.data) == [-500, 1000]
    assert resumed.latest_invoice.amount_paid == 500
    assert resumed.items.data[0].current_period_start == desk.seconds()
    seen = await desk.delivered()
    assert seen.index("customer.subscription.paused") < seen.index("customer.subscription.resumed")


async def test_36_a_resumption_nobody_pays_for_stays_paused(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    await desk.v1.subscriptions.pause_async(subscription.id, {"bill_for": {"unused_time_from": {"type": "none"}}})
    after = await desk.v1.subscriptions.resume_async(
        subscription.id, {"payment_behavior": "resume_on_payment_success", "expand": ["latest_invoice"]}
    )
    assert (after.status, after.latest_invoice.status) == ("paused", "open")
    desk.advance(hours=23)
    assert (await desk.v1.invoices.retrieve_async(after.latest_invoice.id)).status == "void"
    assert (await desk.again(subscription)).status == "paused"


async def test_collection_paused_still_makes_invoices(desk: Desk) -> None:
    """Why `pause_collection` must not be sold as a pause."""
    subscription = await desk.joined(await desk.price(1000))
    resumes = desk.seconds() + 40 * 86400
    await desk.v1.subscriptions.update_async(
        subscription.id, {"pause_collection": {"behavior": "void", "resumes_at": resumes}}
    )
    desk.advance(days=41)
    assert [each.status for each in await desk.invoices(subscription)] == ["paid", "void"]
    assert (await desk.again(subscription)).pause_collection is None
    desk.standin.advance(timedelta(days=31))
    assert [each.status for each in await desk.invoices(subscription)] == ["paid", "void", "paid"]
