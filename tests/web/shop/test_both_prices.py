"""Two people look at the same shelf: each sees the prices and the doors that are hers, at every instant."""

from datetime import datetime, timedelta

import pytest

from components.catalog.product_details import VariantDetails
from components.catalog.products import variants
from components.catalog.snapshot import snapshot_refresh
from components.catalog.stock import stock
from components.foundation import clock, database, ids
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from components.recommendations import product_pairs
from tests.support import make_plans, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop

SECOND = timedelta(seconds=1)


@pytest.fixture
async def club(shop: Shop) -> Shop:
    """A shop with a club: 10% off everything, three days' head start, a members-only door."""
    await make_plans.club()
    await shop.refresh()
    return shop


async def member(shop: Shop, email: str = "maya@kiln.test", *, until: datetime | None = None) -> Browser:
    person = await people.customer(email, name="Maya")
    await complimentary.grant(person.id, plan_catalogue.by_slug("annual"), until=until, by=people.NOBODY)
    await shop.refresh()
    return await shop.signed_in(email)


async def test_both_prices_are_on_every_card_and_page(club: Shop) -> None:
    await make_products.product("Moon mug", price=2000)
    guest = club.browser()
    for address in ("/", "/products", "/products/moon-mug", "/search?q=moon"):
        assert (await guest.get(address)).prices()[:2] == ["20.00", "18.00"], address


async def test_a_member_sees_her_price_and_a_guest_his_whoever_comes_first(club: Shop) -> None:
    await make_products.product("Moon mug", price=2000)
    maya, guest = await member(club), club.browser()
    for _ in range(2):
        assert (await maya.get("/products")).prices() == ["18.00", "20.00"]
        assert (await guest.get("/products")).prices() == ["20.00", "18.00"]
        assert "Your" in (await maya.get("/products")).words


async def test_what_is_priced_for_a_person_is_kept_by_nobody(club: Shop) -> None:
    await make_products.product("Moon mug", price=2000)
    maya, guest = await member(club), club.browser()
    assert (await maya.get("/products")).headers["cache-control"] == "private, no-store"
    first = await guest.get("/products")
    assert "set-cookie" not in first.headers
    again = await guest.get("/products", headers={"if-none-match": first.headers["etag"]})
    assert again.status == 304


async def test_the_structured_price_is_the_price_this_visitor_pays(club: Shop) -> None:
    await make_products.product("Moon mug", price=2000)
    assert '"price":"20.00"' in (await club.browser().get("/products/moon-mug")).text
    assert '"price":"18.00"' in (await (await member(club)).get("/products/moon-mug")).text


async def test_early_access_opens_at_its_instant_for_each(club: Shop) -> None:
    opening = clock.now() + timedelta(days=10)
    await make_products.product("Moon mug", price=2000, public_from=opening)
    maya, guest = await member(club), club.browser()
    early = opening - timedelta(hours=72)
    for at, for_maya, for_guest in (
        (early - SECOND, False, False),
        (early, True, False),
        (opening - SECOND, True, False),
        (opening, True, True),
    ):
        clock.set_everywhere(at)
        for browser, may_buy in ((maya, for_maya), (guest, for_guest)):
            page = await browser.get("/products/moon-mug")
            assert ("Add to basket" in page.words) is may_buy, (at, may_buy)
            card = await browser.get("/products")
            assert ("From " in card.words) is not may_buy, (at, may_buy)


async def test_a_guest_is_told_when_and_what_membership_would_change(club: Shop) -> None:
    await make_products.product("Moon mug", public_from=clock.now() + timedelta(days=2))
    words = (await club.browser().get("/products/moon-mug")).words
    assert "From Wednesday 3 March" in words
    assert "Members can buy it now" in words
    assert '"availability":"https://schema.org/PreOrder"' in (await club.browser().get("/products/moon-mug")).text


async def test_before_it_is_announced_there_is_nothing_to_find(club: Shop) -> None:
    opening = clock.now() + timedelta(days=40)
    await make_products.product("Secret mug", public_from=opening)
    guest = club.browser()
    addresses = ("/", "/products", "/search?q=secret", "/sitemap.xml")
    assert (await guest.get("/products/secret-mug")).status == 404
    for address in addresses:
        assert "secret-mug" not in (await guest.get(address)).text
    clock.set_everywhere(opening - timedelta(days=30))
    assert (await guest.get("/products/secret-mug")).status == 200
    for address in addresses:
        assert "secret-mug" in (await guest.get(address)).text


async def test_a_locked_product_is_shown_and_not_sold(club: Shop) -> None:
    await make_products.product("Club jar", members_only=True)
    page = await club.browser().get("/products/club-jar")
    assert "This product is only available to members." in page.words
    assert "Add to basket" not in page.words


async def test_a_sale_begins_and_ends_on_the_card_at_its_instants(club: Shop) -> None:
    begins, ends = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2)
    mug = await make_products.product("Moon mug", price=2000)
    sale = VariantDetails(price=2000, sale_price=1500, sale_from=begins, sale_until=ends)
    await variants.revise(mug.variants[0].id, sale)
    await snapshot_refresh.catch_up([mug.id])
    guest = club.browser()
    for at, prices in (
        (begins - SECOND, ["20.00", "18.00"]),
        (begins, ["15.00", "20.00", "20.00"]),
        (ends - SECOND, ["15.00", "20.00", "20.00"]),
        (ends, ["20.00", "18.00"]),
    ):
        clock.set_everywhere(at)
        assert (await guest.get("/products")).prices() == prices, at


async def test_a_reduction_that_everybody_gets_says_the_lowest_price_of_30_days_wherever_it_is_announced(
    club: Shop, at: datetime
) -> None:
    mug = await make_products.product("Moon mug", price=2000)
    for day, price in ((1, 1900), (2, 2200)):
        clock.set_everywhere(at + timedelta(days=day))
        await variants.revise(mug.lead.id, VariantDetails(price=price, on_hand=5))
    clock.set_everywhere(at + timedelta(days=3))
    await variants.revise(mug.lead.id, VariantDetails(price=2200, on_hand=5, sale_price=1500))
    await snapshot_refresh.catch_up([mug.id])
    guest, maya = club.browser(), await member(club)
    for address in ("/", "/products", "/search?q=moon"):
        for browser in (guest, maya):
            page = await browser.get(address)
            assert page.prices()[:3] == ["15.00", "22.00", "19.00"], address
            assert "Lowest in 30 days: £19.00" in page.words and "Sale" in page.words, address


async def test_a_member_price_is_no_sale_and_announces_none(club: Shop) -> None:
    mug = await make_products.product("Moon mug", price=2000)
    await variants.revise(mug.lead.id, VariantDetails(price=2000, on_hand=5, sale_price=1900))
    await snapshot_refresh.catch_up([mug.id])
    page = await (await member(club)).get("/products")
    assert page.prices() == ["18.00", "19.00"]
    assert "Lowest in 30 days" not in page.words and "Sale" not in page.words


async def test_membership_that_ends_ends_on_the_card_at_its_instant(club: Shop) -> None:
    await make_products.product("Moon mug", price=2000)
    end = clock.now() + timedelta(days=1)
    maya = await member(club, until=end)
    for at, first in ((end - SECOND, "18.00"), (end, "20.00")):
        clock.set_everywhere(at)
        assert (await maya.get("/products")).prices()[0] == first


@pytest.mark.parametrize(
    "address", ["/products", "/collections", "/search?q=mug", "/products?stock=on&least=1&most=900"]
)
async def test_a_list_asks_the_database_nothing_for_a_guest_and_once_for_a_member(club: Shop, address: str) -> None:
    for number in range(30):
        await make_products.product(f"Mug {number}")
    maya, guest = await member(club), club.browser()
    written = address.startswith("/search")
    for browser, most in ((guest, 0 + written), (maya, 1 + written)):
        with database.counted() as tally:
            await browser.get(address)
        assert tally.count <= most


async def test_a_product_asks_once_for_the_terms_of_delivery(club: Shop) -> None:
    product = await make_products.product("Moon mug")
    await product_pairs.others(product.id)  # what is bought with it is read once by each process
    with database.counted() as tally:
        await club.browser().get("/products/moon-mug")
    assert tally.count == 1


async def test_stock_that_sells_is_gone_from_a_card_that_was_kept(club: Shop) -> None:
    mug = await make_products.product("Moon mug", on_hand=1)
    guest = club.browser()
    assert "Sold out" not in (await guest.get("/products")).words
    await stock.reserve({mug.variants[0].id: 1}, because_of=ids.new(), until=clock.in_days(1))
    await snapshot_refresh.catch_up([mug.id])
    assert "Sold out" in (await guest.get("/products")).words
    assert "Currently sold out" in (await guest.get("/products/moon-mug")).words


async def test_programs_read_both_prices_too(club: Shop) -> None:
    await make_products.product("Moon mug", price=2000)
    guest, maya = club.browser(), await member(club)
    said = (await guest.get("/products/moon-mug")).text
    assert '"price":"20.00"' in said and '"price":"18.00"' in said and "MemberProgramTier" in said
    hers = (await maya.get("/products/moon-mug")).text
    assert '"price":"18.00"' in hers and "MemberProgramTier" not in hers
    assert "TierBenefitLoyaltyPrice" in (await guest.get("/join")).text


async def test_cards_and_page_count_down_and_open_at_the_instant(club: Shop, at: datetime) -> None:
    await make_products.product("Moon mug", price=2000, public_from=at + timedelta(hours=30))
    guest, maya = club.browser(), await member(club)
    for address in ("/products", "/products/moon-mug"):
        for browser in (guest, maya):
            text = (await browser.get(address)).text
            assert f'datetime="{(at + timedelta(hours=30)).isoformat()}" data-countdown' in text, address
    assert "On general sale" in (await maya.get("/products")).words
    clock.set_everywhere(at + timedelta(hours=30) - SECOND)
    assert "Add to basket" not in (await guest.get("/products/moon-mug")).words
    clock.set_everywhere(at + timedelta(hours=30))
    for address in ("/products", "/products/moon-mug"):
        assert "data-countdown" not in (await guest.get(address)).text
    assert "Add to basket" in (await guest.get("/products/moon-mug")).words
