"""What becomes of an order and of a membership is told once, in figures and dates that are true."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest

from components import reactions
from components.foundation import clock, database, ids, outbox
from components.memberships.billing import cancellations, subscriptions
from components.memberships.grants import complimentary
from components.messaging import mailbox
from components.messaging.notices import notice_emails
from components.orders import fulfilments, order_list
from components.orders.refunds import refunds
from components.orders.refunds.refund_requests import RefundRequest
from tests.support import buy_products, join_members, make_plans, make_products, people
from tests.support.shops import Shop

pytestmark = pytest.mark.usefixtures("german_twins")

MAILS = re.compile("messaging|agreed_terms")


async def letters(template: str) -> list[str]:
    """The texts of this kind's letters, oldest first."""
    found = (await mailbox.email_page(template=template)).emails
    return [(await mailbox.practice_email(line.id)).text for line in reversed(found)]


@pytest.fixture
async def goods(goods: Shop) -> Shop:
    await make_products.product(on_hand=5)
    return goods


async def test_an_order_is_confirmed_with_its_lines_its_total_and_a_link(goods: Shop) -> None:
    await buy_products.buy(goods, goods.browser(), quantity=2)
    await goods.catch_up()
    (text,) = await letters("order_confirmation")
    order = await buy_products.the_order()
    assert "2 × Moon mug" in text and "Paid: £51.95" in text and "4 Mill Lane" in text
    link = next(word for word in text.split() if "/orders/" in word)
    page = await goods.browser().get(link)
    assert order.number in page.words


async def test_a_member_reads_what_the_membership_saved(goods: Shop) -> None:
    await buy_products.buy(goods, await buy_products.member(goods))
    await goods.catch_up()
    (text,) = await letters("order_confirmation")
    assert "As a member you saved £6.35 on this order." in text


async def test_the_parcel_and_the_money_back_are_told(goods: Shop) -> None:
    await buy_products.buy(goods, goods.browser())
    await goods.catch_up()
    order = await buy_products.the_order()
    await fulfilments.ship(order.id, carrier="Royal Mail", tracking="RM 1234", by=None)
    wish = RefundRequest(amount=500, reason="Chipped")
    await refunds.create(order.id, wish, by=None, key=ids.new())
    await goods.catch_up()
    (shipped,) = await letters("order_shipped")
    assert "with Royal Mail" in shipped and "RM 1234" in shipped
    page = await goods.browser().get(f"/orders/{order.token}")
    at = "https://www.royalmail.com/track-your-item#/tracking-results/RM1234"
    html = await database.fetch_value("SELECT html FROM email WHERE template = 'order_shipped'")
    assert at in shipped and f'<a href="{at}">RM 1234</a>' in html
    assert f'<a href="{at}" rel="noopener noreferrer">RM 1234</a>' in page.text
    (refunded,) = await letters("order_refunded")
    assert "£5.00" in refunded and "Chipped" in refunded


async def test_a_fact_delivered_five_times_at_once_makes_one_letter(goods: Shop) -> None:
    await buy_products.buy(goods, goods.browser())
    await goods.catch_up()
    for row in await database.fetch("SELECT id FROM announced_fact"):
        fact = await outbox.announced(row["id"])
        assert fact is not None
        told = [reaction for reaction in reactions.jobs_for(fact) if MAILS.search(reactions.name_of(reaction))]
        await asyncio.gather(*[asyncio.create_task(reaction(fact)) for reaction in told for _ in range(5)])
    assert len(await letters("order_confirmation")) == 1


async def test_an_order_is_confirmed_late_rather_than_never(goods: Shop) -> None:
    """The worker was away for longer than a week."""
    await buy_products.buy(goods, goods.browser())
    clock.set_everywhere(clock.now() + timedelta(days=8))
    await goods.catch_up()
    assert (await order_list.counts())["to-ship"] == 1
    assert len(await letters("order_confirmation")) == 1


async def test_a_new_member_is_welcomed_with_what_she_has(shop: Shop) -> None:
    await join_members.joins(shop, await make_plans.club())
    (text,) = await letters("membership_started")
    assert "Annual, £39.00 a year" in text and "It renews on 1 March 2028." in text and "10%" in text


async def test_who_is_given_a_membership_reads_that_it_costs_nothing(shop: Shop) -> None:
    maya = await people.customer("maya@kiln.test")
    await complimentary.grant(maya.id, await make_plans.club(), until=None, by=people.NOBODY)
    await shop.catch_up()
    (text,) = await letters("membership_started")
    assert "It's complimentary: there's nothing for you to pay." in text and "£" not in text.split("- ")[0]


async def test_each_cancellation_has_its_own_receipt(shop: Shop) -> None:
    await join_members.joins(shop, await make_plans.club())
    row = await subscriptions.running(await join_members.person())
    assert row is not None
    for change in (cancellations.schedule, cancellations.withdraw, cancellations.schedule):
        await change(row.id)
        await shop.catch_up()
    receipts = await letters("cancellation_receipt")
    assert len(receipts) == 2 and len(await letters("cancellation_withdrawn")) == 1
    assert "until 1 March 2028" in receipts[0] and "Monday 1 March 2027 at 12:00" in receipts[0]


async def test_whoever_undoes_and_cancels_again_within_seconds_has_a_receipt_of_that(shop: Shop) -> None:
    """The worker hears of both together; the first receipt had been sent before."""
    await join_members.joins(shop, await make_plans.club())
    row = await subscriptions.running(await join_members.person())
    assert row is not None
    await cancellations.schedule(row.id)
    await shop.catch_up()
    clock.set_everywhere(clock.now() + timedelta(hours=1))
    await cancellations.withdraw(row.id)
    clock.set_everywhere(clock.now() + timedelta(seconds=3))
    await cancellations.schedule(row.id)
    clock.set_everywhere(clock.now() + timedelta(minutes=2))
    for _ in range(2):
        await shop.catch_up()
    first, second = await letters("cancellation_receipt")
    assert "at 12:00" in first and "at 13:00" in second and await letters("cancellation_withdrawn") == []
    for change in (cancellations.withdraw, cancellations.schedule, cancellations.withdraw):
        clock.set_everywhere(clock.now() + timedelta(seconds=2))
        await change(row.id)
    clock.set_everywhere(clock.now() + timedelta(seconds=2))
    await shop.catch_up()
    assert len(await letters("cancellation_receipt")) == 2 and len(await letters("cancellation_withdrawn")) == 1


async def test_a_year_is_announced_three_weeks_before_it_is_billed_and_once(shop: Shop) -> None:
    await join_members.joins(shop, await make_plans.club())
    clock.set_everywhere(datetime(2028, 2, 8, 12, 0, tzinfo=UTC))
    await notice_emails.send_renewal_notices()
    assert await letters("renewal_notice") == []
    clock.set_everywhere(datetime(2028, 2, 10, 12, 0, tzinfo=UTC))
    for _ in range(2):
        await notice_emails.send_renewal_notices()
    (text,) = await letters("renewal_notice")
    assert "£39.00" in text and "1 March 2028" in text and "£0.00" in text and "Visa ending in 4242" in text


async def test_whoever_has_cancelled_gets_no_renewal_notice(shop: Shop) -> None:
    await join_members.joins(shop, await make_plans.club())
    row = await subscriptions.running(await join_members.person())
    assert row is not None
    await cancellations.schedule(row.id)
    clock.set_everywhere(datetime(2028, 2, 20, 12, 0, tzinfo=UTC))
    await notice_emails.send_renewal_notices()
    assert await letters("renewal_notice") == []
