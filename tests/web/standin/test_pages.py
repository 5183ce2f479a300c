"""The pages people see, without script; every page is looked over by the test's browser."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.pages import Browser, Page
from tests.web.standin.desk import CHALLENGED_ALWAYS, DECLINED, GOOD, SHOP, Desk
from web.standin.pages import rendering

FILLED = {"email": "maya@kiln.test", "action": "pay"}


@pytest.fixture
async def browser(desk: Desk) -> AsyncIterator[Browser]:
    opened = Browser(desk.standin.pages)
    yield opened
    await opened.close()


def path(session: Any) -> str:
    return str(session.url).removeprefix(SHOP)


async def sent(browser: Browser, address: str, **fields: str) -> Any:
    """The answer itself, redirect not followed."""
    return await browser.client.post(address, data=fields, follow_redirects=False)


async def test_the_page_shows_what_is_bought_and_takes_a_card(desk: Desk, browser: Browser) -> None:
    session = await desk.session((await desk.price(500), 1), (2500, 2), cancel_url=f"{SHOP}/basket")
    page = await browser.get(path(session))
    assert page.heading == "£55.00"
    assert "Kiln Club £5.00 every month" in page.words
    assert "2 × Moon mug £50.00" in page.words
    assert "Offline payments." in page.words
    assert "stripe" not in page.text.lower()
    assert f"{SHOP}/basket" in page.links()
    form = page.form(path(session))
    answer = await sent(browser, path(session), **{**form.given, **FILLED})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{SHOP}/done?session_id={session.id}")
    assert (await desk.v1.checkout.sessions.retrieve_async(session.id)).status == "complete"


async def test_goods_beside_a_trial_name_what_is_due_today_and_what_follows(desk: Desk, browser: Browser) -> None:
    session = await desk.session((await desk.price(500), 1), (2500, 2), subscription_data={"trial_period_days": 14})
    page = await browser.get(path(session))
    assert page.heading == "£50.00" and "14 days free, then £5.00 per month from" in page.words
    assert "Kiln Club £5.00 every month 14 days free" in page.words and "Total due today £50.00" in page.words
    assert "Start trial" in page.words and "Subscribe" not in page.words


async def test_a_declined_card_keeps_the_page_open_and_what_was_typed(desk: Desk, browser: Browser) -> None:
    session = await desk.session((2500, 1), mode="payment")
    page = await browser.post(
        path(session), {**FILLED, "number": "4000 0000 0000 0002", "expiry": "12/34", "cvc": "123"}
    )
    assert page.status == 402
    assert page.alerts() == "Your card was declined."
    assert page.form(path(session)).given["email"] == "maya@kiln.test"


async def test_one_click_pays_with_a_test_card(desk: Desk, browser: Browser) -> None:
    session = await desk.session((2500, 1), mode="payment", customer_email="maya@kiln.test")
    given = (await browser.get(path(session))).form(path(session)).given
    assert (await sent(browser, path(session), **given, use=DECLINED)).status_code == 402
    assert (await sent(browser, path(session), **given, use=GOOD)).status_code == 303


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": "maya"}, "Enter an e-mail address"),
        ({"number": "4111 1111 1111 1111"}, "Only the test cards listed here"),
        ({"expiry": "13/34"}, "Enter the month and year"),
        ({"expiry": "02/27"}, "in the past"),
        ({"cvc": "12"}, "three- or four-digit security code"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    desk: Desk, browser: Browser, typed: dict[str, str], words: str
) -> None:
    session = await desk.session((2500, 1), mode="payment")
    good = {**FILLED, "number": GOOD, "expiry": "03/27", "cvc": "123"}
    page = await browser.post(path(session), good | typed)
    assert page.status == 422
    (field,) = [each for each in page.tree.iter("input") if each.get("aria-invalid")]
    assert words in "".join(page.tree.find(f".//*[@id='{field.get('aria-describedby')}']").itertext())  # type: ignore[union-attr]
    assert field.get("name") == next(iter(typed))


async def test_the_bank_asks(desk: Desk, browser: Browser) -> None:
    session = await desk.session((2500, 1), mode="payment", customer_email="maya@kiln.test")
    given = (await browser.get(path(session))).form(path(session)).given
    page = await browser.post(path(session), {**given, "use": CHALLENGED_ALWAYS})
    assert page.heading == "Confirm it’s you"
    refused = await browser.post(page.path, {"answer": "fail"})
    assert "unable to authenticate" in refused.alerts()
    await browser.post(path(session), {**given, "use": CHALLENGED_ALWAYS})
    answer = await sent(browser, page.path, answer="pass")
    assert answer.headers["location"].startswith(f"{SHOP}/done")
    assert (await browser.get(page.path)).status == 410


async def test_an_expired_page_says_so(desk: Desk, browser: Browser) -> None:
    session = await desk.session((2500, 1), mode="payment", cancel_url=f"{SHOP}/basket")
    desk.advance(days=1)
    page = await browser.get(path(session))
    assert (page.status, page.heading) == (410, "This payment page has expired")
    assert f"{SHOP}/basket" in page.links()
    assert (await browser.post(path(session), FILLED)).status == 409


async def test_a_promotion_code_is_typed_on_the_page(desk: Desk, browser: Browser) -> None:
    await desk.v1.coupons.create_async({"id": "TEN", "percent_off": 10})
    await desk.v1.promotion_codes.create_async({"promotion": {"type": "coupon", "coupon": "TEN"}, "code": "SPRING"})
    session = await desk.session((2500, 1), mode="payment", allow_promotion_codes=True)
    assert "Apply" in (await browser.get(path(session))).words
    wrong = await browser.post(path(session), {"code": "AUTUMN", "action": "apply"})
    assert (wrong.status, "This code is invalid." in wrong.words) == (422, True)
    right = await browser.post(path(session), {"code": "spring", "action": "apply"})
    assert right.heading == "£22.50"


async def test_the_billing_page(desk: Desk, browser: Browser) -> None:
    subscription = await desk.joined(await desk.price(1000))
    portal = await desk.v1.billing_portal.sessions.create_async(
        {"customer": subscription.customer, "return_url": f"{SHOP}/account"}
    )
    here = str(portal.url).removeprefix(SHOP)
    page = await browser.get(here)
    assert "Kiln Club £10.00 every month active" in page.words
    page = await browser.submit(page, f"{here}/cancellation")
    assert "Ends on 1 Apr 2027" in page.words
    assert (await desk.again(subscription)).cancel_at_period_end
    page = await browser.submit(page, f"{here}/continuation")
    assert not (await desk.again(subscription)).cancel_at_period_end
    page = await browser.post(f"{here}/card", {"use": "4000000000000341"})
    assert "Ending in 0341" in page.words
    method = (await desk.again(subscription)).default_payment_method
    assert (await desk.v1.payment_methods.retrieve_async(method)).card.last4 == "0341"
    assert (await browser.post(f"{here}/card", {"use": DECLINED})).status == 422


async def test_somebody_elses_subscription_is_not_in_reach(desk: Desk, browser: Browser) -> None:
    mine, other = await desk.joined(await desk.price(1000)), await desk.joined(await desk.price(1000))
    portal = await desk.v1.billing_portal.sessions.create_async({"customer": mine.customer, "return_url": SHOP})
    address = str(portal.url).removeprefix(SHOP) + "/cancellation"
    assert (await browser.post(address, {"subscription": other.id})).status == 404
    assert not (await desk.again(other)).cancel_at_period_end


CONTROL = "/offline-payments/control"


async def control(browser: Browser, action: str, **fields: str) -> Page:
    return await browser.post(f"{CONTROL}/{action}", fields)


async def test_the_clock_is_moved(desk: Desk, browser: Browser) -> None:
    subscription = await desk.joined(await desk.price(1000))
    page = await control(browser, "clock", step="day")
    assert "2 Mar 2027, 12:00 UTC . That is 1 day ahead of the real time." in page.words
    page = await control(browser, "clock", step="renewal")
    assert "It is 1 Apr 2027, 13:01 UTC" in page.words
    assert [each.status for each in await desk.invoices(subscription)] == ["paid", "paid"]
    page = await control(browser, "clock", step="month")
    assert "It is 1 May 2027, 13:01 UTC" in page.words
    assert (await control(browser, "clock", step="year")).status == 422


async def test_events_disputes_and_faults(desk: Desk, browser: Browser) -> None:
    session, _ = await desk.bought(2500)
    page = await browser.get(CONTROL)
    assert "6 webhooks are waiting." in page.words
    await desk.delivered()
    assert "delivered (200)" in (await browser.get(CONTROL)).words
    page = await browser.submit(page, f"{CONTROL}/dispute")
    assert "£25.00 of " in page.words and "general: needs response by " in page.words
    await control(browser, "verdict", **page.form(f"{CONTROL}/verdict").given, verdict="won")
    (dispute,) = (await desk.v1.disputes.list_async({"payment_intent": session.payment_intent})).data
    assert dispute.status == "won"
    assert "charge.dispute.funds_reinstated" in await desk.delivered()
    page = await control(browser, "fault", kind="duplicate", times="2")
    assert "Deliver an event twice: 2 left" in page.words
    assert (await control(browser, "fault", kind="nonsense", times="2")).status == 422


async def test_a_fee_to_dispute_is_found_among_the_fees_by_whose_it_is(desk: Desk, browser: Browser) -> None:
    await desk.bought(2500)
    await desk.joined(await desk.price(450))
    page = await browser.get(CONTROL)
    groups = {
        group.get("label"): [option.text or "" for option in group.iter("option")]
        for group in page.tree.iter("optgroup")
    }
    (fee,), (order,) = groups["Membership fees"], groups["Orders and other payments"]
    assert fee.strip().startswith("£4.50, ") and "@" in fee and order.strip().startswith("£25.00, ")


@pytest.mark.parametrize(
    "address", ["/offline-payments/pay/cs_none", "/offline-payments/portal/x", "/offline-payments/x"]
)
async def test_what_is_not_there_is_404(browser: Browser, address: str) -> None:
    assert (await browser.get(address)).status == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "kiln.shop"}, 403),
        ({"host": "127.0.0.1:8000"}, 303),
        ({"host": "[::1]:8000"}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)
async def test_only_at_home_and_not_at_another_sites_bidding(
    browser: Browser, headers: dict[str, str], status: int
) -> None:
    answer = await browser.client.post(
        f"{CONTROL}/clock", data={"step": "hour"}, headers=headers, follow_redirects=False
    )
    assert answer.status_code == status


async def test_the_stylesheet_is_a_file_of_its_own(browser: Browser) -> None:
    page = await browser.get(CONTROL)
    (link,) = [each for each in page.tree.iter("link") if each.get("rel") == "stylesheet"]
    answer = await browser.client.get(link.get("href", ""))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert rendering.stylesheet_name() in link.get("href", "")
    assert "style=" not in page.text
    assert "<script" not in page.text
