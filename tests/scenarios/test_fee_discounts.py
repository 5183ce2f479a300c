"""A discount on a running membership: what Stripe charges with it, in each state and through what may happen."""

from uuid import uuid4

import pytest

from components.foundation import clock, database, ids
from components.foundation.money import Money
from components.memberships.discounts import discount_upkeep, fee_discounts
from components.memberships.discounts.discount_terms import (
    DiscountTooLarge,
    FeeDiscountTerms,
    WrongDiscount,
    months_for,
)
from components.memberships.discounts.fee_discounts import CannotDiscount, DiscountOver, HasDiscount
from components.payments import connection
from tests.scenarios.conftest import Kiln
from tests.support import join_members

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
    assert len((await connection.client().v1.coupons.list_async({"limit": 10})).data) == 1
    await fee_discounts.take_off(key)
    with pytest.raises(DiscountOver):
        await fee_discounts.take_off(key)
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
