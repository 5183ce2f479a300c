"""A subscription's life in the mirror: joining, renewals on the right day, cancelling, failing and recovering."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from components.foundation import database, ids
from components.payments import cards, customers, invariants, plan_prices, running_subscriptions
from components.payments.checkout_sessions import pages
from components.payments.facts import CardSaved
from components.payments.invoicing import invoices
from components.payments.payment_refusals import NoSubscription
from components.payments.tables import CheckoutSession, MirroredSubscription
from components.payments.values import Payer, SessionLine
from components.payments.webhooks import inbox
from tests.components.payments.conftest import Till

FAILS_LATER = "4000000000000341"


async def joined(till: Till, **how: str) -> CheckoutSession:
    page = await till.join(**how)  # type: ignore[arg-type]
    await till.work()
    return await till.fresh(page)


async def subscription_of(page: CheckoutSession) -> MirroredSubscription:
    found = await running_subscriptions.mirrored(page.reference_id)
    assert found is not None
    return found


async def renewals(till: Till, page: CheckoutSession, times: int) -> list[tuple[datetime, datetime]]:
    """Let so many periods pass; the periods paid for, oldest first."""
    for _ in range(times):
        till.advance_to((await subscription_of(page)).current_period_end + timedelta(hours=2))
        await till.work()
    paid = reversed(await invoices.of_subscription(page.reference_id))
    return [(invoice.period_start, invoice.period_end) for invoice in paid if invoice.status == "paid"]


async def test_joining_is_mirrored_whole(till: Till) -> None:
    page = await joined(till)
    subscription = await subscription_of(page)
    assert page.is_paid and page.subscription_ref == subscription.stripe_id
    assert (subscription.status, subscription.amount, subscription.currency) == ("active", 450, "GBP")
    assert await plan_prices.version_of(subscription.price) is not None
    (invoice,) = await invoices.of_subscription(page.reference_id)
    assert (invoice.status, invoice.amount_paid, invoice.reason) == ("paid", 450, "subscription_create")
    assert invoice.period_end == subscription.current_period_end
    assert [fact["amount"] for fact in await till.facts("CheckoutSessionPaid")] == [450]
    assert [fact["reason"] for fact in await till.facts("InvoicePaid")] == ["subscription_create"]
    assert await invariants.invariants() == []


async def test_joining_with_goods_in_one_payment(till: Till) -> None:
    club = SessionLine("The Kiln Club", 450, recurring=await till.price())
    payer = Payer(ids.new(), "maya@kiln.test")
    page = await till.open(None, club, SessionLine("Morning mug", 2040, 2), payer=payer, purpose="joining")
    await till.pay(page)
    await till.work()
    (invoice,) = await invoices.of_subscription(page.reference_id)
    assert (page.amount, invoice.amount_paid) == (4530, 4530)
    assert (await till.fresh(page)).is_paid
    assert await invariants.invariants() == []


async def test_35_a_first_payment_left_unfinished_never_becomes_a_membership(till: Till) -> None:
    page = await till.join(card="4000000000000002")
    await till.work()
    till.advance(hours=25)
    await till.work()
    assert (await till.fresh(page)).is_expired
    assert await till.facts("CheckoutSessionPaid") == []
    subscription = await running_subscriptions.mirrored(page.reference_id)
    assert subscription is None or subscription.is_over or subscription.status == "incomplete"


async def test_19_joined_on_31_january_renews_on_28_february_and_31_march(till: Till) -> None:
    till.advance_to(datetime(2027, 1, 31, 10, 30, tzinfo=UTC))
    page = await joined(till)
    periods = await renewals(till, page, 3)
    assert [end.date().isoformat() for _, end in periods] == ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]
    assert all(later[0] == earlier[1] for earlier, later in pairwise(periods))
    assert {end.time().isoformat() for _, end in periods} == {periods[0][0].time().isoformat()}


async def test_20_joined_on_29_february_for_a_year_renews_on_28_february(till: Till) -> None:
    till.advance_to(datetime(2028, 2, 29, 9, 0, tzinfo=UTC))
    page = await till.join(interval="year", amount=3900)
    await till.work()
    periods = await renewals(till, page, 4)
    ends = [end.date().isoformat() for _, end in periods]
    assert ends == ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29", "2033-02-28"]


async def test_24_the_preview_of_a_renewal_is_what_is_then_charged(till: Till) -> None:
    page = await joined(till)
    preview = await invoices.next_charge(page.reference_id)
    await renewals(till, page, 1)
    newest, _ = await invoices.of_subscription(page.reference_id)
    assert (newest.amount_paid, newest.currency, newest.reason) == (preview.amount_due, "GBP", "subscription_cycle")
    assert sum(line.amount for line in preview.lines) == preview.total == newest.total


async def test_29_cancelled_at_period_end_it_runs_until_then_and_is_not_charged_again(till: Till) -> None:
    page = await joined(till)
    end = (await subscription_of(page)).current_period_end
    cancelled = await running_subscriptions.cancel_at_period_end(page.reference_id)
    assert (cancelled.status, cancelled.cancel_at) == ("active", end)
    till.advance_to(end - timedelta(seconds=1))
    await till.work()
    assert (await subscription_of(page)).status == "active"
    till.advance_to(end + timedelta(hours=2))
    await till.work()
    over = await subscription_of(page)
    assert (over.status, over.ended_at) == ("cancelled", end)
    assert len(await invoices.of_subscription(page.reference_id)) == 1


async def test_30_cancel_resume_cancel_ends_as_the_last_word_said(till: Till) -> None:
    page = await joined(till)
    await running_subscriptions.cancel_at_period_end(page.reference_id)
    resumed = await running_subscriptions.resume(page.reference_id)
    assert resumed.cancel_at is None
    await running_subscriptions.cancel_at_period_end(page.reference_id)
    await till.deliver()
    for event_id in reversed(await till.waiting()):
        await inbox.process(event_id)
    assert (await subscription_of(page)).cancel_at is not None


async def test_31_after_the_end_there_is_nothing_to_resume(till: Till) -> None:
    page = await joined(till)
    await running_subscriptions.end_now(page.reference_id)
    with pytest.raises(NoSubscription):
        await running_subscriptions.resume(page.reference_id)
    with pytest.raises(NoSubscription):
        await invoices.next_charge(page.reference_id)


async def test_32_a_renewal_that_is_declined_is_told_for_each_try_and_recovers_with_another_card(till: Till) -> None:
    page = await joined(till)
    subscription = await subscription_of(page)
    await fail_from_now_on(till, page)
    till.advance_to(subscription.current_period_end + timedelta(hours=2))
    await till.work()
    assert (await subscription_of(page)).status == "past_due"
    assert [fact["attempt"] for fact in await till.facts("InvoiceFailed")] == [1]

    await replace_card(till, page, "4242424242424242")
    assert (await subscription_of(page)).status == "active"
    paid = await till.facts("InvoicePaid")
    assert [fact["reason"] for fact in paid] == ["subscription_create", "subscription_cycle"]
    assert await invariants.invariants() == []


async def fail_from_now_on(till: Till, page: CheckoutSession) -> None:
    await replace_card(till, page, FAILS_LATER)


async def replace_card(till: Till, page: CheckoutSession, card: str) -> None:
    kept = await till.open(
        page.reference_id, payer=Payer(page.person_id, "maya@kiln.test", "Maya"), purpose="card", currency="GBP"
    )
    assert await till.pay(kept, card) == "done"
    await till.work()
    for fact in await facts_of_cards(till, kept):
        await cards.adopt(fact)
    await till.work()


async def facts_of_cards(till: Till, page: CheckoutSession) -> list[CardSaved]:
    kept = [fact for fact in await till.facts("CardSaved") if fact["page_id"] == str(page.id)]
    assert len(kept) == 1
    return [CardSaved(page.id, page.reference_id, kept[0]["payment_method"])]


async def test_32_a_renewal_recovers_by_stripes_own_retry(till: Till) -> None:
    page = await joined(till)
    end = (await subscription_of(page)).current_period_end
    await fail_from_now_on(till, page)
    till.advance_to(end + timedelta(hours=2))
    await till.work()
    till.advance(days=6)
    await till.work()
    failed = await till.facts("InvoiceFailed")
    assert [fact["attempt"] for fact in failed] == list(range(1, len(failed) + 1)) and len(failed) >= 2
    await replace_card(till, page, "4242424242424242")
    assert (await subscription_of(page)).status == "active"


async def test_33_when_all_retries_are_used_up_the_subscription_is_over(till: Till) -> None:
    page = await joined(till)
    end = (await subscription_of(page)).current_period_end
    await fail_from_now_on(till, page)
    till.advance_to(end + timedelta(days=40))
    await till.work()
    assert (await subscription_of(page)).status in ("cancelled", "unpaid")


async def test_34_a_card_kept_twice_pays_what_is_owed_once(till: Till) -> None:
    page = await joined(till)
    end = (await subscription_of(page)).current_period_end
    await fail_from_now_on(till, page)
    till.advance_to(end + timedelta(hours=2))
    await till.work()
    await replace_card(till, page, "4242424242424242")
    rows = await database.fetch("SELECT id FROM checkout_session WHERE purpose = 'card' ORDER BY attempt DESC LIMIT 1")
    newest = await pages.by_id(rows[0]["id"])
    assert newest is not None
    for fact in 2 * await facts_of_cards(till, newest):
        await cards.adopt(fact)
    await till.work()
    assert len([f for f in await till.facts("InvoicePaid") if f["reason"] == "subscription_cycle"]) == 1
    card = await cards.of_subscription(page.reference_id)
    assert card is not None and (card.last4, card.brand) == ("4242", "visa")


async def test_a_person_who_is_erased_is_not_charged_again(till: Till) -> None:
    page = await joined(till)
    assert page.person_id
    await customers.erase(page.person_id)
    await customers.erase(page.person_id)
    await till.work()
    assert (await subscription_of(page)).is_over
    till.advance(days=62)
    await till.work()
    assert len(await invoices.of_subscription(page.reference_id)) == 1
