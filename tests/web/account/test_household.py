"""Sharing a membership: offering seats, taking one by the letter's link, leaving."""

import re
from datetime import timedelta

from components.foundation import clock, database
from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from tests.support import join_members, make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop


async def maya(shop: Shop, seats: int = 1) -> Browser:
    plan = await make_plans.club()
    await plans.set_terms(plan.id, plans.PlanTerms(seats=seats), by=None)
    return await join_members.joins(shop, plan)


async def link() -> str:
    text = await people.letter("seat_offered")
    found = re.search(r"/household/\S+", text)
    assert found is not None
    return found.group()


async def test_a_seat_is_offered_by_letter_and_taken_signed_in(shop: Shop) -> None:
    browser = await maya(shop)
    page = await browser.get("/account/household")
    assert "You can invite 1 more" in page.words
    after = await browser.submit(page, "/account/household", email="theo@kiln.test")
    assert "Invitation sent to theo@kiln.test" in after.alerts() and "Invited" in after.words
    await shop.catch_up()
    address = await link()
    guest = shop.browser()
    assert "Maya has invited you to share Annual" in (await guest.get(address)).words
    assert (await guest.post(address)).status == 401
    await people.customer("theo@kiln.test", name="Theo")
    theo = await shop.signed_in("theo@kiln.test")
    taken = await theo.submit(await theo.get(address), address)
    assert "You’ve joined" in taken.alerts() and "Shared by Maya" in taken.words
    assert "Joined" in (await browser.get("/account/household")).words
    assert (await theo.get(address)).path == "/account/membership" and (await guest.get(address)).status == 409
    left = await theo.submit(taken, "/account/household/leaving")
    assert "left the shared membership" in left.alerts() and "10% off" not in left.words


async def test_what_cannot_be_offered_is_refused_at_the_field(shop: Shop) -> None:
    browser = await maya(shop)
    page = await browser.get("/account/household")
    for email, words in (
        ("", "“E-mail” is required."),
        ("theo", "Enter an e-mail address like"),
        (join_members.MAYA, "Invitations are for other people"),
    ):
        refused = await browser.submit(page, "/account/household", email=email)
        assert refused.status == 422 and words in refused.words
    await browser.submit(page, "/account/household", email="theo@kiln.test")
    full = await browser.post("/account/household", {"email": "iris@kiln.test"})
    assert full.status == 422 and "already invited as many people as your plan allows" in full.words


async def test_a_wrong_link_is_unknown_and_a_seat_taken_back_is_gone(shop: Shop) -> None:
    browser = await maya(shop)
    after = await browser.submit(await browser.get("/account/household"), "/account/household", email="theo@kiln.test")
    await shop.catch_up()
    address = await link()
    assert (await browser.get(address[:-3] + "abc")).status == 404
    seat = address.split("/")[2]
    await browser.submit(after, f"/account/household/{seat}/removal")
    assert (await browser.get(address)).status == 409


async def test_nobody_takes_back_the_seats_of_another_household(shop: Shop) -> None:
    browser = await maya(shop)
    await browser.submit(await browser.get("/account/household"), "/account/household", email="theo@kiln.test")
    await people.customer("noor@kiln.test")
    noor = await shop.signed_in("noor@kiln.test")
    seat = await database.fetch_value("SELECT id FROM seat")
    assert "couldn’t find this invitation" in (await noor.post(f"/account/household/{seat}/removal")).alerts()
    assert await database.fetch_value("SELECT ended_at FROM seat") is None
    assert "Your membership can’t be shared" in (await noor.get("/account/household")).alerts()


async def test_who_pays_for_a_plan_of_their_own_is_told_that_it_goes_on(shop: Shop) -> None:
    browser = await maya(shop)
    theo = await join_members.joins(shop, plan_catalogue.by_slug("annual"), email="theo@kiln.test")
    await join_members.until(shop, clock.now() + timedelta(hours=2))
    await browser.submit(await browser.get("/account/household"), "/account/household", email="theo@kiln.test")
    await shop.catch_up()
    address = await link()
    alone, offer = await theo.get("/account/membership"), await theo.get(address)
    assert "Your own Annual goes on and renews until you cancel it." in offer.words
    taken = await theo.submit(offer, address)
    assert "Maya also shares Annual with you. Your own Annual renews until you cancel it." in taken.words
    assert taken.words.count("Since ") == alone.words.count("Since ") > 0, "each benefit once"
    left = await theo.submit(taken, "/account/household/leaving")
    assert "left the shared membership" in left.alerts() and "also shares" not in left.words


async def test_a_guest_who_buys_a_plan_too_reads_of_both(shop: Shop) -> None:
    browser = await maya(shop)
    await browser.submit(await browser.get("/account/household"), "/account/household", email="theo@kiln.test")
    await shop.catch_up()
    await people.customer("theo@kiln.test", name="Theo")
    theo = await shop.signed_in("theo@kiln.test")
    await theo.submit(await theo.get(address := await link()), address)
    await join_members.until(shop, clock.now() + timedelta(hours=2))
    await make_plans.club(price=450, interval="month", slug="own")
    await shop.pay(await theo.submit(await theo.get("/join/own"), "/join/own"))
    await shop.catch_up()
    assert "Own is active" in (await theo.get("/account/membership/welcome")).words
    page = await theo.get("/account/membership")
    assert "Maya also shares Annual with you." in page.words and "Next charge £4.50" in page.words
    page = await theo.get("/account/membership/cancellation")
    assert "Benefits of Own until 1 April 2027" in page.words and "Benefits that end" not in page.words
