"""Withdrawing from a contract in two steps without signing in: a receipt at once, and nothing told to strangers."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from components.foundation import clock, database, formatting
from components.foundation.shop_settings import setting_rows
from components.messaging import cancellation_notices, mailbox
from components.messaging.notices import settled_withdrawals, withdrawals
from components.orders import fulfilments
from components.people.privacy import erasure
from tests.support import buy_products, join_members, make_plans, make_products, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

HERE = "/withdraw"
TYPED = {"name": "Maya Finch", "about": "order"}
_WITHDRAWN = """
INSERT INTO withdrawal (id, at, name, email, about, number, items, language, outcome)
SELECT gen_random_uuid(), $3::timestamptz + n * interval '1 ms', $2, 'maya@kiln.test', 'order', 'S-1', '', 'en', ''
FROM generate_series(1, $1) n"""
_CANCELLED = """
INSERT INTO cancellation_notice (id, at, name, email, plan, kind, reason, language, outcome)
SELECT gen_random_uuid(), $3::timestamptz + n * interval '1 ms', $2, 'maya@kiln.test', 'Annual', 'ordinary', '', 'en',
  '' FROM generate_series(1, $1) n"""


async def says(browser: Browser, **typed: str) -> Page:
    """Both steps."""
    second = await browser.submit(await browser.get(HERE), HERE, **TYPED | typed)
    assert "Nothing has been sent yet." in second.words, second.alerts()
    return await browser.submit(second, f"{HERE}/confirm")


async def the_order() -> tuple[UUID, str]:
    (row,) = await database.fetch("SELECT id, number FROM orders")
    return row["id"], row["number"]


async def receipt(email: str) -> str:
    (line, *_) = (await mailbox.email_page(template="withdrawal_receipt", to=email)).emails
    return (await mailbox.practice_email(line.id)).text


async def test_of_an_order_in_two_steps_with_a_receipt_and_the_same_words_for_everybody(goods: Shop) -> None:
    await make_products.product(on_hand=5)
    maya = goods.browser()
    thanks = await buy_products.buy(goods, maya, email="maya@kiln.test")
    await goods.catch_up()
    _, number = await the_order()
    guest = goods.browser()
    for country, wanted, is_there in (("GB", "country", False), ("GB", "on", True), ("AT", "country", True)):
        clock.set_everywhere(clock.now() + timedelta(seconds=1))
        await setting_rows.change({"country": country, "withdrawal_page": wanted}, by=None)
        assert (HERE in (await guest.get("/")).links()) is is_there, (country, wanted)
    where = f"{HERE}?order={number}"
    assert where in (await maya.get(thanks.path)).links()
    first = await guest.get(where)
    assert first.form(HERE).given["number"] == number
    wrong = await guest.submit(first, HERE, name="", email="nobody", about="order", number="")
    assert wrong.status == 422 and "“Name” is required." in wrong.alerts()
    second = await guest.submit(first, HERE, **TYPED, email="maya@kiln.test", items="One of the two")
    assert "Nothing has been sent yet." in second.words and await withdrawals.to_do() == ()
    back = await guest.post(f"{HERE}/edit", dict(second.form(f"{HERE}/confirm").given))
    assert back.form(HERE).given["items"] == "One of the two" and back.form(HERE).given["name"] == "Maya Finch"
    done = await guest.submit(second, f"{HERE}/confirm")
    assert done.path.startswith(f"{HERE}/received/") and done.headers["cache-control"] == "private, no-store"
    nobody = await says(guest, email="nobody@example.org", number=number, items="One of the two")
    assert done.words.replace("maya@kiln.test", "…") == nobody.words.replace("nobody@example.org", "…")
    text = await receipt("maya@kiln.test")
    assert formatting.moment(clock.now()) in text and number in text and "One of the two" in text
    assert await receipt("nobody@example.org")
    theirs, strangers = await withdrawals.to_do()
    assert theirs.order is not None and theirs.order.number == number and theirs.until_at is None
    assert strangers.order is None, "the number alone names no order"
    assert (await guest.get(f"{done.path}x")).status == 404
    for _ in range(withdrawals.TO_ONE.most):
        flood = await says(guest, email="nobody@example.org", number="S-1")
    assert flood.status == 429 and "Maya Finch" in flood.words, "nothing is lost"


async def test_staff_see_what_it_is_about_whether_in_time_and_until_when_to_refund(goods: Shop) -> None:
    await make_products.product(on_hand=9)
    await setting_rows.change({"withdrawal_page": "on"}, by=None)
    iris = await people.owner()
    maya, desk = goods.browser(), await goods.signed_in("iris@kiln.test")
    await buy_products.buy(goods, maya, email="maya@kiln.test")
    await goods.catch_up()
    order_id, number = await the_order()
    cells = (
        ("not sent", lambda: None, "it has not been sent yet"),
        ("sent", lambda: fulfilments.ship(order_id, by=iris.id), "the 14 days run until about"),
        ("late", lambda: clock.set_everywhere(clock.now() + timedelta(days=23)), "No: the 14 days were over"),
    )
    for name, happens, words in cells:
        coming = happens()
        if coming is not None:
            await coming
        await goods.catch_up()
        await says(maya, email="maya@kiln.test", number=number.lower())
        assert "withdrawal from a contract received" in (await desk.get("/staff")).words
        listed = await desk.get("/staff/withdrawals")
        by, is_late = formatting.day(clock.now() + timedelta(days=14)), name == "late"
        assert words in listed.words and (f"Refund by {by}" in listed.words) is not is_late, name
        assert ("Nothing has to be: it came too late." in listed.words) is is_late, name
        assert ("delivery included" in listed.words) is not is_late, "no sum that need not be refunded"
        assert f"/staff/orders/{number}" in listed.links()
        (one,) = await withdrawals.to_do()
        after = await desk.submit(listed, f"/staff/withdrawals/{one.withdrawal.id}/refused")
        assert "Nothing waits." in after.words, name
    assert "withdrawal from a contract" not in (await desk.get("/staff")).words
    assert await database.fetch_values("SELECT outcome FROM withdrawal") == ["refused"] * 3


async def test_a_withdrawn_order_says_so_wherever_staff_could_send_it(goods: Shop) -> None:
    await make_products.product(on_hand=9)
    await setting_rows.change({"withdrawal_page": "on"}, by=None)
    iris = await people.owner()
    maya, desk = goods.browser(), await goods.signed_in("iris@kiln.test")
    await buy_products.buy(goods, maya, email="maya@kiln.test")
    await goods.catch_up()
    _, number = await the_order()
    where = f"/staff/orders/{number}"
    for email, is_theirs in (("stranger@example.org", False), ("maya@kiln.test", True)):
        await says(maya, email=email, number=f" {number.lower()} ", items="The blue one")
        home, listed, shown = [await desk.get(path) for path in ("/staff", "/staff/orders", where)]
        assert ("withdrawn from, don’t send: 1" in home.words) is is_theirs, email
        assert ("Unfulfilled Withdrawn" in listed.words) is is_theirs, email
        said = ("Don’t send what was", "View the withdrawal", "The customer withdrew from the contract", "The blue one")
        assert [words in shown.words for words in said] == [is_theirs] * 4, email
        assert "/staff/withdrawals" in shown.links(), "the menu has it"
    for outcome, stays in (("done", True), ("refused", False)):
        for one in await withdrawals.to_do():
            await settled_withdrawals.settle(one.withdrawal.id, outcome=outcome, by=iris.id, anyway=True)
        home, listed, shown = [await desk.get(path) for path in ("/staff", "/staff/orders", where)]
        assert ("withdrawn from, don’t send: 1" in home.words) is stays, "what was refunded is not sent either"
        assert ("It was marked as refunded" in shown.words) is stays, outcome
        assert f"Withdrawal marked as {'seen to' if stays else 'refused'}" in shown.words
        if stays:
            for row in await settled_withdrawals.settled():
                await settled_withdrawals.reopen(row.id, by=iris.id)
    assert "withdrawn from" not in home.words and "Unfulfilled Withdrawn" not in listed.words
    assert "Don’t send" not in shown.words


async def test_an_order_keeps_the_days_to_return_that_were_promised_with_it(goods: Shop) -> None:
    await make_products.product(on_hand=9)
    maya, told = goods.browser(), "You can return anything within 30 days."
    thanks = await buy_products.buy(goods, maya, email="maya@kiln.test")
    await goods.catch_up()
    assert told in (await maya.get(thanks.path)).words
    await setting_rows.change({"return_days": "14"}, by=None)
    assert told in (await maya.get(thanks.path)).words
    earlier = await buy_products.the_order()
    assert earlier.days_to_return == 30
    later = await buy_products.buy(goods, goods.browser(), email="noor@kiln.test")
    assert "You can return anything within 14 days." in later.words
    await database.execute("UPDATE orders SET return_days = NULL")
    assert "within 14 days." in (await maya.get(thanks.path)).words, "where nobody said it"


async def test_of_a_membership_it_counts_from_joining_and_erasing_leaves_only_that_it_was_said(shop: Shop) -> None:
    await join_members.joins(shop, await make_plans.club())
    guest = shop.browser()
    await says(guest, email=join_members.MAYA, about="membership", number="Annual")
    (one,) = await withdrawals.to_do()
    assert one.subscription is not None and one.days == 14 and not one.is_late
    assert one.refund_by == one.withdrawal.at + timedelta(days=14)
    noor = await people.customer("noor@kiln.test")
    await database.execute("DELETE FROM withdrawal")
    await says(guest, email=noor.email, number="S-1", items="All")
    await erasure.erase(noor.id)
    await shop.catch_up()
    (row,) = await database.fetch("SELECT name, email, number, items, at FROM withdrawal")
    assert [row[part] for part in ("name", "email", "number", "items")] == [""] * 4 and row["at"] is not None
    await database.execute("UPDATE withdrawal SET email = 'a@example.com', settled_at = at, outcome = 'done'")
    await withdrawals.forget_old()
    assert await database.fetch_value("SELECT email FROM withdrawal") == "a@example.com"
    clock.set_everywhere(clock.now() + withdrawals.KEPT + timedelta(days=1))
    await withdrawals.forget_old()
    assert await database.fetch_value("SELECT email FROM withdrawal") == ""


async def test_strangers_who_use_up_an_address_do_not_keep_its_owner_from_withdrawing(goods: Shop) -> None:
    await people.customer("maya@kiln.test")
    stranger, maya = goods.browser(), await goods.signed_in("maya@kiln.test")
    for _ in range(withdrawals.TO_ONE.most + 1):
        flood = await says(stranger, email="maya@kiln.test", number="S-1")
    assert flood.status == 429
    own = await says(maya, email="maya@kiln.test", number="S-1")
    assert own.path.startswith(f"{HERE}/received/"), own.alerts()
    clock.set_everywhere(clock.now() + withdrawals.FROM_ONE.within)  # what came from this connection is over
    others = await says(maya, email="noor@kiln.test", number="S-1")
    assert others.path.startswith(f"{HERE}/received/")
    for _ in range(withdrawals.TO_ONE.most):
        others = await says(maya, email="noor@kiln.test", number="S-1")
    assert others.status == 429, "being signed in is no way to write to somebody else"


@pytest.mark.parametrize(("where", "made"), [("/staff/withdrawals", _WITHDRAWN), ("/staff/cancellations", _CANCELLED)])
async def test_a_flood_hides_nothing_from_staff(shop: Shop, where: str, made: str) -> None:
    await people.owner()
    desk = await shop.signed_in("iris@kiln.test")
    await database.execute(made, withdrawals.A_PAGE, "Nobody", clock.now())
    await database.execute(made, 1, "Maya Finch", clock.now() + timedelta(seconds=1))
    assert withdrawals.A_PAGE == cancellation_notices.A_PAGE
    first = await desk.get(where)
    assert "Maya Finch" not in first.words and first.text.count('class="panel stack"') == withdrawals.A_PAGE
    assert f"{where}?page=2" in first.links()
    second = await desk.get(f"{where}?page=2")
    assert "Maya Finch" in second.words and "Nobody" not in second.words


LINKS = "Win at https://evil.example/x or www.evil.example, ask me@evil.example"
"""In fields that a stranger has the shop send to anybody."""


@pytest.mark.parametrize(
    ("where", "template", "typed"),
    [
        (HERE, "withdrawal_receipt", {"about": "order", "number": LINKS, "items": LINKS}),
        ("/cancel-membership", "cancellation_notice", {"plan": LINKS, "kind": "ordinary", "reason": LINKS}),
    ],
)
async def test_what_strangers_type_becomes_no_link_in_the_mailbox_of_others(
    shop: Shop, where: str, template: str, typed: dict[str, str]
) -> None:
    guest = shop.browser()
    page = await guest.submit(await guest.get(where), where, name=LINKS, email="noor@kiln.test", **typed)
    page = await guest.submit(page, f"{HERE}/confirm") if where == HERE else page
    assert "/received/" in page.path and LINKS in page.words, page.alerts()
    (line,) = (await mailbox.email_page(template=template)).emails
    sent = await mailbox.practice_email(line.id)
    for said in (sent.text, sent.html):
        assert said.replace("\u2060", "").count(LINKS) == 3
        assert not re.search(r"://evil|\.example|@evil", said)
