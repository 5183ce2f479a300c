"""The shop as anyone at any time: what each persona sees around every boundary, and that a preview only looks."""

from datetime import datetime, timedelta

import pytest
from itsdangerous import base64_decode, base64_encode

from components.content import article_editing
from components.content.article_editing import Draft
from components.foundation import clock, database
from components.memberships.editing import plan_benefits
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.people import addresses
from tests.support import fill_basket, make_plans, make_products, people
from tests.support.cells import every_cell
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
CANARY = "the kiln sang all night"


@pytest.fixture
async def iris(shop: Shop) -> Browser:
    await fill_basket.ways()
    await make_plans.club()
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def looks(browser: Browser, who: str, at: datetime | None = None, **more: str) -> Page:
    given = {"who": who, "plan": "annual" if who in ("member", "grace") else "", **more}
    if at is not None:
        given["at"] = local(at)
    return await browser.post("/staff/preview", given)


def local(at: datetime) -> str:
    """In March the shop's own clocks show UTC."""
    return at.strftime("%Y-%m-%dT%H:%M:%S")


@pytest.mark.parametrize(
    ("who", "price"),
    [("guest", "24.00"), ("customer", "24.00"), ("lapsed", "24.00"), ("member", "21.60"), ("grace", "21.60")],
)
async def test_each_persona_sees_her_own_price(iris: Browser, who: str, price: str) -> None:
    await make_products.product("Moon mug", price=2400)
    page = await looks(iris, who)
    assert "Previewing as" in page.words and page.status == 200
    shown = await iris.get("/products/moon-mug")
    assert f'"price":"{price}"' in shown.text.replace(" ", "")
    assert shown.headers["cache-control"] == "private, no-store" and "etag" not in shown.headers


@pytest.mark.parametrize(("who", "opens"), [("guest", 72 * HOUR), ("member", timedelta(0)), ("lapsed", 72 * HOUR)])
@pytest.mark.parametrize("beside", [-SECOND, timedelta(0), SECOND])
async def test_a_release_opens_to_each_at_her_own_second(
    iris: Browser, at: datetime, who: str, opens: timedelta, beside: timedelta
) -> None:
    early = at + 10 * DAY
    await make_products.product("Comet jug", public_from=early + 72 * HOUR)
    await looks(iris, who, early + opens + beside, since=local(at) if who == "member" else "")
    for address in ("/products/comet-jug", "/products"):
        page = await iris.get(address)
        if address == "/products/comet-jug":
            assert ("InStock" in page.text) is (beside >= timedelta(0)), (who, beside)
        assert "Previewing as" in page.words


@pytest.mark.parametrize("beside", [-SECOND, timedelta(0), SECOND])
async def test_a_drip_opens_so_many_days_after_she_joined(iris: Browser, at: datetime, beside: timedelta) -> None:
    await article(drip_days=10)
    await looks(iris, "member", at + 10 * DAY + beside, since=local(at))
    page = await iris.get("/journal/night-firing")
    assert (CANARY in page.words) is (beside >= timedelta(0))
    feed = await iris.get("/feed.xml")
    assert (CANARY in feed.text) is (beside >= timedelta(0)) and feed.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("who", "reads"), [("guest", False), ("customer", False), ("lapsed", False), ("member", True), ("grace", True)]
)
async def test_gated_words_are_read_by_those_who_may(iris: Browser, who: str, reads: bool) -> None:
    await article()
    await looks(iris, who)
    assert (CANARY in (await iris.get("/journal/night-firing")).words) is reads


async def test_a_persons_past_is_previewed_from_her_rows(iris: Browser, at: datetime) -> None:
    maya, plan = await people.customer("maya@kiln.test", name="Maya"), promised()
    await make_products.product("Moon mug", price=2400)
    await complimentary.grant(maya.id, plan, until=at + 5 * DAY, by=maya.id)
    for instant, price in (
        (at - SECOND, "24.00"),
        (at, "21.60"),
        (at + 5 * DAY - SECOND, "21.60"),
        (at + 5 * DAY, "24.00"),
    ):
        page = await looks(iris, "person", instant, email="maya@kiln.test")
        assert "Previewing as Maya" in page.words
        assert f'"price":"{price}"' in (await iris.get("/products/moon-mug")).text.replace(" ", ""), instant


async def test_a_benefit_that_changes_on_a_day_to_come_is_seen_on_that_day(iris: Browser, at: datetime) -> None:
    plan = promised()
    price = next(one for one in plan.benefits if one.kind == "member_price")
    await make_products.product("Moon mug", price=2400)
    clock.set_everywhere(at + 5 * DAY)
    await plan_benefits.change_benefit(
        price.id, name="20% off", answers={**make_plans.TENTH_OFF, "percent": 2000}, by=None
    )
    for instant, expected in ((at + 5 * DAY - SECOND, "21.60"), (at + 5 * DAY, "19.20")):
        await looks(iris, "member", instant, since=local(at))
        assert f'"price":"{expected}"' in (await iris.get("/products/moon-mug")).text.replace(" ", "")


async def test_nothing_can_be_changed_or_bought(shop: Shop, iris: Browser) -> None:
    mug = await make_products.product("Moon mug", price=2400)
    variant = str(mug.variants[0].id)
    before = await rows()
    await looks(iris, "member")
    refused = ("/basket/coupon", f"/basket/lines/{variant}x", "/basket/lines", "/checkout", "/join/annual",
               "/account/details", "/sign-in", "/staff/plans/annual/price", "/offline-payments/pay/cs_1")  # fmt: skip
    for address in refused:
        page = await iris.post(address, {"variant": variant, "quantity": "1"})
        assert page.status == 403 and "End the preview to do this." in page.words, address
        assert "End preview" in page.words
    part = await iris.post_for_part("/checkout", {"variant": variant, "quantity": "1"})
    assert part.status == 403 and "<html" not in part.text and "End the preview to do this." in part.words
    assert part.headers["hx-retarget"] == "#notices"
    closed = ("/checkout", "/account", "/account/orders", "/orders/x", "/sign-in", "/gifts/bought/x", "/household/x")
    for address in closed:
        assert (await iris.get(address)).status == 403, address
    for address in ("/", "/sitemap.xml", "/feed.xml", "/products", "/nothing-here"):
        assert (await iris.get(address)).headers["cache-control"] == "private, no-store", address
    assert await rows() == before


@pytest.mark.parametrize(("who", "price"), [("guest", "£24.00"), ("member", "£21.60"), ("person", "£21.60")])
async def test_the_basket_of_a_preview_shows_their_prices_and_lies_in_no_row(
    iris: Browser, at: datetime, who: str, price: str
) -> None:
    mug = await make_products.product("Moon mug", price=2400, on_hand=3)
    variant = str(mug.variants[0].id)
    await iris.post("/basket", {"variant": variant, "quantity": "1"})
    await maya(at)
    before = await rows()
    await looks(iris, who, email="maya@kiln.test" if who == "person" else "")
    assert "Your basket is empty" in (await iris.get("/basket")).words
    page = await iris.post("/basket", {"variant": variant, "quantity": "2"})
    assert page.status == 200 and "is in the preview basket" in page.alerts()
    basket = await iris.get("/basket")
    assert price in basket.words and "can’t be ordered" in basket.words and "Go to checkout" not in basket.words
    assert basket.headers["cache-control"] == "private, no-store"
    assert "on this basket with" in basket.words or who != "guest"
    more = await iris.post(f"/basket/lines/{variant}", {"quantity": "9"})
    assert "Only 3 left." in more.alerts()
    part = await iris.post_for_part(f"/basket/lines/{variant}", {"quantity": "1"})
    assert part.status == 200 and price in part.words
    assert "Moon mug" in (await iris.get("/basket")).words
    assert (await iris.get("/checkout")).status == 403 and (await iris.post("/checkout", {})).status == 403
    assert "empty" in (await iris.post(f"/basket/lines/{variant}/removal")).words
    assert await rows() == before
    await iris.post("/staff/preview/end")
    assert "Moon mug" in (await iris.get("/basket")).words, "her own basket is as it was"


async def test_what_is_not_sold_to_them_does_not_go_into_the_basket(iris: Browser, at: datetime) -> None:
    jug = await make_products.product("Comet jug", price=2400, public_from=at + 10 * DAY)
    put = {"variant": str(jug.variants[0].id), "quantity": "1"}
    await looks(iris, "guest", at + 8 * DAY)
    assert "preview basket" not in (await iris.post("/basket", put)).alerts()
    await looks(iris, "member", at + 8 * DAY, since=local(at))
    assert "preview basket" in (await iris.post("/basket", put)).alerts()


async def test_the_account_of_somebody_in_particular_is_read_and_no_more(iris: Browser, at: datetime) -> None:
    await maya(at)
    before = await rows()
    await looks(iris, "person", email="maya@kiln.test")
    for room in ("", "/membership", "/savings", "/credit", "/gifts", "/orders"):
        page = await iris.get(f"/account{room}")
        assert page.status == 200 and "Previewing as" in page.words, room
        assert page.headers["cache-control"] == "private, no-store"
        assert "Mill Lane" not in page.text and "/account/addresses" not in page.text
    assert (await iris.get("/account/membership?session_id=cs_1")).status == 200, "nothing is asked of Stripe"
    shut = ("/account/addresses", "/account/details", "/account/privacy", "/account/sessions", "/account/orders/K-1",
            "/account/membership/welcome", "/account/membership/cancellation")  # fmt: skip
    for address in shut:
        assert (await iris.get(address)).status == 403, address
    for address in ("/account/membership/card", "/account/details", "/account/orders/K-1/again", "/account"):
        assert (await iris.post(address, {})).status == 403, address
    await looks(iris, "member")
    page = await iris.get("/account/membership")
    assert page.status == 403 and "preview as a specific customer" in page.words
    assert await rows() == before


async def test_staff_keep_their_rooms_and_leave_when_they_like(iris: Browser) -> None:
    await make_products.product("Moon mug", price=2400)
    await looks(iris, "guest")
    assert (await iris.get("/staff/members")).status == 200
    assert "You are previewing the shop as" in (await iris.get("/staff/preview")).words
    assert "Sign in" in (await iris.get("/")).words
    left = await iris.post("/staff/preview/end")
    assert "Preview ended." in left.alerts() and "Previewing as" not in left.words
    home = await iris.get("/")
    assert "Previewing as" not in home.words and "Account" in home.words


async def test_a_preview_is_written_down(iris: Browser) -> None:
    await looks(iris, "lapsed")
    row = await database.fetch_one("SELECT what, subject_id, after FROM audit_entry WHERE subject = 'preview'")
    assert row is not None and row["what"] == "preview started" and "has ended" in row["after"]


async def test_a_preview_ends_after_an_hour(iris: Browser, at: datetime) -> None:
    await looks(iris, "guest")
    clock.set_everywhere(at + HOUR - SECOND)
    assert "Previewing as" in (await iris.get("/")).words
    clock.set_everywhere(at + HOUR)
    assert "Previewing as" not in (await iris.get("/")).words


async def test_a_forged_or_borrowed_cookie_is_nothing(shop: Shop, iris: Browser) -> None:
    await make_products.product("Moon mug", price=2400)
    await looks(iris, "member")
    cookie = iris.client.cookies["preview"]
    body, _, signature = cookie.rpartition(".")
    raw = base64_decode(body)
    forged = f"{base64_encode(raw.replace(b'annual', b'annuaI')).decode()}.{signature}"
    assert b"annual" in raw and forged != cookie
    cut = cookie[:-8]
    await people.owner("ida@kiln.test")
    await people.staff("sam@kiln.test", ["members"])
    await people.customer("noor@kiln.test")
    for email in ("ida@kiln.test", "sam@kiln.test", "noor@kiln.test"):
        other = await shop.signed_in(email)
        other.client.cookies.set("preview", cookie)
        assert "Previewing as" not in (await other.get("/products/moon-mug")).words, email
    guest = shop.browser()
    guest.client.cookies.set("preview", cookie)
    page = await guest.get("/products/moon-mug")
    assert "Previewing as" not in page.words and '"price":"24.00"' in page.text.replace(" ", "")
    for wrong in (forged, cut, "x", "=", "é", ""):
        iris.client.cookies.delete("preview")
        page = await iris.get("/", headers={"cookie": f"{own(iris)}; preview={wrong}".encode()})
        assert page.status == 200 and "Previewing as" not in page.words, wrong


async def test_who_loses_the_permission_loses_the_preview(shop: Shop, iris: Browser) -> None:
    await people.staff("sam@kiln.test", ["members"])
    sam = await shop.signed_in("sam@kiln.test")
    await looks(sam, "member")
    assert "Previewing as" in (await sam.get("/")).words
    await database.execute("UPDATE operator SET permissions = '{orders}' WHERE role = 'staff'")
    assert "Previewing as" not in (await sam.get("/")).words
    assert (await sam.get("/staff/preview")).status == 403


async def test_guests_never_get_what_was_drawn_for_a_preview(shop: Shop, iris: Browser, at: datetime) -> None:
    await make_products.product("Comet jug", price=2400, public_from=at + 10 * DAY)
    guest = shop.browser()
    before = (await guest.get("/products")).text
    await looks(iris, "member", at + 8 * DAY, since=local(at))
    assert "£21.60" in (await iris.get("/products")).words
    after = await guest.get("/products")
    assert after.text == before and "£21.60" not in after.prices()


@every_cell(
    ("given", "words"),
    [
        ({"who": "member", "plan": ""}, "Choose a plan."),
        ({"who": "member", "plan": "gold"}, "Choose one of the options listed."),
        ({"who": "person", "email": ""}, "Enter the customer’s e-mail address."),
        ({"who": "person", "email": "nobody@kiln.test"}, "There is no account with this e-mail address."),
        ({"who": "member", "plan": "annual", "at": "1999-01-01T10:00"}, "This plan didn’t exist at that time."),
        ({"who": "member", "plan": "annual", "since": "2099-01-01T10:00"}, "must not be before the date of joining"),
        ({"who": "free"}, "no free plan"),
        ({"who": "guest", "at": "soon"}, "Choose a date and time, like"),
    ],
)
async def test_a_wish_that_cannot_be_is_refused_at_its_field(iris: Browser, given: dict[str, str], words: str) -> None:
    page = await iris.post("/staff/preview", given)
    assert page.status == 422 and words in page.words
    assert "preview" not in iris.client.cookies


async def article(*, drip_days: int = 0) -> None:
    draft = Draft(
        title="Night firing",
        slug="night-firing",
        teaser="A teaser.",
        body=CANARY,
        gate="members",
        drip_days=drip_days,
        published_at=clock.now() - DAY,
    )
    await article_editing.create(draft, by=None)


async def maya(at: datetime) -> None:
    person = await people.customer("maya@kiln.test", name="Maya")
    await addresses.add(person.id, name="Maya", line1="4 Mill Lane", city="Leeds", postcode="LS1 4AB", country="GB")
    await complimentary.grant(person.id, promised(), until=at + 50 * DAY, by=person.id)


def promised() -> PlanView:
    return plan_catalogue.by_slug("annual")


async def rows() -> list[tuple[str, int]]:
    tables = ("basket_line", "orders", "subscription", "membership", "checkout_session", "plan_version", "person")
    return [(one, await database.fetch_value(f"SELECT count(*) FROM {one}")) for one in tables]


def own(browser: Browser) -> str:
    return "; ".join(f"{name}={value}" for name, value in browser.client.cookies.items() if name != "preview")
