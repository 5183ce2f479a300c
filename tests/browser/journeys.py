"""What people do in the shop, step by step, with or without JavaScript."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import Locator, Page, expect

GOOD_CARD = "4242 4242 4242 4242"


def put_in_basket(page: Page, product: str) -> None:
    page.goto(f"/products/{product}")
    page.get_by_role("button", name="Add to basket").click()
    expect(page.locator("#basket-count").first).to_contain_text(re.compile("[1-9]"))
    page.goto("/basket")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your basket")


def check_out(page: Page, *, email: str) -> None:
    """From the basket to the hosted payment page."""
    fill_in(page, email=email)
    page.get_by_role("button", name="Continue to payment").click()
    page.wait_for_url("**/offline-payments/pay/**")


def pay_with_the_card_on_file(page: Page, *, email: str) -> None:
    """From the basket to the paid order in one step."""
    fill_in(page, email=email)
    card_on_file(page).click()
    page.wait_for_url("**/orders/**")


def card_on_file(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile(r"^\s*Pay .+ with "))


def fill_in(page: Page, *, email: str, name: str = "Ada Bell") -> None:
    """The checkout, with what is not known yet."""
    page.goto("/checkout")
    typed = {"email": email, "name": name, "line1": "4 Mill Lane", "city": "Stroud", "postcode": "GL5 1AA"}
    for field, value in typed.items():
        box = page.locator(f"main input[name={field}]")
        if box.count() and box.is_editable():
            box.fill(value)


def pay(page: Page, card: str = GOOD_CARD) -> None:
    page.locator("input[name=number]").fill(card)  # in the buyer's language
    page.locator("button[name=action][value=pay]").click()
    page.wait_for_url(lambda url: "/offline-payments/" not in url)


def buy(page: Page, product: str, *, email: str) -> str:
    """A whole purchase; the order's number."""
    put_in_basket(page, product)
    check_out(page, email=email)
    pay(page)
    return order_number(page)


def buy_as_member(page: Page, product: str, *, email: str) -> str:
    """A whole purchase with the card that pays the membership; the order's number."""
    put_in_basket(page, product)
    pay_with_the_card_on_file(page, email=email)
    return order_number(page)


def order_number(page: Page) -> str:
    """From the thank-you page, waiting for it while the payment is being confirmed."""
    for _ in range(20):
        found = re.search(r"\bK-\d+\b", page.locator("main").inner_text())
        if (found and "paid" in page.locator("main").inner_text().lower()) or (
            found and page.get_by_text("Thank you").count()
        ):
            return found.group()
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(page.locator("main").inner_text())


def join(page: Page, plan: str, *, email: str | None = None) -> None:
    page.goto(f"/join/{plan}")
    if email:
        page.locator("main").get_by_label("E-mail").fill(email)
        page.get_by_role("button", name="Continue", exact=True).click()
        enter_code(page, email)
    page.get_by_role("button", name="Continue to payment").click()
    page.wait_for_url("**/offline-payments/pay/**")
    pay(page)


def enter_code(page: Page, email: str, *, said: Callable[[str], str] = str) -> None:
    """Read the code in the demo's mailbox and type it where it was asked for; `said` translates."""
    page.wait_for_url("**/sign-in/code")
    codes: list[str] = []
    for _ in range(40):
        found = re.findall(r"/mailbox/([0-9a-f-]{36})", page.request.get(f"/mailbox?to={email}").text())
        codes = [code for one in found[:1] for code in re.findall(
            r">\s*(\d{6})\s*<", page.request.get(f"/mailbox/{one}/sheet").text())]  # fmt: skip
        if codes:
            break
        page.wait_for_timeout(250)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name=said("Continue"), exact=True).click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def new_address(who: str) -> str:
    return f"{who}-{datetime.now(UTC).timestamp():.0f}@kiln.test"
