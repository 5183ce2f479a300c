"""A discount on a running membership: what Stripe charges with it, in each state and through what may happen."""

import contextlib
from uuid import uuid4

import pytest

from components.foundation import clock, database, ids
from components.foundation.money import Money
from components.memberships.billing import plan_changes
from components.memberships.discounts import discount_upkeep, fee_discounts
from components.memberships.discounts.discount_terms import (
    DiscountTooLarge,
    FeeDiscountTerms,
    WrongDiscount,
    months_for,
)
from components.memberships.discounts.fee_discounts import CannotDiscount, DiscountOver, HasDiscount, WasRefused
from components.payments import running_subscriptions, stripe_connection
from components.payments.billing_requests import request_completion
from components.payments.payment_refusals import OutcomeUnknown, StripeUnavailable
from components.payments.timeouts import request_time
from components.payments.timeouts.request_time import Patience
from tests.scenarios.conftest import Kiln
from tests.support import join_members
from tests.support.slow_bank import loses_answers

QUARTER = FeeDiscountTerms(percent_bp=2500, payments=1)


async def charged() -> list[int]:
    """What each paid invoice of the membership came to, the oldest first."""
    sql = "SELECT amount_paid FROM mirrored_invoice WHERE status = 'paid' ORDER BY created_at"
    return [int(each) for each in await database.fetch_values(sql)]


async def months(kiln: Kiln, count: int) -> None:
    for _ in range(count):
        for hours in (31 * 24, 2):
            kiln.later(hours=hours)
            await kiln.work()
        await discount_upkeep.keep_promises()
        await kiln.work()


async def member(kiln: Kiln) -> object:
    await join_members.joins(kiln.shop, kiln.monthly)
    return (await join_members.subscription())["id"]


@pytest.mark.parametrize(
    ("terms", "wanted"),
    [
        (QUARTER, [450, 337, 450, 450]),
        (FeeDiscountTerms(percent_bp=2500, payments=2), [450, 337, 337, 450]),
        (FeeDiscountTerms(amount=Money(101, "GBP"), payments=2), [450, 349, 349, 450]),
        (FeeDiscountTerms(percent_bp=3333, payments=None), [450, 300, 300, 300]),
    ],
)
async def test_it_is_taken_off_as_many_payments_as_were_promised(
    kiln: Kiln, terms: FeeDiscountTerms, wanted: list[int]
) -> None:
    subscription = await member(kiln)
    found = await fee_discounts.put(subscription, terms, key=ids.new(), reason="Sorry for the wait")
    assert found.is_on and found.words == terms.words
    assert await fee_discounts.next_fee(subscription, Money(450, "GBP")) == Money(wanted[1], "GBP")
    await months(kiln, 3)
    assert await charged() == wanted
    recurring = await database.fetch_values("SELECT net_price FROM paid_period ORDER BY starts_at")
    assert recurring == ([375] * 4 if terms.payments else [375, 250, 250, 250]), "what is finite changes no MRR"
    (last,) = await fee_discounts.of_subscription(subscription)
    assert (last.row.why_ended, last.saved.amount) == ("used" if terms.payments else "", 4 * 450 - sum(wanted))
    assert await kiln.broken() == []


async def test_what_is_refused_and_what_is_done_once(kiln: Kiln) -> None:
    subscription, key = await member(kiln), uuid4()
    for terms, refusal in (
        (FeeDiscountTerms(percent_bp=0), WrongDiscount),
        (FeeDiscountTerms(percent_bp=10_000), WrongDiscount),
        (FeeDiscountTerms(percent_bp=1000, amount=Money(100, "GBP")), WrongDiscount),
        (FeeDiscountTerms(amount=Money(100, "EUR")), WrongDiscount),
        (FeeDiscountTerms(percent_bp=1000, payments=0), WrongDiscount),
        (FeeDiscountTerms(percent_bp=1000, payments=61), WrongDiscount),
        (FeeDiscountTerms(amount=Money(450, "GBP")), DiscountTooLarge),
        (FeeDiscountTerms(percent_bp=1), DiscountTooLarge),
    ):
        with pytest.raises(refusal):
            await fee_discounts.put(subscription, terms, key=ids.new())
    first = await fee_discounts.put(subscription, QUARTER, key=key)
    again = await fee_discounts.put(subscription, QUARTER, key=key)
    assert first.id == again.id == key
    with pytest.raises(HasDiscount):
        await fee_discounts.put(subscription, QUARTER, key=ids.new())
    assert len((await stripe_connection.client().v1.coupons.list_async({"limit": 10})).data) == 1
    await fee_discounts.take_off(key)
    with pytest.raises(DiscountOver):
        await fee_discounts.take_off(key)
    with pytest.raises(DiscountOver):
        await fee_discounts.put(subscription, QUARTER, key=key)
    await months(kiln, 1)
    assert await charged() == [450, 450]
    await database.execute("UPDATE subscription SET cancel_at = $1", clock.now())
    with pytest.raises(CannotDiscount):
        await fee_discounts.put(subscription, QUARTER, key=ids.new())
    assert await kiln.broken() == []


@pytest.mark.parametrize(
    ("payments", "interval", "count", "wanted"),
    [
        (1, "month", 1, 0),
        (3, "month", 1, 3),
        (2, "month", 3, 6),
        (2, "year", 1, 24),
        (4, "week", 1, 1),
        (5, "week", 1, 2),
    ],
)
def test_stripe_is_given_months_that_hold_the_payments(payments: int, interval: str, count: int, wanted: int) -> None:
    assert months_for(payments, interval, count) == wanted


async def test_an_answer_that_is_lost_is_followed_and_a_refusal_changes_nothing(kiln: Kiln) -> None:
    subscription = await member(kiln)
    request_time.use_patience(Patience(writes=0.1, first_pause=0.01))
    kiln.stand_in.fault("unavailable", times=1000)
    with pytest.raises(StripeUnavailable):
        await fee_discounts.put(subscription, QUARTER, key=ids.new())
    kiln.stand_in.fault("unavailable", times=0)
    (first,) = await fee_discounts.of_subscription(subscription)
    assert first.row.why_ended == "refused" and not await fee_discounts.running(subscription)
    with pytest.raises(WasRefused):
        await fee_discounts.put(subscription, QUARTER, key=first.id)
    assert not await fee_discounts.running(subscription), "said in words, and nothing put on"
    request_time.use_patience(Patience())
    with loses_answers(kiln.shop, "/v1/subscriptions/"):
        second = ids.new()
        with contextlib.suppress(OutcomeUnknown):
            await fee_discounts.put(subscription, QUARTER, key=second)
    kiln.later(minutes=6)
    await request_completion.settle_due()
    await kiln.work()
    assert (await fee_discounts.by_id(second)).is_on
    await months(kiln, 2)
    assert await charged() == [450, 337, 450]


async def test_through_a_change_of_plan_a_cancellation_and_at_stripe(kiln: Kiln) -> None:
    """An upgrade is a payment of its own; the end of the subscription ends it; taken off at Stripe, it is off here."""
    subscription = await member(kiln)
    await fee_discounts.put(subscription, FeeDiscountTerms(percent_bp=5000, payments=None), key=ids.new())
    kiln.later(days=10)
    shown = await plan_changes.difference(subscription, kiln.annual)
    await plan_changes.apply(subscription, kiln.annual, at=shown.at, agreed=shown.due)
    await kiln.work()
    assert (await charged())[-1] == shown.due.amount < 1950, "half, less the unused part of the month"
    mirrored = await running_subscriptions.running(subscription)
    await stripe_connection.client().v1.subscriptions.update_async(mirrored.stripe_id, {"discounts": ""})
    await running_subscriptions.sync(subscription)
    await kiln.work()
    (only,) = await fee_discounts.of_subscription(subscription)
    assert only.row.why_ended == "taken off" and only.used == 1
    await fee_discounts.put(subscription, QUARTER, key=ids.new())
    await running_subscriptions.end_now(subscription)
    await kiln.work()
    assert [each.row.why_ended for each in await fee_discounts.of_subscription(subscription)] == ["over", "taken off"]
    assert await kiln.broken() == []
