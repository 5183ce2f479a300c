"""Money given back: never more than was paid, never twice, and also when Stripe's own dashboard does it."""

import asyncio

import pytest

from components.foundation import database, ids
from components.foundation.money import Money
from components.payments import invariants, payment_refunds, stripe_connection
from components.payments.invoicing import invoices
from components.payments.payment_refusals import MoreThanPaid, NothingPaid
from components.payments.tables import CheckoutSession
from tests.components.payments.conftest import Till

REFUND_FAILS = "4000000000005126"
DISPUTED = "4000000000000259"


async def bought(till: Till, card: str = "4242424242424242") -> CheckoutSession:
    page = await till.open()
    await till.pay(page, card)
    await till.work()
    return await till.fresh(page)


def gbp(amount: int) -> Money:
    return Money(amount, "GBP")


async def test_37_a_part_then_the_rest_but_no_more(till: Till) -> None:
    page = await bought(till)
    await payment_refunds.create(page.reference_id, gbp(500), key=ids.new())
    await payment_refunds.create(page.reference_id, gbp(1540), key=ids.new())
    with pytest.raises(MoreThanPaid):
        await payment_refunds.create(page.reference_id, gbp(1), key=ids.new())
    assert [refund.amount for refund in await payment_refunds.of_reference(page.reference_id)] == [500, 1540]
    assert await invariants.invariants() == []


async def test_37_sent_twice_under_one_key_it_is_one_refund(till: Till) -> None:
    page = await bought(till)
    key = ids.new()
    made = await asyncio.gather(*(payment_refunds.create(page.reference_id, gbp(700), key=key) for _ in range(4)))
    assert len({refund.stripe_id for refund in made}) == 1
    await till.work()
    assert len(await till.facts("RefundMirrored")) == 1


async def test_37_two_people_refunding_all_at_once_give_it_back_once(till: Till) -> None:
    page = await bought(till)
    answers = await asyncio.gather(
        *(payment_refunds.create(page.reference_id, gbp(2040), key=ids.new()) for _ in range(5)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, MoreThanPaid) for answer in answers) == 4
    assert await invariants.invariants() == []


async def test_what_was_never_paid_cannot_be_given_back(till: Till) -> None:
    page = await till.open()
    with pytest.raises(NothingPaid):
        await payment_refunds.create(page.reference_id, gbp(100), key=ids.new())
    with pytest.raises(NothingPaid):
        await payment_refunds.create(ids.new(), gbp(100), key=ids.new())


async def test_money_goes_back_in_the_currency_it_came_in(till: Till) -> None:
    page = await bought(till)
    with pytest.raises(MoreThanPaid):
        await payment_refunds.create(page.reference_id, Money(100, "EUR"), key=ids.new())


async def test_38_a_refund_made_in_the_dashboard_is_mirrored_with_what_it_was_for(till: Till) -> None:
    page = await bought(till)
    await stripe_connection.client().v1.refunds.create_async(
        {"payment_intent": page.payment_intent or "", "amount": 640}
    )
    await till.work()
    (refund,) = await payment_refunds.of_reference(page.reference_id)
    assert (refund.amount, refund.key, refund.status) == (640, None, "succeeded")
    facts = await till.facts("RefundMirrored")
    assert [fact["reference_id"] for fact in facts] == [str(page.reference_id)]


async def test_38_a_refund_that_fails_later_is_told_and_may_be_repeated(till: Till) -> None:
    page = await bought(till, REFUND_FAILS)
    refund = await payment_refunds.create(page.reference_id, gbp(2040), key=ids.new())
    till.advance(days=10)
    await till.work()
    (refund,) = await payment_refunds.of_reference(page.reference_id)
    assert refund.status == "failed"
    assert (await till.facts("RefundMirrored"))[-1]["status"] == "failed"
    again = await payment_refunds.create(page.reference_id, gbp(2040), key=ids.new())
    assert again.stripe_id != refund.stripe_id


async def test_38_a_dispute_is_told_with_what_it_is_about(till: Till) -> None:
    page = await bought(till, DISPUTED)
    await till.work()
    disputes = await till.facts("DisputeMirrored")
    assert disputes and disputes[0]["reference_id"] == str(page.reference_id)
    row = await database.fetch_one("SELECT amount, reason, answer_by FROM mirrored_dispute")
    assert row is not None and row["amount"] == 2040 and row["answer_by"] is not None


async def test_of_a_subscription_the_newest_payment_is_given_back(till: Till) -> None:
    page = await till.join()
    await till.work()
    till.advance(days=32)
    await till.work()
    newest, _ = await invoices.of_subscription(page.reference_id)
    refund = await payment_refunds.create(page.reference_id, gbp(450), key=ids.new())
    assert refund.payment_intent == newest.payment_intent
    with pytest.raises(MoreThanPaid):
        await payment_refunds.create(page.reference_id, gbp(1), key=ids.new())
