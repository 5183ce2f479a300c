"""Pay pages: one reference has one page that can be paid, whatever is clicked, changed, broken or raced."""

import asyncio
from typing import Any

import pytest

from components.foundation import currencies, database, ids
from components.payments import customers as payment_customers
from components.payments import invariants, plan_prices, stripe_connection
from components.payments.checkout_sessions import pages as payment_pages
from components.payments.differences import admin_views
from components.payments.mirror import mirrored_sessions
from components.payments.payment_refusals import AlreadyPaid, PaymentRefused, Superseded
from components.payments.stripe_calls import stripe_customers
from components.payments.stripe_calls import stripe_sessions as sessions_calls
from components.payments.values import Payer, PriceRef, SessionLine
from tests.components.payments.conftest import MUG, Till
from tests.support.cells import every_cell


async def sessions() -> int:
    return int(await database.fetch_value("SELECT count(DISTINCT stripe_session_id) FROM checkout_session"))


async def test_a_page_has_an_address_to_go_to_and_can_be_paid(till: Till) -> None:
    page = await till.open()
    assert page.is_open and page.url and page.amount == 2040
    assert await till.pay(page) == "done"
    paid = await payment_pages.sync(page)
    assert paid.is_paid and paid.is_complete and paid.payment_intent


async def test_05_a_double_click_opens_one_session(till: Till) -> None:
    order_id = ids.new()
    first, second = await asyncio.gather(till.open(order_id), till.open(order_id))
    third = await till.open(order_id)
    assert first.stripe_session_id == second.stripe_session_id == third.stripe_session_id
    assert await sessions() == 1


async def test_06_a_changed_basket_closes_the_old_page_and_opens_a_new_attempt(till: Till) -> None:
    order_id = ids.new()
    old = await till.open(order_id)
    new = await till.open(order_id, MUG, SessionLine("Bud vase", 1800))
    assert (new.attempt, new.amount) == (2, 3840)
    assert (await till.fresh(old)).status == "expired"
    assert await till.pay(old) == "declined"
    assert await till.pay(new) == "done"
    await till.work()
    assert await till.facts("CheckoutSessionExpired") == []
    assert [fact["page_id"] for fact in await till.facts("CheckoutSessionPaid")] == [str(new.id)]


async def test_06_a_basket_changed_in_two_tabs_at_once_leaves_one_page_to_pay(till: Till) -> None:
    order_id = ids.new()
    await asyncio.gather(
        till.open(order_id), till.open(order_id, SessionLine("Bud vase", 1800)), return_exceptions=True
    )
    open_at_stripe = [
        page
        for row in await database.fetch("SELECT id FROM checkout_session")
        if (page := await payment_pages.by_id(row["id"])) and page.url and (await payment_pages.sync(page)).is_open
    ]
    assert len(open_at_stripe) == 1


async def test_06_an_attempt_overtaken_while_it_was_being_made_is_closed_again(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id, is_made, may_go_on = ids.new(), asyncio.Event(), asyncio.Event()
    create = sessions_calls.create

    async def slowly(request: Any, *, key: str) -> sessions_calls.SessionAnswer:
        made = await create(request, key=key)
        is_made.set()
        await may_go_on.wait()
        return made

    with monkeypatch.context() as patched:
        patched.setattr(sessions_calls, "create", slowly)
        overtaken = asyncio.create_task(till.open(order_id))
        await is_made.wait()
    newer = await till.open(order_id, SessionLine("Bud vase", 1800))
    may_go_on.set()
    with pytest.raises(Superseded):
        await overtaken
    assert sorted((await listed()).values()) == ["expired", "open"]
    assert (await listed())[newer.stripe_session_id] == "open"


async def listed() -> dict[str | None, str | None]:
    """Every session there is at Stripe, and its status."""
    answer = await stripe_connection.client().v1.checkout.sessions.list_async({"limit": 100})
    return {session.id: session.status for session in answer.data}


async def test_a_page_paid_at_the_last_moment_is_not_opened_anew(till: Till) -> None:
    order_id = ids.new()
    page = await till.open(order_id)
    await till.pay(page)
    with pytest.raises(AlreadyPaid) as refusal:
        await till.open(order_id, SessionLine("Bud vase", 1800))
    assert refusal.value.page.id == page.id
    assert len(await till.facts("CheckoutSessionPaid")) == 1
    assert await database.fetch_value("SELECT count(*) FROM checkout_session WHERE status IN ('open', 'creating')") == 0


async def test_10_completed_wins_over_expired_in_whatever_order_they_come(till: Till) -> None:
    page = await till.open()
    await till.pay(page)
    await payment_pages.expire(page)
    await till.work()
    assert (await till.fresh(page)).is_paid
    assert await till.facts("CheckoutSessionExpired") == []


async def test_an_expired_page_says_so_once(till: Till) -> None:
    page = await till.open()
    till.advance(hours=25)
    await till.work()
    await payment_pages.sync(page)
    assert (await till.fresh(page)).is_expired
    assert len(await till.facts("CheckoutSessionExpired")) == 1


async def test_04_money_is_noticed_though_the_browser_never_returns(till: Till) -> None:
    page = await till.open()
    await till.pay(page)
    await till.work()
    assert (await till.fresh(page)).is_paid


async def test_03_the_return_page_syncs_itself_and_the_late_webhook_changes_nothing(till: Till) -> None:
    page = await till.open()
    await till.pay(page)
    assert (await payment_pages.sync(page)).is_paid
    till.advance(minutes=10)
    await till.work()
    assert len(await till.facts("CheckoutSessionPaid")) == 1


async def test_01_the_same_event_five_times_in_parallel_is_one_payment(till: Till) -> None:
    page = await till.open()
    await till.pay(page)
    await till.deliver()
    await till.follow_at_once(5 * await till.waiting(), *(payment_pages.sync(page) for _ in range(3)))
    assert len(await till.facts("CheckoutSessionPaid")) == 1
    assert await invariants.invariants() == []


async def test_08_another_amount_is_flagged_and_never_counts_as_paid(till: Till) -> None:
    page = await till.open()
    await database.execute("UPDATE checkout_session SET amount = amount + 1")
    await till.pay(page)
    await till.work()
    await payment_pages.sync(page)
    assert not (await till.fresh(page)).is_paid
    assert await till.facts("CheckoutSessionPaid") == []
    assert len(await till.facts("AmountMismatch")) == 1
    (found,) = await admin_views.mismatches()
    assert (found.agreed.amount, found.paid) == (2041, "20.40 GBP")


async def test_08_another_currency_is_flagged(till: Till) -> None:
    page = await till.open()
    await database.execute("UPDATE checkout_session SET currency = 'EUR'")
    await till.pay(page)
    await till.work()
    assert not (await till.fresh(page)).is_paid
    assert len(await till.facts("AmountMismatch")) == 1


async def test_12_a_declined_card_then_a_good_one_is_one_payment(till: Till) -> None:
    page = await till.open()
    for bad in ("4000000000000002", "4000000000009995", "4000000000000069"):
        assert await till.pay(page, bad) == "declined"
    await till.work()
    assert not (await till.fresh(page)).is_paid
    assert await till.pay(page) == "done"
    await till.work()
    assert (await till.fresh(page)).is_paid
    assert len(await till.facts("CheckoutSessionPaid")) == 1
    assert await invariants.invariants() == []


@pytest.mark.parametrize("card", ["4000002500003155", "4000002760003184"])
async def test_13_a_challenge_may_be_failed_then_passed(till: Till, card: str) -> None:
    page = await till.open()
    assert await till.pay(page, card, challenge="fail") == "declined"
    await till.work()
    assert not (await till.fresh(page)).is_paid
    assert await till.pay(page, card, challenge="pass") == "done"
    await till.work()
    assert (await till.fresh(page)).is_paid


async def test_13_a_challenge_that_is_closed_leaves_the_page_to_expire(till: Till) -> None:
    page = await till.open()
    assert await till.pay(page, "4000002500003155", challenge="fail") == "declined"
    till.advance(hours=25)
    await till.work()
    assert (await till.fresh(page)).is_expired
    assert await till.facts("CheckoutSessionPaid") == []


async def test_14_a_delayed_payment_counts_when_it_arrives(till: Till) -> None:
    page = await till.open()
    assert await till.pay(page, "10880000012345") == "done"
    await till.work()
    page = await till.fresh(page)
    assert page.is_complete and not page.is_paid
    assert len(await till.facts("CheckoutSessionUnpaid")) == 1
    with pytest.raises(AlreadyPaid):
        await till.open(page.reference_id)
    till.advance(days=4)
    await till.work()
    assert (await till.fresh(page)).is_paid
    assert len(await till.facts("CheckoutSessionPaid")) == 1


async def test_14_a_delayed_payment_that_fails_leaves_room_for_another(till: Till) -> None:
    page = await till.open()
    await till.pay(page, "10880033333335")
    till.advance(days=4)
    await till.work()
    assert (await till.fresh(page)).has_failed
    assert await till.facts("CheckoutSessionPaid") == []
    assert len(await till.facts("CheckoutSessionPaymentFailed")) == 1
    again = await till.open(page.reference_id)
    assert again.attempt == 2 and await till.pay(again) == "done"
    await till.work()
    counts = await payment_pages.for_reference("order", page.reference_id)
    assert counts is not None and counts.id == again.id and counts.is_paid


async def test_18_a_page_for_nothing_is_paid_without_a_payment(till: Till) -> None:
    page = await till.open(None, SessionLine("Gift", 0))
    assert await till.pay(page) == "done"
    await till.work()
    page = await till.fresh(page)
    assert page.is_paid and page.payment_intent is None and page.payment_status == "no_payment_required"
    assert await invariants.invariants() == []


async def test_16_five_hundred_yen_are_five_hundred_yen(till: Till) -> None:
    page = await till.open(None, SessionLine("Cup", 500), currency="JPY")
    await till.pay(page)
    await till.work()
    paid = await till.facts("CheckoutSessionPaid")
    assert [(fact["amount"], fact["currency"]) for fact in paid] == [(500, "JPY")]


@every_cell("currency", ["UGX", "ISK", "KWD", "BHD", "XXX", "gbp", ""])
async def test_16_currencies_we_do_not_understand_are_refused_before_anything_is_asked(
    till: Till, currency: str
) -> None:
    with pytest.raises(currencies.UnsupportedCurrency):
        await till.open(currency=currency)
    with pytest.raises(currencies.UnsupportedCurrency):
        await plan_prices.price_for(ids.new(), amount=450, currency=currency, interval="month", name="Club")
    assert await sessions() == 0


async def test_a_person_is_one_customer_and_a_guest_is_none(till: Till) -> None:
    maya = Payer(ids.new(), "maya@kiln.test", "Maya")
    pages = await asyncio.gather(*(till.open(payer=maya) for _ in range(3)))
    customers = {await payment_customers.for_person(maya) for _ in pages}
    assert len(customers) == 1 and None not in customers
    assert await payment_customers.for_person(Payer(None, "noor@kiln.test")) is None


async def test_40_a_customer_deleted_at_stripe_is_made_anew(till: Till) -> None:
    maya = Payer(ids.new(), "maya@kiln.test", "Maya")
    gone = await payment_customers.for_person(maya)
    await stripe_customers.delete(gone or "", key="test:delete")
    page = await till.open(payer=maya)
    assert page.url and await payment_customers.for_person(maya) != gone


async def test_a_price_unknown_at_stripe_is_no_reason_for_another_customer(till: Till) -> None:
    maya = Payer(ids.new(), "maya@kiln.test", "Maya")
    known = await payment_customers.for_person(maya)
    line = SessionLine("The Kiln Club", 450, recurring=PriceRef("price_gone"))
    with pytest.raises(PaymentRefused):
        await till.open(None, line, payer=maya, purpose="joining")
    assert await payment_customers.for_person(maya) == known


async def test_an_expired_page_is_replaced_by_a_new_attempt(till: Till) -> None:
    order_id = ids.new()
    await till.open(order_id)
    till.advance(hours=25)
    again = await till.open(order_id)
    assert again.attempt == 2 and await till.pay(again) == "done"


async def test_a_page_is_not_opened_inside_a_transaction(till: Till) -> None:
    async with database.transaction():
        with pytest.raises(RuntimeError, match="outside"):
            await till.open()


async def test_40_a_crash_between_call_and_commit_is_healed_by_the_same_key(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crash(*_: object) -> None:
        raise ConnectionResetError("the process was killed here")

    order_id = ids.new()
    with monkeypatch.context() as patched:
        patched.setattr(mirrored_sessions, "name_session", crash)
        with pytest.raises(ConnectionResetError):
            await till.open(order_id)
    page = await till.open(order_id)
    assert page.attempt == 1 and page.url
    listed = await stripe_connection.client().v1.checkout.sessions.list_async()
    assert [session.id for session in listed.data] == [page.stripe_session_id]
