"""Two processes send one billing request while Stripe is away: neither says what it cannot know of the other."""

import asyncio
from uuid import UUID

import pytest

from components.foundation import database
from components.payments import running_subscriptions
from components.payments.billing_requests import billing_requests
from components.payments.payment_refusals import OutcomeUnknown, StripeUnavailable
from components.payments.tables import BillingRequest, CheckoutSession
from components.payments.timeouts import request_time
from components.payments.timeouts.request_time import Patience
from tests.components.payments.conftest import Till

KEY = "cancel:1"


@pytest.fixture
async def joined(till: Till) -> CheckoutSession:
    """Stripe answers 429 from now on: it surely carries nothing out."""
    page = await till.join()
    await till.work()
    request_time.use_patience(Patience(reads=0.3, writes=0.4, first_pause=0.02, longest_pause=0.02, answer=3))
    till.stand_in.fault("rate_limit", times=1000)
    return await till.fresh(page)


async def row() -> BillingRequest:
    """Once the first process has stored it."""
    for _ in range(200):
        if (found := await BillingRequest.objects().where(BillingRequest.key == KEY).first()) is not None:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError("there is no request")


async def two(subject: UUID) -> tuple[asyncio.Task[object], asyncio.Task[object]]:
    """The second begins while the first is sending, and goes on when the first gives up."""
    first = asyncio.create_task(running_subscriptions.cancel_at_period_end(subject, key=KEY))
    request = await row()
    await asyncio.sleep(0.2)
    return first, asyncio.create_task(billing_requests.carry_out(request))


async def test_40_one_that_gives_up_says_not_known_while_the_other_may_get_through(
    till: Till, joined: CheckoutSession
) -> None:
    first, second = await two(joined.reference_id)
    with pytest.raises(OutcomeUnknown):
        await first
    till.stand_in.fault("rate_limit", times=0)
    await second
    assert (await row()).is_done
    assert [fact["outcome"] for fact in await till.facts("BillingRequestSettled")] == ["done"]
    known = await running_subscriptions.mirrored(joined.reference_id)
    assert known is not None and known.cancel_at is not None


async def test_40_when_both_give_up_whoever_was_told_to_wait_is_told_and_may_ask_again(
    till: Till, joined: CheckoutSession
) -> None:
    first, second = await two(joined.reference_id)
    with pytest.raises(OutcomeUnknown) as unknown:
        await first
    with pytest.raises(StripeUnavailable):
        await second
    assert unknown.value.request_id is not None
    asked = await billing_requests.by_id(unknown.value.request_id)
    assert asked is not None and asked.outcome == "refused"
    till.stand_in.fault("rate_limit", times=0)
    again = await running_subscriptions.cancel_at_period_end(joined.reference_id, key=KEY)
    assert again.cancel_at is not None


async def test_40_what_was_withdrawn_meanwhile_is_not_sent(till: Till, joined: CheckoutSession) -> None:
    first = asyncio.create_task(running_subscriptions.cancel_at_period_end(joined.reference_id, key=KEY))
    request = await row()
    with pytest.raises(StripeUnavailable):
        await first
    till.stand_in.fault("rate_limit", times=0)
    with pytest.raises(StripeUnavailable):
        await billing_requests.carry_out(request)
    assert await database.fetch_value("SELECT count(*) FROM billing_request") == 0
    known = await running_subscriptions.sync(joined.reference_id)
    assert known.cancel_at is None
