"""Stripe cannot be reached: where it is certain that nothing was charged that is said, and nowhere else."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock, database
from components.memberships.billing.states import pause_lengths
from components.payments.payment_refusals import PageUnavailable, StripeKeyRefused, StripeUnavailable
from components.payments.timeouts import request_time
from tests.scenarios.test_owing import GOOD, charged, failing
from tests.support import agreed_dates, join_members, make_plans, patience, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from web.account.membership.pausing import pause_forms
from web.standin.http import faults
from web.standin.http.faults import Kind

HERE = "/account/membership"
CERTAIN = "so nothing was charged by this attempt. Please try again in a minute."
NOT_KNOWN = "so we don’t know yet whether this went through."
NO_PAGE = "so no payment was taken by this attempt"


@pytest.fixture
async def member(shop: Shop) -> Browser:
    """A member by the month, of a shop with a dearer plan."""
    browser = await join_members.member(shop, price=450, interval="month", slug="monthly")
    await make_plans.club(price=3900, interval="year", slug="annual")
    return browser


async def act(browser: Browser, what: str) -> Page:
    if what == "pause":
        return await browser.post(f"{HERE}/pause", agreed_dates.pause_now())
    if what == "cancel":
        return await browser.post(f"{HERE}/cancellation", {"reason": "other"})
    if what == "card":
        return await browser.post(f"{HERE}/card", {})
    if what == "retry":
        return await browser.post(f"/staff/members/{await join_members.person()}/payment", {"due": "450"})
    return await browser.get(f"{HERE}/plan/annual")


@pytest.mark.parametrize("fault", ["rate_limit", "unavailable"])
async def test_what_did_nothing_says_that_nothing_was_charged(shop: Shop, member: Browser, fault: Kind) -> None:
    """429 comes before anything is carried out. A 503 may come after it, so only what reads is certain then."""
    said = {"plan": CERTAIN, "card": NO_PAGE}
    if fault == "rate_limit":
        said |= {"pause": CERTAIN, "cancel": CERTAIN}
    shop.stand_in.fault(fault, times=1000)
    with patience.of(reads=0.1, per_read=0.1, writes=0.1, first_pause=0.02):
        told = {what: (await act(member, what)).words for what in said}
    shop.stand_in.fault(fault, times=0)
    assert [what for what, words in told.items() if said[what] not in words] == [], told
    assert await charged() == [450]


@pytest.mark.parametrize("what", ["pause", "cancel"])
async def test_what_may_have_been_carried_out_does_not(shop: Shop, member: Browser, what: str) -> None:
    shop.stand_in.fault("unavailable", times=1000)
    with patience.of(reads=0.2, per_read=0.1, writes=0.1, first_pause=0.02):
        page = await act(member, what)
    shop.stand_in.fault("unavailable", times=0)
    assert "charged by this attempt" not in page.words and "nothing was charged" not in page.words.lower()


async def test_a_payment_that_was_made_is_not_unsaid_because_it_cannot_be_read_again(shop: Shop) -> None:
    browser = await failing(shop)
    await people.staff("jonas@kiln.test", permissions=["members"])
    staff = await shop.signed_in("jonas@kiln.test")
    outage = await _during_an_outage(shop, staff)
    assert CERTAIN in outage.alerts() and await charged() == [450]
    with shop.stand_in.engine.changing() as books:
        for method in books.find("payment_method"):
            method["_"]["number"] = GOOD
    clock.set_everywhere(clock.now() + timedelta(minutes=2))
    shop.stand_in.fault("slow", amount=0.5)
    with patience.of(reads=0.4, per_read=0.4, answer=2.0, grace=2.0):
        page = await act(staff, "retry")
    assert page.alerts().strip() == "£4.50 went through. The membership is active again."
    await shop.catch_up()
    assert await charged() == [450, 450]
    assert "didn't go through" not in (await browser.get(HERE)).words


async def _during_an_outage(shop: Shop, staff: Browser) -> Page:
    shop.stand_in.fault("rate_limit", times=1000)
    with patience.of(reads=0.1, per_read=0.1, writes=0.1, first_pause=0.02):
        page = await act(staff, "retry")
    shop.stand_in.fault("rate_limit", times=0)
    return page


def refuses_all_but_the_first_change(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stripe makes one change and answers what is read; each change after it is turned away."""
    known = {"is_change": False, "was_made": False}

    def strikes(connection: object, kind: Kind) -> float | None:
        if kind in ("silent", "slow"):  # the stand-in asks the second of changes only
            known["is_change"] = kind == "slow"
        known["was_made"] |= kind == "error_after_commit" and known["is_change"]
        return 0.0 if kind == "rate_limit" and known["was_made"] and known["is_change"] else None

    for kind in ("silent", "slow", "rate_limit", "error_after_commit"):
        shop.stand_in.fault(kind, times=1000)  # type: ignore[arg-type]
    monkeypatch.setattr(faults, "strikes", strikes)


async def test_a_change_that_was_made_before_the_outage_is_not_denied(
    shop: Shop, member: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelling drops a planned pause in the same request. Who presses second waits for it, too."""
    paid_until: Any = (await join_members.subscription())["current_period_end"]
    until = pause_forms.local_day(pause_lengths.end_of(paid_until, 1)).isoformat()
    planned = await member.post(f"{HERE}/pause", {"start": pause_forms.AT_THE_END, "months": "1", "until": until})
    assert "Your pause is planned" in planned.alerts()
    await shop.catch_up()
    await people.owner()
    iris, theirs = await shop.signed_in("iris@kiln.test"), f"/staff/members/{await join_members.person()}/cancellation"
    shown = await member.get(f"{HERE}/cancellation"), await iris.get(theirs)
    refuses_all_but_the_first_change(shop, monkeypatch)
    with patience.of(reads=0.3, per_read=0.3, writes=0.1, first_pause=0.02):
        told = await asyncio.gather(member.submit(shown[0], f"{HERE}/cancellation"), iris.submit(shown[1], theirs))
    for page in told:  # one wish is one request, and both wait for its answer
        assert page.path.startswith("/account/waiting/"), (page.path, page.words[:600])
        assert page.heading.startswith(("We’re waiting", "We’re still"))


async def test_whether_a_new_card_was_saved_is_not_known_either(shop: Shop, member: Browser) -> None:
    outcome = await shop.pay(await act(member, "card"), GOOD)
    shop.stand_in.fault("unavailable", times=1000)
    with patience.of(reads=0.1, per_read=0.1):
        page = await member.get(outcome.url)  # type: ignore[arg-type]
    shop.stand_in.fault("unavailable", times=0)
    assert "We don’t know yet whether your new card was saved." in page.alerts()
    assert await database.fetch_value("SELECT count(*) FROM checkout_session WHERE purpose = 'card'") == 1


def test_a_request_claims_what_it_knows_and_a_job_claims_nothing() -> None:
    def told() -> tuple[str, str, str]:
        return str(StripeUnavailable()), str(StripeKeyRefused()), str(PageUnavailable())

    assert told()[0].endswith("at the moment. Please try again in a minute.")
    with request_time.timeouts():
        plain, key, page = told()
        assert CERTAIN in plain and key.endswith("You have not been charged.") and NO_PAGE in page
        with request_time.own_time():
            request_time.note_change()
        plain, key, page = told()
        assert NOT_KNOWN in plain and NOT_KNOWN in key and NO_PAGE in page
    with request_time.timeouts():
        assert CERTAIN in told()[0], "the next request begins anew"
