"""A member pays an order in one step with the card on file: charged once or not at all, and told the truth."""

import asyncio
import contextvars
from typing import Any

import pytest

from components.foundation import clock, database
from components.payments import reconcile, stripe_connection
from tests.scenarios.conftest import HOME, Kiln, session_of
from tests.support import join_members
from tests.support.pages import Browser, Page
from tests.support.slow_bank import loses_answers

ADDRESS = {name: value for name, value in HOME.items() if name != "email"}
CHALLENGED = "4000002760003184"
FAILS_LATER = "4000000000000341"


async def member(kiln: Kiln) -> Browser:
    return await join_members.joins(kiln.shop, kiln.monthly)


async def press(browser: Browser, page: Page, **typed: Any) -> Page:
    """Press the button that names the card."""
    pressed = {button.get("name"): button.get("value") for button in page.tree.iter("button") if button.get("name")}
    assert "card" in pressed, page.words
    return await browser.submit(page, "/checkout", **ADDRESS, card=pressed["card"], **typed)


async def charges(kiln: Kiln) -> list[int]:
    """What the bank has taken for orders."""
    with kiln.stand_in.engine.store.reading() as books:
        rows = books.execute(
            "SELECT json_extract(body, '$.amount_received') FROM objects WHERE kind = 'payment_intent'"
            " AND json_extract(body, '$.metadata.purpose') = 'order' AND json_extract(body, '$.amount_received') > 0"
        ).fetchall()
    return [row[0] for row in rows]


async def sold_once(kiln: Kiln) -> None:
    await kiln.work()
    (order,) = await kiln.orders()
    assert order["is_paid"] and order["cancelled_at"] is None
    assert await charges(kiln) == [order["total"]]
    assert await kiln.stock() == (4, 0) and await kiln.sales() == 1
    assert await kiln.letters("confirmation:" + str(order["id"])) == 1
    assert await kiln.broken() == []


async def use_at_bank(kiln: Kiln, number: str) -> None:
    """The bank treats the saved card as this one from now on."""
    with kiln.stand_in.engine.store.changing() as books:
        books.execute(
            "UPDATE objects SET body = json_set(body, '$._.number', ?) WHERE kind = 'payment_method'", (number,)
        )


async def test_a_member_pays_in_one_step_with_the_card_on_file(kiln: Kiln) -> None:
    browser = await member(kiln)
    checkout = await kiln.to_checkout(browser)
    assert "Pay £21.60 with Visa ending 4242" in checkout.words
    page = await press(browser, checkout)
    assert page.heading == "Thank you, Noor." and page.path.startswith("/orders/")
    await sold_once(kiln)
    key = await database.fetch_value("SELECT key FROM checkout_session WHERE charges_card")
    assert key == f"order:{(await kiln.orders())[0]['id']}:card:1"


async def test_nobody_without_a_card_is_offered_to_pay_with_one(kiln: Kiln) -> None:
    guest = await kiln.to_checkout(kiln.shop.browser())
    assert "with Visa" not in guest.words and "Save this card" not in guest.words
    session = session_of(await guest_pays(kiln, guest))
    assert session


async def guest_pays(kiln: Kiln, checkout: Page) -> Page:
    """Somebody else's card cannot be named by a guest."""
    owner = await member(kiln)
    named = await kiln.to_checkout(owner)
    card = next(b.get("value") for b in named.tree.iter("button") if b.get("name") == "card")
    stranger = kiln.shop.browser()
    theirs = await kiln.to_checkout(stranger)
    refused = await stranger.submit(theirs, "/checkout", **HOME, card=card, total_seen="2795")
    assert refused.status == 409 and "saved card has changed" in refused.alerts()
    assert await charges(kiln) == []
    return await stranger.submit(refused, "/checkout", **HOME)


async def test_a_challenge_leads_to_the_payment_page_and_nothing_is_charged_before(kiln: Kiln) -> None:
    browser = await member(kiln)
    checkout = await kiln.to_checkout(browser)
    await use_at_bank(kiln, CHALLENGED)
    session = session_of(await press(browser, checkout))
    assert await charges(kiln) == []
    assert await kiln.pay(session) == "done"
    assert (await kiln.come_back(browser, session)).heading == "Thank you, Noor."
    await sold_once(kiln)


async def test_a_declined_card_costs_nothing_and_another_can_be_used(kiln: Kiln) -> None:
    browser = await member(kiln)
    checkout = await kiln.to_checkout(browser)
    await use_at_bank(kiln, FAILS_LATER)
    page = await press(browser, checkout)
    assert page.heading == "Your saved card wasn’t charged"
    assert "Your card was declined." in page.words and "You haven’t been charged" in page.words
    (order,) = await kiln.orders()
    assert order["cancelled_at"] is None and await kiln.stock() == (5, 1)
    assert "Moon mug" in (await browser.get("/basket")).words
    session = session_of(await browser.submit(page, f"{page.path}/payment"))
    await kiln.pay(session)
    await kiln.come_back(browser, session)
    await sold_once(kiln)


async def test_two_clicks_charge_once(kiln: Kiln) -> None:
    browser = await member(kiln)
    checkout = await kiln.to_checkout(browser)
    pages = await asyncio.gather(*(press(browser, checkout) for _ in range(4)))
    assert {page.path for page in pages} == {pages[0].path}
    await sold_once(kiln)
    again = await press(browser, checkout)
    assert again.heading == "Thank you, Noor."
    await sold_once(kiln)


async def test_a_second_click_that_waited_until_the_first_had_paid_shows_that_order(kiln: Kiln) -> None:
    browser = await member(kiln)
    checkout = await kiln.to_checkout(browser)
    session = session_of(await browser.submit(checkout, "/checkout", **ADDRESS))
    async with database.transaction():
        await database.execute("LOCK TABLE saved_card IN ACCESS EXCLUSIVE MODE")  # read once the basket is
        second = asyncio.create_task(press(browser, checkout), context=contextvars.Context())
        await _somebody_waits()
        await kiln.pay(session)
        await asyncio.create_task(kiln.come_back(browser, session), context=contextvars.Context())
    assert (await second).heading == "Thank you, Noor."
    await sold_once(kiln)


async def _somebody_waits() -> None:
    for _ in range(1000):
        if await database.fetch_value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


async def test_two_tabs_one_with_the_card_and_one_with_the_payment_page_pay_once(kiln: Kiln) -> None:
    browser = await member(kiln)
    first, second = await kiln.to_checkout(browser), await browser.get("/checkout")
    session = session_of(await browser.submit(second, "/checkout", **ADDRESS))
    assert (await press(browser, first)).heading == "Thank you, Noor."
    assert await kiln.pay(session) == "declined"
    await sold_once(kiln)


async def test_two_tabs_the_payment_page_is_paid_before_the_card(kiln: Kiln) -> None:
    browser = await member(kiln)
    first, second = await kiln.to_checkout(browser), await browser.get("/checkout")
    await kiln.pay(session_of(await browser.submit(second, "/checkout", **ADDRESS)))
    await press(browser, first)
    await sold_once(kiln)


async def test_a_basket_changed_meanwhile_is_shown_again_before_the_card_is_charged(kiln: Kiln) -> None:
    browser = await member(kiln)
    checkout = await kiln.to_checkout(browser)
    await browser.submit(await browser.get("/products/moon-mug"), "/basket", quantity="1")
    page = await press(browser, checkout)
    assert page.status == 409 and "Something has changed" in page.alerts()
    assert await charges(kiln) == [] and "Pay £43.20 with Visa" in page.words


async def test_the_card_is_charged_no_other_amount_than_the_button_named(kiln: Kiln) -> None:
    browser = await member(kiln)
    page = await press(browser, await kiln.to_checkout(browser), total_seen="2400")
    assert page.status == 409 and "not the one on the button" in page.alerts()
    assert await charges(kiln) == [] and await kiln.orders() == []


@pytest.mark.parametrize("arrives", [True, False], ids=["the bank took it", "the bank never heard of it"])
async def test_42_while_the_bank_does_not_answer_the_order_waits_and_then_tells_the_truth(
    kiln: Kiln, arrives: bool
) -> None:
    browser = await member(kiln)
    checkout = await kiln.to_checkout(browser)
    with loses_answers(kiln.shop, "/confirm", arrives=arrives):
        page = await press(browser, checkout)
        if not arrives:
            assert page.heading == "We’re asking your bank" and "haven’t been charged" not in page.words
            assert (await press(browser, checkout)).heading == "We’re asking your bank"
            assert "still waiting for your bank" in (await browser.get("/checkout")).words
    kiln.later(minutes=3)
    settled = await browser.get(page.path)
    if arrives:
        assert settled.heading == "Thank you, Noor."
        await sold_once(kiln)
    else:
        assert settled.heading == "Your saved card wasn’t charged" and "You haven’t been charged" in settled.words
        assert await charges(kiln) == [] and len(await kiln.orders()) == 1
        session = session_of(await browser.submit(settled, f"{settled.path}/payment"))
        await kiln.pay(session)
        await sold_once(kiln)


async def test_42_a_browser_that_never_comes_back_is_settled_by_the_hourly_check(kiln: Kiln) -> None:
    browser = await member(kiln)
    checkout = await kiln.to_checkout(browser)
    with loses_answers(kiln.shop, "/confirm"), loses_answers(kiln.shop, "/payment_intents/pi"):
        await press(browser, checkout)
    kiln.later(hours=1)
    await reconcile.lightly()
    await sold_once(kiln)


async def test_06_another_basket_while_the_answer_is_missing_is_not_charged_beside_it(kiln: Kiln) -> None:
    browser = await member(kiln)
    checkout = await kiln.to_checkout(browser)
    with loses_answers(kiln.shop, "/payment_intents/", arrives=False):
        waiting = await press(browser, checkout)
        changed = await kiln.to_checkout(browser, quantity=1)
        page = await press(browser, changed)
        assert page.path == waiting.path and page.heading == "We’re asking your bank"
    assert len(await kiln.orders()) == 1 and await charges(kiln) == []


async def test_a_card_is_kept_for_orders_only_with_consent_and_can_be_removed(kiln: Kiln) -> None:
    await join_members.people.customer("noor@example.org", name="Noor")
    browser = await kiln.shop.signed_in("noor@example.org")
    session = session_of(await browser.submit(await kiln.to_checkout(browser), "/checkout", **ADDRESS))
    await kiln.pay(session)
    await kiln.work()
    checkout = await kiln.to_checkout(browser)
    assert "with Visa" not in checkout.words and "Save this card for next time" in checkout.words
    session = session_of(await browser.submit(checkout, "/checkout", **ADDRESS, saves_card="on"))
    await kiln.pay(session)
    await kiln.work()
    page = await browser.get("/account/saved-card")
    assert "Visa ending 4242" in page.words
    assert "Pay £27.95 with Visa ending 4242" in (await kiln.to_checkout(browser)).words
    gone = await browser.submit(page, "/account/saved-card/removal")
    assert "removed" in gone.alerts() and "Visa ending" not in (await browser.get("/checkout")).words
    await kiln.work()
    with kiln.stand_in.engine.store.reading() as books:
        rows = books.execute("SELECT json_extract(body, '$.customer') FROM objects WHERE kind = 'payment_method'")
        assert None in [row[0] for row in rows]
    assert await kiln.broken() == []


async def test_the_card_of_a_membership_is_not_removed_but_replaced(kiln: Kiln) -> None:
    browser = await member(kiln)
    page = await browser.get("/account/saved-card")
    assert "pays for your membership" in page.words
    refused = await browser.post("/account/saved-card/removal")
    assert "pays for your membership" in refused.alerts()
    assert await database.fetch_value("SELECT count(*) FROM saved_card WHERE removed_at IS NULL") == 1


async def test_an_expired_card_is_not_offered(kiln: Kiln) -> None:
    browser = await member(kiln)
    await database.execute("UPDATE saved_card SET expires_year = $1", clock.now().year - 1)
    assert "with Visa" not in (await kiln.to_checkout(browser)).words


async def test_the_card_of_a_membership_that_has_ended_is_not_offered_without_consent(kiln: Kiln) -> None:
    browser = await member(kiln)
    subscription = await database.fetch_value("SELECT stripe_id FROM mirrored_subscription")
    await stripe_connection.client().v1.subscriptions.cancel_async(str(subscription))
    await kiln.work()
    checkout = await kiln.to_checkout(browser)
    assert "with Visa" not in checkout.words and "Save this card for next time" in checkout.words
