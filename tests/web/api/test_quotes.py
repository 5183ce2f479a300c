"""A quote is the basket's own sum for lines that are only asked about, and nothing of it is kept."""

from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock, database
from components.foundation.shop_settings import setting_rows
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from components.pricing.coupons import editing
from components.pricing.coupons.editing import CouponDetails
from tests.support import buy_products, fill_basket, make_plans, make_products
from tests.support.programs import Program
from tests.support.shops import Shop
from web.sign_in_session import session_cookie


@pytest.fixture
async def guest(shop: Shop) -> Program:
    """And a mug of £24.00, ways to send it, and a club to join."""
    await make_plans.club()
    await fill_basket.ways()
    await make_products.product("Moon mug", price=2400, sku="MOON", on_hand=5)
    await shop.refresh()
    return Program(shop.app)


def lines(quantity: int = 2, **more: Any) -> dict[str, Any]:
    return {"lines": [{"sku": "MOON", "quantity": quantity}], **more}


def sums(told: dict[str, Any]) -> list[str]:
    return [told[name]["value"] for name in ("goods", "delivery", "tax", "total")]


async def test_a_guest_is_told_all_three_sums_and_whether_joining_pays(guest: Program) -> None:
    told = await guest.post("/quotes", lines())
    assert sums(told["sums"]) == ["48.00", "3.95", "8.66", "51.95"] == sums(told["for_guests"])
    assert sums(told["for_members"]) == ["43.20", "0.00", "7.20", "43.20"]
    (line,) = told["lines"]
    assert [line[name]["value"] for name in ("unit", "regular_unit", "member_unit")] == ["24.00", "24.00", "21.60"]
    assert (told["join"]["pays"], told["join"]["saved"]["value"]) == (False, "8.75")
    assert told["join"]["words"].startswith("Don’t join yet: this basket would save you £8.75")
    assert told["to_pay"]["value"] == "51.95" and told["may_be_bought"]


async def test_joining_pays_where_the_basket_is_large_enough(guest: Program, shop: Shop) -> None:
    await make_products.product("Moon jar", price=50_000, sku="JAR")
    told = await guest.post("/quotes", {"lines": [{"sku": "JAR", "quantity": 1}]})
    assert told["join"]["pays"] is True and told["join"]["words"].startswith("Join now")


async def test_a_member_pays_hers_and_is_told_what_it_saves(guest: Program, shop: Shop) -> None:
    maya = Program(shop.app, cookies=await _cookies(shop))
    told = await maya.post("/quotes", lines())
    assert sums(told["sums"]) == ["43.20", "0.00", "7.20", "43.20"] == sums(told["for_members"])
    assert sums(told["for_guests"])[3] == "51.95"
    assert (told["member_savings"]["value"], told["join"]) == ("8.75", None)


async def _cookies(shop: Shop) -> dict[str, str]:
    maya = await fill_basket.person("maya@kiln.test", "Maya")
    await complimentary.grant(maya, plan_catalogue.by_slug("annual"), until=None, by=maya)
    browser = await shop.signed_in("maya@kiln.test")
    return {session_cookie(): browser.client.cookies[session_cookie()]}


async def test_it_is_the_sum_of_the_basket(guest: Program, shop: Shop) -> None:
    browser = shop.browser()
    page = await buy_products.put_in(browser, quantity=3)
    told = await guest.post("/quotes", lines(3))
    assert f"£{told['to_pay']['value']}" in page.words


async def test_nothing_is_kept(guest: Program) -> None:
    tables = ("basket", "basket_line", "basket_token", "reservation", "orders", "coupon_use", "announced_fact")
    before = [await buy_products.count(table) for table in tables]
    await guest.post("/quotes", lines())
    assert [await buy_products.count(table) for table in tables] == before
    assert await make_products.on_hand(await database.fetch_value("SELECT id FROM variant WHERE sku = 'MOON'")) == (
        5,
        0,
    )


async def test_a_country_has_its_own_ways_and_tax(guest: Program) -> None:
    told = await guest.post("/quotes", lines(country="DE"))
    assert [one["name"] for one in told["delivery"]] == ["Europe"] and told["tax"]["rate_bp"] == 0
    assert sums(told["sums"])[3] == "60.00"
    nowhere = await guest.post("/quotes", lines(country="JP"))
    assert nowhere["delivery"] == [] and not nowhere["may_be_bought"]
    method = told["delivery"][0]["method"]
    refused = await guest.refused("/quotes", 422, json=lines(method=method))
    assert refused["fields"] == {"method": "We can’t deliver there with this method."}


async def test_a_coupon_is_taken_off_or_refused_in_words(guest: Program) -> None:
    await editing.create(CouponDetails(code="SPRING", words="10% off", discount_type="percent", value=1000))
    await editing.create(
        CouponDetails(code="CLUB", words="Club’s", discount_type="percent", value=1000, plans=("annual",))
    )
    told = await guest.post("/quotes", lines(coupon="spring"))
    assert (told["coupon"]["worth"]["value"], sums(told["sums"])[0]) == ("4.80", "43.20")
    told = await guest.post("/quotes", lines(coupon="club"))
    assert told["coupon"]["is_refused"] and told["coupon"]["note"].startswith("CLUB is for members only.")
    refused = await guest.refused("/quotes", 422, json=lines(coupon="nope"))
    assert refused["fields"]["coupon"].startswith("We don’t recognise the code “nope”.")


async def test_codes_cannot_be_guessed_here_either(guest: Program) -> None:
    for turn in range(12):
        await guest.refused("/quotes", 422, json=lines(coupon=f"GUESS-{turn}"))
    answer = await guest.ask("POST", "/quotes", json=lines(coupon="GUESS-12"))
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0
    assert (await guest.ask("POST", "/quotes", json=lines())).status_code == 200


async def test_what_cannot_be_had_is_told_and_left_out(guest: Program) -> None:
    asked = {"lines": [{"sku": "MOON", "quantity": 9}, {"sku": "GONE", "quantity": 1}]}
    told = await guest.post("/quotes", asked)
    assert [(one["had"], one["words"]) for one in told["lines"]] == [
        (5, "Only 5 left: the total includes 5."),
        (0, "No longer on sale."),
    ]
    assert told["lines"][1]["variant"] is None and sums(told["sums"])[0] == "120.00"


async def test_what_is_hidden_is_as_unknown_as_nothing(guest: Program, shop: Shop) -> None:
    hidden = await make_products.product(
        "Secret bowl", sku="HUSH", status="active", public_from=clock.now() + timedelta(days=60)
    )
    for name in ({"sku": "HUSH"}, {"variant": str(hidden.variants[0].id)}):
        told = await guest.post("/quotes", {"lines": [{**name, "quantity": 1}]})
        other = await guest.post("/quotes", {"lines": [{"sku": "NEVER", "quantity": 1}]})
        assert told == other
    both = [{"sku": "HUSH", "quantity": 1}, {"variant": str(hidden.variants[0].id), "quantity": 1}]
    assert len((await guest.post("/quotes", {"lines": both}))["lines"]) == 2  # not told to be the same


async def test_the_same_variant_is_one_line(guest: Program) -> None:
    variant = str(await database.fetch_value("SELECT id FROM variant WHERE sku = 'MOON'"))
    asked = {"lines": [{"sku": "MOON", "quantity": 1}, {"variant": variant, "quantity": 1}]}
    refused = await guest.refused("/quotes", 422, json=asked)
    assert refused["fields"] == {"lines[1]": "The same variant is already in a line above."}


async def test_a_tax_that_is_worked_out_at_checkout_is_said_to_be_unknown(guest: Program, shop: Shop) -> None:
    assert (await guest.post("/quotes", lines()))["tax"]["is_known"]
    await setting_rows.change({"tax_source": "stripe"}, by=None)
    await shop.refresh()
    told = await guest.post("/quotes", lines())
    assert not told["tax"]["is_known"] and told["taxes"] == [] and told["tax_note"]
