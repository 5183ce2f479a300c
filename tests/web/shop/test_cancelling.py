"""Cancelling a membership without signing in (§ 312k BGB): a receipt for everybody, and nothing told to strangers."""

import re
from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock, database, formatting
from components.foundation.shop_settings import setting_rows
from components.memberships.billing import subscriptions
from components.memberships.plans import plan_catalogue
from components.messaging import cancellation_notices, mailbox
from components.people.privacy import erasure
from tests.support import join_members, make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop

HERE = "/cancel-membership"
TYPED = {"name": "Maya Finch", "plan": "Annual", "kind": "ordinary"}


@pytest.fixture
async def german(goods: Shop) -> Shop:
    await make_plans.club()
    await setting_rows.change({"country": "DE", "shop_languages": "de"}, by=None)
    return goods


async def _member(shop: Shop) -> Browser:
    return await join_members.joins(shop, plan_catalogue.by_slug("annual"), email="maya@kiln.test")


async def said(shop: Shop, email: str, **typed: Any) -> str:
    """Declared by a stranger; what the page then says, without the address."""
    browser = shop.browser()
    page = await browser.submit(await browser.get(HERE), HERE, email=email, **TYPED, **typed)
    assert page.path.startswith(f"{HERE}/received/"), page.alerts()
    return page.words.replace(email, "…")


async def receipt(email: str) -> tuple[str, str]:
    """Its text, and the link in it, "" without one."""
    (line, *_) = (await mailbox.email_page(template="cancellation_notice", to=email)).emails
    text = (await mailbox.practice_email(line.id)).text
    link = re.search(r"(/cancel-membership/confirm/\S+)", text)
    return text, link[1] if link else ""


async def test_the_link_is_at_the_foot_of_german_shops_and_where_it_is_wanted(goods: Shop) -> None:
    guest = goods.browser()
    cells = (("GB", "country", False), ("GB", "on", True), ("DE", "country", True))
    for country, wanted, _is_there in cells:
        await setting_rows.change({"country": country, "cancel_page": wanted, "shop_languages": "de"}, by=None)
        assert HERE not in (await guest.get("/")).links(), "no membership is sold"
    await make_plans.club()
    for country, wanted, is_there in cells:
        clock.set_everywhere(clock.now() + timedelta(seconds=1))
        await setting_rows.change({"country": country, "cancel_page": wanted}, by=None)
        assert (HERE in (await guest.get("/")).links()) is is_there, (country, wanted)
    await setting_rows.change({"country": "GB", "cancel_page": "country"}, by=None)
    assert "Verträge hier kündigen" in (await guest.get("/de/")).words, "whoever reads German may be protected by it"
    form = (await guest.get(f"/de{HERE}")).text
    assert re.search(r"<button[^>]*>jetzt kündigen</button>", form)


async def test_strangers_learn_nothing_and_everybody_has_a_receipt(german: Shop) -> None:
    await _member(german)
    of_member, of_nobody = await said(german, "maya@kiln.test"), await said(german, "nobody@example.org")
    assert of_member == of_nobody
    assert formatting.moment(clock.now()) in of_member
    text, link = await receipt("nobody@example.org")
    assert "Maya Finch" in text and "the earliest possible date" in text and not link
    assert (await receipt("maya@kiln.test"))[1]
    running = await database.fetch_value("SELECT cancel_at FROM subscription")
    assert running is None, "a stranger’s word alone ends nothing"
    iris_sees = await cancellation_notices.to_do()
    assert [one.person_id is not None for one in iris_sees] == [True, False]


async def test_whoever_reads_the_members_e_mail_ends_it_and_nobody_else(german: Shop) -> None:
    maya = await _member(german)
    await said(german, "maya@kiln.test")
    _, link = await receipt("maya@kiln.test")
    somebody = german.browser()
    asked = await somebody.get(link)
    assert "Cancel your membership?" in asked.words and "You keep your benefits until then" in asked.words
    assert (await somebody.get(f"{link}x")).status == 404
    done = await somebody.submit(asked, link)
    assert "Your membership is cancelled" in done.words
    (row,) = await database.fetch("SELECT cancel_at, payer FROM subscription")
    assert row["cancel_at"] is not None
    assert await cancellation_notices.to_do() == ()
    assert (await somebody.get(link)).status == 410, "it works once"
    await german.catch_up()
    assert (await mailbox.email_page(template="cancellation_receipt")).emails
    assert formatting.day(row["cancel_at"]) in (await maya.get("/account/membership")).words


@pytest.mark.parametrize(
    ("typed", "is_linked"),
    [
        ({"wanted_on": "2028-01-05"}, True),
        ({"wanted_on": "2040-01-05"}, False),
        ({"kind": "extraordinary", "reason": "Never delivered"}, False),
    ],
)
async def test_what_needs_judging_waits_for_staff(german: Shop, typed: dict[str, str], is_linked: bool) -> None:
    await _member(german)
    browser = german.browser()
    page = await browser.submit(await browser.get(HERE), HERE, **TYPED | {"email": "maya@kiln.test"} | typed)
    assert page.path.startswith(f"{HERE}/received/"), page.alerts()
    assert bool((await receipt("maya@kiln.test"))[1]) is is_linked
    await people.owner()
    iris = await german.signed_in("iris@kiln.test")
    assert "cancellation received without signing in" in (await iris.get("/staff")).words
    listed = await iris.get("/staff/cancellations")
    (waiting,) = await cancellation_notices.to_do()
    assert "Maya Finch" in listed.words and f"/staff/members/{waiting.person_id}" in listed.links()
    after = await iris.submit(listed, f"/staff/cancellations/{waiting.notice.id}")
    assert "Nothing waits." in after.words and "without signing in" not in (await iris.get("/staff")).words


async def test_of_somebody_signed_in_it_is_carried_out_at_once(german: Shop) -> None:
    maya, stranger = await _member(german), german.browser()
    page = await maya.get(HERE)
    assert page.form(HERE).given["email"] == "maya@kiln.test"
    await maya.submit(page, HERE)
    person = await database.fetch_value("SELECT payer FROM subscription")
    running = await subscriptions.running(person)
    assert running is not None and running.cancel_at is not None and await cancellation_notices.to_do() == ()
    text, link = await receipt("maya@kiln.test")
    assert "is cancelled and ends on" in text and not link
    for _ in range(cancellation_notices.TO_ONE.most + 1):  # which does not keep her from cancelling
        flood = await stranger.submit(await stranger.get(HERE), HERE, **{**TYPED, "email": "maya@kiln.test"})
    assert flood.status == 429
    again = await maya.submit(await maya.get(HERE), HERE)
    assert again.path.startswith(f"{HERE}/received/"), "said twice it is received twice, and ends nothing more"


async def test_what_lacks_is_said_and_floods_are_stopped(german: Shop) -> None:
    guest = german.browser()
    page = await guest.get(HERE)
    wrong = await guest.submit(page, HERE, name="", email="nobody", plan="", kind="extraordinary")
    assert wrong.status == 422 and "“Name” is required." in wrong.alerts() and "important reason" in wrong.alerts()
    for _ in range(cancellation_notices.TO_ONE.most):
        receipt_page = await guest.submit(page, HERE, email="noor@example.org", **TYPED)
        kept = receipt_page.headers["cache-control"]
        assert kept == "private, no-store" and "etag" not in receipt_page.headers, "a page of theirs"
    flood = await guest.submit(page, HERE, email="noor@example.org", **TYPED)
    assert flood.status == 429 and flood.form(HERE).given["name"] == "Maya Finch"


async def test_of_somebody_without_an_account_only_that_it_was_said_stays_in_the_end(german: Shop) -> None:
    await said(german, "noor@example.org")
    await said(german, "maya@example.org")
    await database.execute("UPDATE cancellation_notice SET settled_at = at, outcome = 'staff' WHERE email ~ 'noor'")
    await cancellation_notices.forget_old()
    clock.set_everywhere(clock.now() + cancellation_notices.KEPT + timedelta(days=1))
    assert await database.fetch_value("SELECT count(*) FROM cancellation_notice WHERE email <> ''") == 2
    await cancellation_notices.forget_old()
    assert await database.fetch_values("SELECT email FROM cancellation_notice ORDER BY email") == [
        "",
        "maya@example.org",
    ]


async def test_an_erased_member_leaves_only_that_it_was_said(german: Shop) -> None:
    person = await people.customer("noor@kiln.test")
    await said(german, "noor@kiln.test")
    await erasure.erase(person.id)
    await german.catch_up()
    (row,) = await database.fetch("SELECT name, email, reason, at FROM cancellation_notice")
    assert (row["name"], row["email"], row["reason"]) == ("", "", "") and row["at"] is not None
