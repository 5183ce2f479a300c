"""Joining, as a person does it: by links and plain forms, without script."""

import asyncio

import pytest

from components.foundation import database
from components.memberships.editing import plan_benefits, plans
from components.memberships.entitlements import entitlements
from components.memberships.invariants import invariants
from components.memberships.plans import plan_catalogue
from tests.support import fill_basket, join_members, make_plans, make_products, people
from tests.support.shops import Shop


@pytest.fixture
async def club(shop: Shop) -> Shop:
    await fill_basket.ways()
    await make_plans.club()
    return shop


async def test_a_new_person_joins_with_one_field_and_is_a_member_at_once(club: Shop) -> None:
    await make_products.product()
    guest = club.browser()
    before = await guest.get("/products/moon-mug")
    assert "24.00" in before.prices() and "21.60" in before.prices()
    page = await guest.get("/join/annual")
    assert "£39.00 today" in page.words and "This includes £6.50 VAT." in page.words
    asked = await guest.submit(page, "/join/annual", email="maya@example.org")
    assert await database.fetch("SELECT FROM person") == [], "an account before the e-mail was read"
    page = await people.enters_code(club, guest, asked)
    assert page.path == "/join/annual" and "maya@example.org is confirmed" in page.alerts()
    checkout_session = await guest.submit(page, "/join/annual")
    assert "/offline-payments" in checkout_session.path, checkout_session.words
    assert "39.00" in checkout_session.text
    outcome = await club.pay(checkout_session)
    welcome = await guest.get(outcome.url)
    assert welcome.heading == "Welcome to the Kiln Club"
    product = await guest.get("/products/moon-mug")
    assert product.prices()[0] == "21.60" and "no-store" in product.headers["cache-control"]
    await club.catch_up()
    assert "Member since 1 March 2027" in (await guest.get("/account/membership")).words
    assert await invariants() == []


async def test_a_known_e_mail_gets_a_code_too_and_is_led_back(club: Shop) -> None:
    await people.customer("maya@kiln.test")
    guest = club.browser()
    asked = await guest.submit(await guest.get("/join/annual"), "/join/annual", email="Maya@kiln.test")
    assert "/join/annual" in asked.links(), "no way to try another e-mail"
    page = await people.enters_code(club, guest, asked)
    assert page.path == "/join/annual" and "You’re joining as maya@kiln.test" in page.words
    assert await database.fetch("SELECT FROM subscription") == []
    assert await database.fetch_value("SELECT count(*) FROM person") == 1


async def test_without_an_e_mail_the_field_says_so(club: Shop) -> None:
    guest = club.browser()
    page = await guest.submit(await guest.get("/join/annual"), "/join/annual", email="")
    assert page.status == 422 and "“E-mail” is required." in page.words


async def test_a_double_click_opens_one_page(club: Shop) -> None:
    await people.customer("maya@kiln.test")
    browser = await club.signed_in("maya@kiln.test")
    pages = await asyncio.gather(*(browser.post("/join/annual", {}) for _ in range(4)))
    assert len({page.path for page in pages}) == 1
    assert await database.fetch_value("SELECT count(*) FROM subscription") == 1


async def test_a_second_subscription_is_refused(club: Shop) -> None:
    browser = await join_members.joins(club, plan_catalogue.by_slug("annual"))
    page = await browser.post("/join/annual", {})
    assert page.path == "/account/membership" and "no need to pay for a second one" in page.alerts()
    assert "You’re already a member" in (await browser.get("/join/annual")).words
    assert await database.fetch_value("SELECT count(*) FROM subscription") == 1


async def test_another_plan_chosen_before_paying_closes_the_first_page(club: Shop) -> None:
    await plans.create(slug="monthly", name="Monthly", summary="", price=400, interval="month", by=None)
    await people.customer("maya@kiln.test")
    browser = await club.signed_in("maya@kiln.test")
    first = await browser.post("/join/annual", {})
    second = await browser.post("/join/monthly", {})
    assert first.path != second.path
    assert (await club.pay(first)).state == "declined"
    assert (await club.pay(second)).state == "done"
    await club.catch_up()
    row = await join_members.subscription()
    assert row["status"] == "active" and row["plan_version"] == plan_catalogue.by_slug("monthly").version_id


async def test_a_changed_price_is_shown_before_anything_is_paid(club: Shop) -> None:
    await people.customer("maya@kiln.test")
    browser = await club.signed_in("maya@kiln.test")
    page = await browser.get("/join/annual")
    await plans.revise(plan_catalogue.by_slug("annual").id, price=4500, by=None)
    again = await browser.submit(page, "/join/annual")
    assert again.status == 422 and "it is now £45.00 a year" in again.words
    checkout_session = await browser.submit(again, "/join/annual")
    assert "45.00" in checkout_session.text


async def test_15_somebody_elses_payment_page_is_unknown(club: Shop) -> None:
    await people.customer("maya@kiln.test")
    await people.customer("noor@kiln.test")
    maya, noor = await club.signed_in("maya@kiln.test"), await club.signed_in("noor@kiln.test")
    checkout_session = await maya.post("/join/annual", {})
    outcome = await club.pay(checkout_session)
    assert (await noor.get(outcome.url)).status == 404
    assert (await noor.get("/account/membership/welcome?session_id=cs_test_none")).status == 404
    assert not (await entitlements.for_person(await join_members.person("noor@kiln.test"))).is_member


async def test_2_and_4_the_webhook_alone_makes_her_a_member(club: Shop) -> None:
    await people.customer("maya@kiln.test")
    maya = await club.signed_in("maya@kiln.test")
    await club.pay(await maya.post("/join/annual", {}))
    await club.catch_up()
    assert (await entitlements.for_person(await join_members.person())).is_member
    assert await invariants() == []


async def test_3_the_page_she_returns_to_settles_itself_before_any_webhook(club: Shop) -> None:
    await people.customer("maya@kiln.test")
    maya = await club.signed_in("maya@kiln.test")
    outcome = await club.pay(await maya.post("/join/annual", {}))
    assert (await maya.get(outcome.url)).heading == "Welcome to the Kiln Club"
    assert (await entitlements.for_person(await join_members.person())).is_member


async def test_35_a_first_payment_left_unfinished_never_gives_access(club: Shop) -> None:
    await people.customer("maya@kiln.test")
    maya = await club.signed_in("maya@kiln.test")
    checkout_session = await maya.post("/join/annual", {})
    assert (await club.pay(checkout_session, card="4000000000000002")).state == "declined"
    page = await maya.get("/account/membership/welcome")
    assert page.heading == "You haven’t finished joining", "Stripe’s event of the decline has not come yet"
    assert "If your card was declined, nothing has been taken" in page.words
    seen = await maya.get("/account/membership")
    assert "We're waiting" not in seen.words and "You haven't finished joining Annual" in seen.words
    assert checkout_session.path in " ".join(seen.links()), "the payment page is still open"
    await club.catch_up()
    for address in ("/account/membership/welcome", "/account/membership", "/account"):
        assert "Your card was declined" in (await maya.get(address)).words
    seen = await maya.get("/account/membership")
    assert "nothing has been taken" in seen.words and "You haven't finished" not in seen.words
    assert checkout_session.path in " ".join(seen.links()), "another card can be used there"
    assert not (await entitlements.for_person(await join_members.person())).plans
    assert await database.fetch("SELECT FROM membership") == []


async def test_the_free_tier_asks_for_no_card(club: Shop) -> None:
    await make_plans.free_tier()
    guest = club.browser()
    asked = await guest.submit(await guest.get("/join/friend"), "/join/friend", email="theo@example.org")
    welcome = await guest.submit(await people.enters_code(club, guest, asked), "/join/friend")
    assert welcome.path == "/account/membership/welcome" and "Friend is active." in welcome.words
    assert "See the plans" in (await guest.get("/account/membership")).words


async def test_whoever_pays_for_a_plan_is_not_offered_the_free_one(club: Shop) -> None:
    await make_plans.free_tier()
    assert "Join for free" in (await club.browser().get("/join")).words
    maya = await join_members.joins(club, plan_catalogue.by_slug("annual"))
    page = await maya.get("/join")
    assert "Your plan" in page.words and "Join for free" not in page.words


async def test_the_plan_page_says_honestly_what_it_would_save_on_this_basket(club: Shop) -> None:
    await make_products.product(price=2400, on_hand=50)
    guest = club.browser()
    await guest.submit(await guest.get("/products/moon-mug"), "/basket", quantity="1")
    page = await guest.get("/join")
    assert "Don’t join yet: this basket would save you £6.35, and the fee is £39.00." in page.words
    assert "It pays for itself with 7 baskets like this one a year" in page.words
    await guest.post("/basket", {"variant": page_variant(await guest.get("/products/moon-mug")), "quantity": "19"})
    assert "Join now: this basket alone saves £48.00" in (await guest.get("/join")).words


def page_variant(page: object) -> str:
    return str(page.form("/basket").given["variant"])  # type: ignore[attr-defined]


async def test_head_starts_of_plans_are_compared_in_one_row(shop: Shop) -> None:
    """The longer of two counts, and each plan's limit stands with that plan."""
    for slug, starts in (("annual", ((72, None), (48, None))), ("monthly", ((72, 2),)), ("friend", ((24, 1),))):
        plan_id = await plans.create(slug=slug, name=slug.title(), summary="", price=900, interval="year", by=None)
        for place, (hours, most) in enumerate(starts):
            answers = {"hours": hours, "most": most, **make_plans.EVERYTHING}
            start = await make_plans.benefit("early_access", f"{hours} hours", **answers)
            await plan_benefits.attach(plan_id, start, by=None, position=place)
    words = (await shop.browser().get("/join")).words
    assert "Shop new products early 3 days 1 day, up to 1 of each 3 days, up to 2 of each" in words


async def test_a_single_plan_is_compared_with_nothing(shop: Shop) -> None:
    plan_id = await plans.create(slug="club", name="Members’ Club", summary="", price=900, interval="year", by=None)
    starts = await make_plans.benefit("early_access", "Two days", hours=48, most=None, **make_plans.EVERYTHING)
    await plan_benefits.attach(plan_id, starts, by=None, position=0)
    words = (await shop.browser().get("/join")).words
    assert "2 days early" in words and "Compare plans" not in words
