"""What script adds to the basket and the checkout: everything stays where it is, and the numbers follow."""

from playwright.sync_api import expect

from tests.browser import journeys
from tests.browser.conftest import Visits


def test_a_quantity_changes_the_sum_and_the_number_in_the_header_in_place(visit: Visits) -> None:
    page = visit()
    journeys.put_in_basket(page, "ramen-bowl")
    total = page.locator(".totals__row--whole .price")
    before = float(total.get_attribute("value") or 0)
    page.get_by_role("button", name="One more").first.click()
    expect(page.locator("#basket-count")).to_have_text("2")
    assert float(total.get_attribute("value") or 0) > before
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Your basket is empty")).to_be_visible()
    expect(page.locator("#basket-count")).to_have_text("")
    assert page.url.endswith("/basket")


def test_country_and_method_change_what_is_to_pay_and_keep_what_was_typed(visit: Visits) -> None:
    page = visit(width=390)
    journeys.put_in_basket(page, "ramen-bowl")
    page.goto("/checkout")
    page.get_by_label("Name", exact=True).first.fill("Ada Bell")
    to_pay = page.locator("#checkout-delivery strong .price")
    at_home = to_pay.get_attribute("value")
    page.get_by_label("Country", exact=True).first.select_option("DE")
    expect(page.locator("#checkout-delivery")).to_contain_text("Europe")
    assert to_pay.get_attribute("value") != at_home
    assert page.locator("#checkout-sum .totals__row--whole .price").get_attribute("value") == to_pay.get_attribute(
        "value"
    )
    page.get_by_label("Country", exact=True).first.select_option("GB")
    expect(page.locator("#checkout-delivery input[name=method]")).to_have_count(2)
    page.locator("#checkout-delivery input[name=method]").nth(1).check()
    expect(to_pay).not_to_have_attribute("value", at_home or "")
    expect(page.locator("#checkout-delivery input[name=method]").nth(1)).to_be_checked()
    expect(page.get_by_label("Name", exact=True).first).to_have_value("Ada Bell")


def test_on_a_phone_what_is_ordered_stands_above_the_button_that_orders_it(visit: Visits, scripted: bool) -> None:
    page = visit(width=390, scripted=scripted)
    journeys.put_in_basket(page, "ramen-bowl")
    page.goto("/checkout")
    lines, whole = page.locator("#checkout-sum .lines"), page.locator("#checkout-sum .totals__row--whole")
    button = page.get_by_role("button", name="Continue to payment").bounding_box()
    for part in (lines, whole):
        box = part.bounding_box()
        assert box and button and box["y"] + box["height"] <= button["y"]
    last = page.locator("#checkout-delivery").bounding_box()
    above = lines.bounding_box()
    assert last and above and last["y"] + last["height"] <= above["y"], "after everything that changes it"
