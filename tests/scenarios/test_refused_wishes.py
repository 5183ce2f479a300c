"""A wish that is refused after its member was told to wait: act by act, what they then read by page and e-mail."""

from datetime import timedelta

import pytest

from components.foundation import clock, database
from components.payments.billing_requests import refused_wishes, request_completion, request_kinds
from tests.scenarios.conftest import Kiln
from tests.scenarios.test_42_43_55_56_not_known_yet import HERE, act, member, settled
from tests.scenarios.test_what_waiting_says import iris
from tests.support import join_members
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.support.slow_bank import loses_answers, refuses

UNDONE = "This did not go through: your membership is as it was, and nothing was charged. You can try again."
TOLD = {
    "pause": ("move_renewal", f"Your pause didn’t go through. {UNDONE}", "wish_refused"),
    "resume": ("move_back", f"Ending your pause didn’t go through. {UNDONE}", "wish_refused"),
    "price": ("price_now", "Your change of plan didn’t go through.", "wish_refused"),
    "keep": ("keep", "Taking back your cancellation didn’t go through.", "wish_refused"),
    "cancel": ("cancel", "Your cancellation didn’t go through.", "cancellation_refused"),
}
"""Of each act: what was asked of Stripe, the words of the page, and the e-mail."""


async def wishes(browser: Browser, what: str) -> Page:
    if what == "keep":
        return await browser.post(f"{HERE}/cancellation/withdrawal")
    return await act(browser, what)


async def waiting(shop: Shop, browser: Browser, what: str) -> Page:
    """What it takes has been done before; then nothing reaches Stripe, and its member is told to wait."""
    if before := {"resume": "pause", "keep": "cancel"}.get(what):
        await act(browser, before)
        await shop.catch_up()
        clock.set_everywhere(clock.now() + timedelta(days=1))
        await database.execute("DELETE FROM email")
    asked = await browser.get(f"{HERE}/plan/annual") if what == "price" else None
    with loses_answers(shop, "/v1/subscriptions", arrives=False):
        page = await (browser.submit(asked, f"{HERE}/plan/annual") if asked else wishes(browser, what))
        assert page.path.startswith("/account/waiting"), page.words
        assert (await browser.get(page.path)).heading != "That didn’t go through"
    return page


async def refused(shop: Shop) -> None:
    clock.set_everywhere(clock.now() + timedelta(minutes=6))
    with refuses(shop, "/v1/subscriptions"):
        await request_completion.settle_due()
        await settled(shop)


async def letters() -> list[str]:
    found = "SELECT template || ': ' || text FROM email WHERE template LIKE '%refused' ORDER BY id"
    return [" ".join(one.split()) for one in await database.fetch_values(found)]


@pytest.mark.parametrize("what", list(TOLD))
async def test_a_late_refusal_is_told_until_it_is_read(shop: Shop, kiln: Kiln, what: str) -> None:
    kind, words, template = TOLD[what]
    browser = await member(shop, kiln)
    page = await waiting(shop, browser, what)
    await refused(shop)
    (asked,) = await database.fetch("SELECT kind, outcome FROM billing_request WHERE id::text = $1", page.path[-36:])
    assert (asked["kind"], asked["outcome"]) == (kind, "refused")
    told = await browser.get(HERE)
    assert words in told.words and "We’re waiting for" not in told.words, told.words
    (letter,) = await letters()
    assert letter.startswith(template) and (words in letter or template != "wish_refused"), letter
    assert ("next charge comes on 1 April 2027" in letter) == (what in ("pause", "price", "cancel")), letter
    assert (await browser.get(page.path)).heading == "That didn’t go through"
    assert words not in (await browser.get(HERE)).words
    await refused(shop)
    assert len(await letters()) == 1


@pytest.mark.parametrize("how", ["a day later", "asked again"])
async def test_it_is_not_told_for_ever(shop: Shop, kiln: Kiln, how: str) -> None:
    browser = await member(shop, kiln)
    await waiting(shop, browser, "pause")
    await refused(shop)
    if how == "asked again":
        assert "on hold until" in (await act(browser, "pause")).words
    else:
        clock.set_everywhere(clock.now() + timedelta(days=1, minutes=1))
    assert "didn’t go through" not in (await browser.get(HERE)).words


async def test_what_staff_asked_for_is_not_told_to_the_member(shop: Shop, kiln: Kiln) -> None:
    browser = await member(shop, kiln)
    staff, theirs = await iris(shop)
    shown = await staff.get(f"{theirs}/cancellation")
    with loses_answers(shop, "/v1/subscriptions", arrives=False):
        page = await staff.submit(shown, f"{theirs}/cancellation")
        assert page.path.startswith("/account/waiting"), page.words
    await refused(shop)
    assert await database.fetch_values("SELECT outcome FROM billing_request") == ["refused"]
    assert "didn’t go through" not in (await browser.get(HERE)).words and await letters() == []


async def test_a_wish_that_was_done_late_is_told_of_by_its_page_alone(shop: Shop, kiln: Kiln) -> None:
    browser = await member(shop, kiln)
    page = await waiting(shop, browser, "pause")
    clock.set_everywhere(clock.now() + timedelta(minutes=6))
    await request_completion.settle_due()
    await settled(shop)
    assert (await browser.get(page.path)).heading == "Done"
    words = (await browser.get(HERE)).words
    assert "on hold until" in words and "didn’t go through" not in words and await letters() == []
    assert await join_members.subscription()


def test_each_kind_of_request_has_words_for_its_refusal() -> None:
    assert set(refused_wishes.WISHES) == set(request_kinds._KINDS)
