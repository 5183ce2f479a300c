"""The main job in a real browser: browse, buy, join, see it at once, buy as a member, find it as staff."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import journeys
from tests.browser.conftest import Visits

EARLY, GATED, ORDINARY = "side-handled-teapot", "throwing-the-moon", "ramen-bowl"


def test_a_guest_buys(visit: Visits, scripted: bool) -> None:
    page = visit(scripted=scripted)
    page.goto("/")
    page.get_by_role("link", name="Shop", exact=True).first.click()
    expect(page.locator("main .card").first).to_be_visible()
    number = journeys.buy(page, ORDINARY, email=journeys.new_address("guest"))
    assert number.startswith("K-")


def test_a_new_person_joins_and_sees_prices_early_access_and_reading_at_once(visit: Visits, scripted: bool) -> None:
    page = visit(scripted=scripted)
    page.goto(f"/products/{EARLY}")
    expect(page.get_by_role("button", name="Add to basket")).to_have_count(0)
    page.goto(f"/journal/{GATED}")
    expect(page.get_by_text("The rest of this article is for members")).to_be_visible()

    email = journeys.new_address("joins")
    journeys.join(page, "kiln-club", email=email)
    expect(page.get_by_text("Welcome").first).to_be_visible(timeout=15_000)

    page.goto(f"/products/{ORDINARY}")
    expect(page.locator("main").get_by_text("Your Kiln Club price").first).to_be_visible()
    page.goto(f"/journal/{GATED}")
    expect(page.get_by_text("The rest of this article is for members")).to_have_count(0)

    number = journeys.buy_as_member(page, EARLY, email=email)
    page.goto("/account/orders")
    expect(page.get_by_role("link", name=re.compile(number)).first).to_be_visible()
    page.goto("/account/savings")
    expect(page.locator("main")).to_contain_text("saved")

    staff = visit.signed_in("iris@kiln.test", scripted=scripted)
    staff.goto(f"/staff/orders?q={email}")
    expect(staff.get_by_role("link", name=number)).to_be_visible()
    staff.goto(f"/staff/members?q={email}")
    expect(staff.locator("main")).to_contain_text(email)
    staff.goto("/staff")
    expect(staff.locator("main")).to_contain_text("MRR")


def test_a_member_pays_her_price_without_doing_anything(visit: Visits, scripted: bool) -> None:
    page = visit.signed_in("maya@kiln.test", scripted=scripted)
    journeys.put_in_basket(page, ORDINARY)
    expect(page.locator("main")).to_contain_text("27.20")
    journeys.pay_with_the_card_on_file(page, email="maya@kiln.test")
    assert journeys.order_number(page)


def test_staff_refund_an_order_and_the_customer_sees_it(visit: Visits, scripted: bool) -> None:
    page = visit.signed_in("noor@kiln.test", scripted=scripted)
    number = journeys.buy(page, ORDINARY, email="noor@kiln.test")
    staff = visit.signed_in("iris@kiln.test", scripted=scripted)
    staff.goto(f"/staff/orders/{number}/refunds/new")
    staff.get_by_role("button", name="Refund", exact=True).click()
    staff.wait_for_url(f"**/staff/orders/{number}*")
    expect(staff.locator("main")).to_contain_text(re.compile("refund", re.I))
    page.goto(f"/account/orders/{number}")
    expect(page.locator("main")).to_contain_text(re.compile("refund", re.I))


def test_a_declined_card_and_then_a_good_one(visit: Visits) -> None:
    page = visit()
    journeys.put_in_basket(page, ORDINARY)
    journeys.check_out(page, email=journeys.new_address("declined"))
    page.get_by_label("Card number").fill("4000 0000 0000 0002")
    page.get_by_role("button", name=re.compile("^Pay")).first.click()
    expect(page.get_by_role("alert")).to_contain_text("declined")
    journeys.pay(page)
    assert journeys.order_number(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(visit: Visits, width: int) -> None:
    page = visit(width=width)
    for path in (
        "/",
        "/products",
        f"/products/{ORDINARY}",
        "/join",
        "/journal",
        f"/journal/{GATED}",
        "/sign-in",
        "/nothing",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
