"""Withdrawing from a plan that is paid once: its sum, however it was joined, in time or not, begun at once or not."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from components.foundation import clock, database
from components.foundation.money import Money
from components.foundation.shop_settings import setting_rows
from components.memberships.editing import plans
from components.memberships.grants import paid_once_refunds
from components.messaging.notices import withdrawals
from components.messaging.notices.open_withdrawals import OpenWithdrawal
from tests.support import join_members, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.web.shop.test_early_starts import HERE, listed
from tests.web.shop.test_fee_codes_with_orders import club, pays, shopping
from tests.web.shop.test_terms_with_orders import places, term_club

__all__ = ["club"]


async def joined(club: Shop, *, ticks: bool, with_order: bool = False) -> Browser:
    """£20.00 once, with £21.60 of goods or without."""
    await setting_rows.change({"withdrawal_page": "on"}, by=None)
    await club.refresh()
    given: dict[str, Any] = {"begins_now": "on"} if ticks else {}
    maya = await shopping(club)
    if with_order:
        await pays(club, maya, await places(maya, **given))
    else:
        asked = await maya.submit(await maya.get("/join/once"), "/join/once", **given)
        await club.stand_in.pay(asked.path.rsplit("/", 1)[-1], card="4242424242424242")
        await club.catch_up()
    return maya


async def withdrawn(browser: Browser, typed: str = "Once") -> OpenWithdrawal:
    second = await browser.submit(
        await browser.get(HERE), HERE, name="Maya", about="membership", number=typed, email=join_members.MAYA
    )
    await browser.submit(second, f"{HERE}/confirm")
    return (await withdrawals.to_do())[-1]


async def staff_page(club: Shop) -> tuple[Browser, Page]:
    await people.owner("iris@kiln.test")
    iris = await club.signed_in("iris@kiln.test")
    return iris, await listed(iris)


def later(days: int) -> None:
    clock.set_everywhere(clock.now() + timedelta(days=days))


@pytest.mark.parametrize("with_order", [False, True], ids=["its own page", "with an order"])
@pytest.mark.parametrize(
    ("ticks", "back", "says"),
    [
        (True, 1892, "£18.92 of £20.00, and end the membership with it: they had it for 10 of 183 days"),
        (False, 2000, "£20.00, all of it, and end the membership with it: they were asked and did not ask"),
    ],
)
async def test_a_term_has_its_sum_however_it_was_joined(
    club: Shop, ticks: bool, back: int, says: str, with_order: bool
) -> None:
    await term_club()
    browser = await joined(club, ticks=ticks, with_order=with_order)
    later(10)
    one = await withdrawn(browser)
    assert one.term is not None and one.sums is not None and not one.is_late and one.days == 14
    assert (one.sums.back, one.sums.paid) == (Money(back, "GBP"), Money(2000, "GBP")), "without the order's part"
    iris, page = await staff_page(club)
    assert "Once, paid once on " in page.words and says in page.words.replace(" ,", ","), page.words
    assert "“Begin my membership straight away." in page.words
    refund = await iris.get(f"/staff/paid-once/{one.term.id}/refund")
    assert refund.path in page.links() and "£20.00 of £20.00 can still be refunded to Maya, for Once." in refund.words
    assert refund.form(refund.path).given["follows"] == "end" and "They withdrew from it on " in refund.words


async def test_a_membership_for_life_has_no_days_to_take_off(club: Shop) -> None:
    await term_club(interval="life", count=1)
    browser = await joined(club, ticks=True)
    later(10)
    one = await withdrawn(browser)
    assert one.sums is not None and one.sums.back == Money(2000, "GBP")
    _, page = await staff_page(club)
    assert "it is for life, so no part of its time is used up." in page.words


async def test_what_was_refunded_before_is_not_given_back_twice(club: Shop) -> None:
    await term_club()
    browser = await joined(club, ticks=True)
    term_id: UUID = await database.fetch_value("SELECT id FROM paid_term")
    iris = await people.owner("iris@kiln.test")
    made = await paid_once_refunds.create(term_id, 500, by=iris.id, key=term_id)
    await paid_once_refunds.send(made.id)
    await club.catch_up()
    later(10)
    one = await withdrawn(browser)
    assert one.sums is not None and one.sums.back == Money(1392, "GBP")
    page = await listed(await club.signed_in("iris@kiln.test"))
    assert "£5.00 had been refunded already, and is not in that." in page.words


async def test_one_that_comes_too_late_says_so(club: Shop) -> None:
    await term_club()
    browser = await joined(club, ticks=True)
    later(20)
    one = await withdrawn(browser)
    assert one.is_late and one.term is not None
    _, page = await staff_page(club)
    assert "Nothing has to be: it came too late." in page.words
    assert not [link for link in page.links() if "/staff/paid-once/" in link]


async def test_the_name_that_is_typed_says_which_contract_is_meant(club: Shop) -> None:
    """Two years ahead: the newer is meant, unless the older is named."""
    await term_club()
    await plans.create(slug="year", name="Year", summary="", price=3000, interval="year", is_once=True, by=None)
    browser = await joined(club, ticks=False)
    later(1)
    asked = await browser.submit(await browser.get("/join/year"), "/join/year")
    await club.stand_in.pay(asked.path.rsplit("/", 1)[-1], card="4242424242424242")
    await club.catch_up()
    assert (await withdrawn(browser, "my membership")).plan == "Year"
    later(1)
    one = await withdrawn(browser, "  once ")
    assert one.plan == "Once" and one.sums is not None and one.sums.paid == Money(2000, "GBP")
