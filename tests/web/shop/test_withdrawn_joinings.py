"""An order that somebody joined with is two contracts: they choose from which they withdraw; staff see both sums."""

from datetime import timedelta

import pytest

from components.foundation import clock
from components.foundation.shop_settings import setting_rows
from components.memberships.editing import plans
from components.messaging import mailbox
from components.messaging.notices import order_withdrawals, settled_withdrawals, withdrawals
from components.messaging.notices.open_withdrawals import OpenWithdrawal
from components.orders import fulfilments
from components.orders.refunds import refund_requests, refunds
from tests.support import buy_products, join_members, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.shop.test_early_starts import HERE, listed
from tests.web.shop.test_fee_codes_with_orders import club, pays, places, shopping
from tests.web.shop.test_withdrawn_terms import joined, term_club

__all__ = ["club"]


async def says(browser: Browser, about: str, number: str, **typed: str) -> OpenWithdrawal:
    typed = {"name": "Maya", "email": join_members.MAYA, "about": about, "number": number} | typed
    second = await browser.submit(await browser.get(HERE), HERE, **typed)
    await browser.submit(second, f"{HERE}/confirm")
    return (await withdrawals.to_do())[-1]


async def test_whoever_comes_from_their_order_chooses_which_contract_they_mean(club: Shop) -> None:
    await term_club()
    maya = await joined(club, ticks=True, with_order=True)
    order = await buy_products.the_order()
    shown = await maya.get(f"/orders/{order.token}")
    here = f"{HERE}?order={order.number}&joined"
    assert here in shown.links()
    page = await maya.get(here)
    assert f"Order {order.number} is two contracts" in page.words
    assert "You paid £21.60 for its items, delivery included, and £20.00 for the membership." in page.words
    missing = await maya.submit(page, HERE, name="Maya", email=join_members.MAYA)
    assert missing.status == 422 and "Choose an option for “What you withdraw from”." in missing.alerts()
    assert f"Order {order.number} is two contracts" in missing.words
    second = await maya.submit(missing, HERE, about="both")
    both = f"An order and the membership joined with it: {order.number}"
    assert both in second.words
    assert both in (await maya.submit(second, f"{HERE}/confirm")).words
    (line,) = (await mailbox.email_page(template="withdrawal_receipt")).emails
    text = (await mailbox.practice_email(line.id)).text
    assert both in text and "send back within fourteen days" in text.replace("\n", " ")
    assert "If you asked for your membership to begin straight away" in text
    stranger = await club.browser().get(here)
    assert "two contracts" not in stranger.words, "whose order it is, is told to nobody else"


async def test_an_order_without_a_membership_asks_nothing_more(goods: Shop) -> None:
    await make_products.product(on_hand=9)
    await setting_rows.change({"withdrawal_page": "on"}, by=None)
    maya = goods.browser()
    await buy_products.buy(goods, maya, email=join_members.MAYA)
    order = await buy_products.the_order()
    one = await says(maya, "both", order.number)
    assert one.order is not None and one.plan == "" and one.joined == ""
    page = await listed(await goods.signed_in((await people.owner()).email))
    assert "None was joined with this order: ask the customer which one is meant." in page.words


@pytest.mark.parametrize("kind", ["plan paid once", "plan that renews"])
async def test_staff_see_both_sums_of_both(club: Shop, kind: str) -> None:
    await term_club()
    if kind == "plan paid once":
        maya, fee, plan = await joined(club, ticks=False, with_order=True), "£20.00", "Once"
    else:
        maya, fee, plan = await shopping(club), "£5.00", "Annual"
        await pays(club, maya, await places(maya))
    order = await buy_products.the_order()
    iris = await people.owner()
    desk = await club.signed_in(iris.email)
    cells = {"order": (True, False), "membership": (False, True), "both": (True, True)}
    for about, (is_order, is_fee) in cells.items():
        one = await says(maya, about, f" {order.number.lower()}")
        assert (one.order is not None, bool(one.plan)) == (is_order, is_fee), about
        assert (f"of order {order.number}" in one.owed, f"{fee} of {plan} has not been refunded." in one.owed) == (
            is_order,
            is_fee,
        )
        assert bool(one.joined) is (about == "order")
        page = await listed(desk)
        assert ("£21.60, delivery included." in page.words) is is_order, about
        assert (f"{fee}, all of it, and end the membership with it" in page.words) is is_fee, about
        if is_fee:
            offered = page.links() + (await desk.get(f"/staff/members/{one.person_id}")).links()
            link = next(link for link in offered if "/refund" in link and "/orders/" not in link)
            refund = await desk.get(link)
            assert refund.form(link.removesuffix("/new")).given["follows"] == "end", about
            assert "They withdrew from it on " in refund.words
        left = f"They chose the items only, not {plan}, of whose fee {fee} would go back. It goes on."
        assert (left in page.words) is (about == "order"), page.words
        assert bool(await order_withdrawals.waiting_on([order])) is is_order, "it is not sent"
        await settled_withdrawals.settle(one.withdrawal.id, outcome="refused", by=iris.id)
    refund = await desk.get(link)
    assert refund.form(link.removesuffix("/new")).given["follows"] == "keep" and "They withdrew" not in refund.words


async def test_both_are_refunded_before_both_are_marked_and_each_has_its_own_days(club: Shop) -> None:
    await term_club()
    maya, iris = await joined(club, ticks=True, with_order=True), await people.owner("iris@kiln.test")
    order = await buy_products.the_order()
    clock.set_everywhere(clock.now() + timedelta(days=10))
    await fulfilments.ship(order.id, by=iris.id)
    await club.catch_up()
    clock.set_everywhere(clock.now() + timedelta(days=10))
    one = await says(maya, "both", order.number)
    assert not one.is_late and one.fee_is_late and one.is_due
    page = await listed(await club.signed_in("iris@kiln.test"))
    assert "Refund by" in page.words and page.words.count("Nothing has to be: it came too late.") == 1
    await refunds.create(order.id, refund_requests.whole_order(order, restocks=True), by=iris.id, key=order.id)
    await club.catch_up()
    (one,) = await withdrawals.to_do()
    assert one.owed == "", "nothing of the fee has to go back any more"


async def test_an_orders_number_names_the_membership_joined_with_it_though_another_is_newer(club: Shop) -> None:
    await term_club()
    await plans.create(slug="year", name="Year", summary="", price=3000, interval="year", is_once=True, by=None)
    maya, order = await joined(club, ticks=False, with_order=True), await buy_products.the_order()
    clock.set_everywhere(clock.now() + timedelta(days=1))
    asked = await maya.submit(await maya.get("/join/year"), "/join/year")
    await club.stand_in.pay(asked.path.rsplit("/", 1)[-1], card="4242424242424242")
    await club.catch_up()
    assert (await says(maya, "membership", "mine")).plan == "Year"
    assert (await says(maya, "membership", order.number)).plan == "Once"
