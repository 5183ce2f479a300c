"""Asked for an early start at joining, with an order, and of a gift; kept; and what a withdrawal gives back."""

from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock, database
from components.foundation.money import Money
from components.foundation.personal_data import person_records
from components.foundation.shop_settings import setting_rows
from components.memberships.grants import gift_codes, gift_memberships
from components.messaging.notices import withdrawal_sums, withdrawals
from components.people import addresses
from tests.scenarios.conftest import HOME, Kiln, session_of
from tests.scenarios.test_38_gift_refunds import with_one_gift
from tests.scenarios.test_48_fee_refunds import iris
from tests.support import join_members, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

HERE = "/withdraw"
ADDRESS: Any = {"name": "Theo", "line1": "Ring 1", "city": "Wien", "postcode": "1010", "country": "AT"}
ASKED = "Begin my membership straight away"


async def withdraws(browser: Browser) -> None:
    typed = {"name": "Maya", "about": "membership", "number": "Annual", "email": join_members.MAYA}
    second = await browser.submit(await browser.get(HERE), HERE, **typed)
    await browser.submit(second, f"{HERE}/confirm")


async def answers() -> list[tuple[bool, str, bool]]:
    rows = await database.fetch("SELECT is_wanted, country, gift IS NOT NULL AS is_gift FROM early_start ORDER BY at")
    return [(row["is_wanted"], row["country"], row["is_gift"]) for row in rows]


async def joined(kiln: Kiln, *, ticks: bool) -> Browser:
    await people.customer(join_members.MAYA, name="Maya")
    browser = await kiln.shop.signed_in(join_members.MAYA)
    page = await browser.get("/join/annual")
    given = {"begins_now": "on"} if ticks else {}
    await kiln.pay(session_of(await browser.submit(page, "/join/annual", **given)))
    await kiln.work()
    return browser


async def listed(staff: Browser) -> Page:
    return await staff.get("/staff/withdrawals")


@pytest.mark.parametrize(
    ("country", "ticks", "back", "says"),
    [
        ("AT", True, 3794, "£37.94 of £39.00, and end the membership with it: they had it for 10 of 366 days"),
        ("GB", False, 3900, "£39.00 , all of it, and end the membership with it: they were asked and did not ask"),
        ("US", True, 3900, "it is not on record that they asked"),
    ],
)
async def test_a_withdrawal_gives_back_what_was_answered_at_joining(
    kiln: Kiln, country: str, ticks: bool, back: int, says: str
) -> None:
    staff = await iris(kiln)
    await setting_rows.change({"withdrawal_page": "on"}, by=None)
    clock.set_everywhere(clock.now() + timedelta(seconds=1))
    await setting_rows.change({"country": country}, by=None)
    assert ASKED not in (await kiln.shop.browser().get("/join/annual")).words, "asked when it is known who joins"
    browser = await joined(kiln, ticks=ticks)
    assert await answers() == ([(ticks, country, False)] if country != "US" else [])
    kiln.later(days=10)
    await withdraws(browser)
    (one,) = await withdrawals.to_do()
    assert one.sums is not None and one.sums.back == Money(back, "GBP") and one.sums.paid == Money(3900, "GBP")
    page = await listed(staff)
    assert says.replace(" ,", ",") in page.words.replace(" ,", ",")
    assert ("“Begin my membership" in page.words) is (country != "US")
    if country == "AT":
        assert ASKED in repr(await person_records.of_person(await join_members.person(), join_members.MAYA))


async def test_with_an_order_the_last_answer_before_it_began_counts_and_where_it_is_sent_decides(kiln: Kiln) -> None:
    await people.customer(join_members.MAYA, name="Maya")
    browser = await kiln.shop.signed_in(join_members.MAYA)
    await kiln.to_checkout(browser)
    address = {name: value for name, value in HOME.items() if name != "email"}
    page = await browser.get("/checkout?join=annual")
    assert ASKED in page.words and ASKED not in (await browser.get("/checkout")).words
    wrong = await browser.submit(page, "/checkout", **address | {"name": ""}, begins_now="on")
    assert wrong.status == 422 and wrong.form("/checkout").given["begins_now"] == "on", "nothing is lost"
    await browser.submit(wrong, "/checkout", **address, begins_now="")
    clock.set_everywhere(clock.now() + timedelta(minutes=2))
    again = await browser.get("/join/annual")
    assert ASKED in again.words
    person = await join_members.person()
    session = session_of(await browser.submit(again, "/join/annual", begins_now="on"))
    assert await answers() == [(False, "GB", False), (True, "GB", False)]
    await kiln.pay(session)
    await kiln.work()
    kiln.later(days=1)
    await withdraws(browser)
    (one,) = await withdrawals.to_do()
    assert one.person_id == person and one.sums is not None and one.sums.asked and one.sums.asked.is_wanted
    assert one.sums.back < one.sums.paid


async def test_a_gift_is_asked_about_when_it_is_redeemed(shop: Shop) -> None:
    await setting_rows.change({"withdrawal_page": "on"}, by=None)
    staff, gift = await with_one_gift(shop)
    buyer = await database.fetch_value("SELECT p.email FROM gift_membership g JOIN person p ON p.id = g.buyer")
    fee = await withdrawal_sums.of_gift(gift, at=clock.now())
    assert fee is not None and fee.back == fee.paid and fee.asked is None
    theo = await people.customer("theo@kiln.test", name="Theo")
    await addresses.add(theo.id, **ADDRESS)
    browser = await shop.signed_in("theo@kiln.test")
    code = gift_codes.code_of(await gift_memberships.by_id(gift))
    page = await browser.get(f"/gifts/redeem?code={code}")
    assert ASKED in page.words and "I pay for" not in page.words, "whoever redeems it has paid nothing"
    await browser.submit(page, "/gifts/redeem", begins_now="on")
    assert await answers() == [(True, "AT", True)]
    clock.set_everywhere(clock.now() + timedelta(days=10))
    sums = await withdrawal_sums.of_gift(gift, at=clock.now())
    assert sums is not None and sums.back < sums.paid and sums.days == 10
    anybody = shop.browser()
    second = await anybody.submit(
        await anybody.get(HERE), HERE, name="Noor", about="membership", number="Gift", email=buyer
    )
    await anybody.submit(second, f"{HERE}/confirm")
    assert "The gift membership bought on" in (await listed(staff)).words
