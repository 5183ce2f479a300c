"""Shops of one's own, each begun in an empty folder as anybody would, and what their owners answer."""

import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from components.demo import demo_settings
from components.foundation.languages import catalogues
from tests.browser import journeys
from tests.browser.conftest import free_port, wait_until_ready
from tests.conftest import keep_templates
from tests.support import demos

LINK = re.compile(r"http://\S+/setup/link/\S+")
FROM_THE_DEMO = {name for name in demo_settings.NAMES if not name.startswith("BRAND_")}
OWNER = {"name": "Anna North", "email": "anna@northline.example", "password": "long walk by the river"}


@dataclass(frozen=True)
class OwnShop:
    """`rate` is a tax rate to type, where none is offered: percentage and region. `paid` is the first order's total
    with the membership in it, `tax` how its tax reads; `language` the one its country speaks."""

    name: str
    country: str
    trade: str
    product: str
    price: str
    fee: str
    plan: str
    address: dict[str, str]
    paid: str
    tax: str
    rate: tuple[str, str, str] | None = None
    region: str = ""
    language: str = "en"

    def said(self, words: str) -> str:
        """What its pages say for these English words."""
        return catalogues.of(self.language).gettext(words)

    @property
    def ordering(self) -> str:
        """What the button that ends the checkout says: in German, what it binds to."""
        return catalogues.of(self.language).pgettext("order", "Continue to payment")


BOOKS = OwnShop(
    name="Northline Books", country="GB", trade="books", product="The Long Road North", price="12.00", fee="3.50",
    plan="5.00", address={"line1": "4 Mill Lane", "city": "Stroud", "postcode": "GL5 1AA"}, paid="£19.30",
    tax="VAT",
)  # fmt: skip
CLOTHES = OwnShop(
    name="Grenzgang", country="DE", trade="clothes", product="Rain jacket", price="120,00", fee="4,90", plan="9,00",
    address={"line1": "Hauptstraße 1", "city": "Berlin", "postcode": "10115"}, paid="121,90", tax="MwSt.",
    language="de",
)  # fmt: skip
FOOD = OwnShop(
    name="Golden Roast", country="US", trade="food", product="House coffee", price="20.00", fee="6.00", plan="10.00",
    address={"line1": "1 Mission Street", "city": "San Francisco", "postcode": "94105"}, paid="$36.48", tax="Sales tax",
    rate=("7.25", "Sales tax", "CA"), region="CA",
)  # fmt: skip


@dataclass(frozen=True)
class OwnServed:
    """A shop in its own data folder; `link` is the path of the one-time link that it printed."""

    address: str
    data: Path
    link: str
    environment: dict[str, str]
    process: "subprocess.Popen[bytes]"

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*demos.PROGRAM, *words], env=self.environment, cwd=demos.ROOT, capture_output=True, text=True, timeout=300
        )

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


@contextmanager
def begun() -> Iterator[OwnServed]:
    """A shop served from an empty folder."""
    data, port = Path(tempfile.mkdtemp(prefix="clubfront-own-")), free_port()
    keep_templates(data / "template-cache")
    address, output = f"http://localhost:{port}", data / "output"
    known = demos.environment(data, PORT=str(port), BASE_URL=address, LOG_LEVEL="warning")
    own = {k: v for k, v in known.items() if k not in FROM_THE_DEMO and not k.startswith("BRAND_")}
    with output.open("w") as out:
        process = subprocess.Popen([*demos.PROGRAM, "serve"], env=own, cwd=demos.ROOT, stdout=out, stderr=out)
    try:
        wait_until_ready(address, process, output)
        yield OwnServed(address, data, link_in(output.read_text()), own, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        shutil.rmtree(data, ignore_errors=True)


def link_in(output: str) -> str:
    found = LINK.search(output)
    assert found is not None, output
    return found[0]


def set_up(page: Page, link: str, shop: OwnShop, *, look: Callable[[Page], None]) -> int:
    """The three pages, each of them looked at; how many answers were typed or chosen."""
    page.goto("/")
    look(page)
    page.goto(link)
    look(page)
    page.get_by_label("Name of the shop").fill(shop.name)
    page.get_by_label("Country of the shop").select_option(shop.country)
    if shop.region:
        page.get_by_label("State or province").select_option(shop.region)
    page.get_by_label("What do you sell?").select_option(shop.trade)
    page.get_by_label("Your name").fill(OWNER["name"])
    page.get_by_label("Your e-mail").fill(OWNER["email"])
    page.get_by_label("Choose a password").fill(OWNER["password"])
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/setup/payments")
    look(page)
    expect(page.get_by_label("Practise first")).to_be_checked()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/setup/emails")
    look(page)
    page.get_by_role("button", name="Open the shop").click()
    page.wait_for_url("**/staff")
    expect(page.locator("main")).to_contain_text("Get ready to sell")
    look(page)
    return 7 if shop.region else 6


def stock(page: Page, shop: OwnShop) -> None:
    """From Today's list: a product, delivery, a tax rate where none is offered, a plan with the first benefit."""
    page.goto("/staff/products/new")
    page.get_by_label("Title").fill(shop.product)
    page.get_by_label("Status").select_option("active")
    page.locator("input[name=price]").fill(shop.price)
    page.locator("input[name=on_hand]").fill("9")
    page.locator("main").get_by_role("button", name="Create").first.click()
    page.goto("/staff/delivery/zones/new")
    page.locator("input[name=name]").fill("At home")
    page.locator(f"[name=countries][value={shop.country}]").check()
    page.locator("main form .form__end button").first.click()
    page.goto("/staff/delivery/methods/new")
    page.locator("input[name=name]").fill("Standard delivery")
    page.locator("[name=zones]").first.check()
    page.locator("input[name=fee]").fill(shop.fee)
    page.locator("main form .form__end button").first.click()
    if shop.rate:
        _set_rate(page, shop.rate, shop.country)
    page.goto("/staff/plans/new")
    page.locator("input[name=name]").fill(f"{shop.name} Club")
    page.locator("input[name=slug]").fill("friends")
    page.locator("input[name=summary], textarea[name=summary]").fill("Better prices all year.")
    page.locator("input[name=price]").fill(shop.plan)
    page.get_by_role("button", name="Create plan").click()
    page.wait_for_url("**/staff/plans/friends")
    page.get_by_role("button", name=re.compile(r"Add\s*: 1. ?% (off everything|Rabatt auf alles)")).click()


def _set_rate(page: Page, rate: tuple[str, str, str], country: str) -> None:
    page.goto("/staff/settings/tax/rates/new")
    page.locator("select[name=country]").select_option(country)
    page.locator("input[name=region]").fill(rate[2])
    page.locator("input[name=rate]").fill(rate[0])
    page.locator("input[name=name]").fill(rate[1])
    page.get_by_role("button", name="Save rate").click()
    page.goto("/staff/settings/tax")
    page.locator("input[name=tax_region]").fill(rate[2])
    page.locator("form[action='/staff/settings/tax'] .form__end button").click()


def buy_and_join(page: Page, shop: OwnShop) -> None:
    """A stranger buys the product and joins with the order; paid with a practice card."""
    page.goto("/products")
    page.get_by_role("link", name=shop.product).first.click()
    page.get_by_role("button", name=shop.said("Add to basket")).click()
    expect(page.locator("#basket-count").first).to_contain_text(re.compile("[1-9]"))
    page.goto("/checkout")
    plan = page.locator("#checkout-delivery input[name=join]").nth(1).get_attribute("value")
    page.goto(f"/checkout?join={plan}")
    email = "first@customer.example"
    for field, value in {"email": email, "name": "Ada Bell", **shop.address}.items():
        page.locator(f"main input[name={field}]").fill(value)
    if shop.region:
        page.locator("select[name=region]").select_option(shop.region)
    on = page.get_by_role("button", name=shop.said("Continue"), exact=True)
    on.click()
    if "/sign-in" not in page.url:
        page.wait_for_load_state()
        if on.count():
            on.click()
    journeys.enter_code(page, email, said=shop.said)
    page.get_by_role("button", name=shop.ordering).click()
    page.wait_for_url("**/offline-payments/pay/**")
    journeys.pay(page)


def await_thanks(page: Page, shop: OwnShop) -> str:
    """What the paid order's page says."""
    for _ in range(20):
        words = page.locator("main").inner_text()
        if shop.said("Thank you, %(name)s.").partition(",")[0] in words:
            return words
        time.sleep(0.3)
        page.reload()
    raise AssertionError(words)
