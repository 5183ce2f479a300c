"""Joining while buying: chosen in the checkout, paid once, and every price says why."""

import uuid

from playwright.sync_api import expect

from tests.browser import journeys
from tests.browser.conftest import Visits


def test_a_guest_joins_with_the_first_order_in_one_payment(visit: Visits, scripted: bool) -> None:
    page = visit(scripted=scripted, width=390)
    journeys.put_in_basket(page, "ramen-bowl")
    if scripted:
        page.goto("/checkout")
        before = page.locator("#checkout-delivery strong .price").get_attribute("value")
        page.locator("#checkout-delivery input[name=join]").nth(1).check()
        expect(page.locator("#checkout-delivery strong .price")).not_to_have_attribute("value", before or "")
    else:
        page.goto("/checkout")
        plan = page.locator("#checkout-delivery input[name=join]").nth(1).get_attribute("value")
        page.goto(f"/checkout?join={plan}")
    to_pay = page.locator("#checkout-delivery strong .price").get_attribute("value")
    fields = {"E-mail": f"new-{uuid.uuid4().hex[:8]}@kiln.test", "Name": "Ada Bell", "Address": "4 Mill Lane",
              "Town or city": "Stroud", "Postcode": "GL5 1AA"}  # fmt: skip
    for label, value in fields.items():
        page.locator("main").get_by_label(label, exact=False).first.fill(value)
    page.get_by_role("button", name="Continue", exact=True).click()
    journeys.enter_code(page, fields["E-mail"])
    page.get_by_role("button", name="Continue to payment").click()
    page.wait_for_url("**/offline-payments/pay/**")
    assert to_pay and to_pay in page.content().replace(",", "")
    journeys.pay(page)
    journeys.order_number(page)
    assert to_pay in [found.get_attribute("value") for found in page.locator("main .price").all()]
    why = page.get_by_role("button", name="Why this price?").first
    why.click()
    expect(page.get_by_text("As a new member").first).to_be_visible()
    page.goto("/account/membership")
    expect(page.locator("main")).to_contain_text("Member since")


def test_why_this_price_opens_beside_the_price_and_as_a_page(visit: Visits, scripted: bool) -> None:
    page = visit(scripted=scripted)
    page.goto("/products/ramen-bowl")
    page.get_by_role("button", name="Why this price?").click()
    sheet = page.locator("#why-price")
    expect(sheet).to_be_visible()
    sheet.get_by_role("link", name="Open as a page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Why this price?")
