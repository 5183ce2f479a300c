"""Somebody of the staff looks after the shelves."""

from typing import TYPE_CHECKING, Any

import pytest

from components.catalog import invariants
from components.catalog.snapshot import snapshot_refresh
from components.catalog.stock import unit_costs
from components.checkout.taxes import tax_rates
from components.foundation import audit
from components.people import customer_accounts, operators
from tests.support import make_products

if TYPE_CHECKING:
    from tests.support.pages import Browser
    from tests.support.shops import Shop

NEW: dict[str, Any] = {
    "title": "Moon mug",
    "description": "Round.",
    "price": "24.00",
    "on_hand": "5",
    "sku": "MOON",
    "status": "active",
    "position": "0",
    "weight_grams": "340",
    "is_taxable": "on",
    "needs_delivery": "on",
    "tracks_stock": "on",
}


@pytest.fixture
async def iris(shop: "Shop") -> "Browser":
    person = await customer_accounts.sign_up("iris@kiln.test", name="Iris", password="kiln-demo")
    await operators.add(person.id, role="owner", permissions=())
    return await shop.signed_in("iris@kiln.test")


async def test_a_new_product_is_on_the_shelf_at_once(shop: "Shop", iris: "Browser") -> None:
    page = await iris.post("/staff/products", NEW)
    assert (page.status, page.heading) == (200, "Moon mug")
    assert "24.00" in (await shop.browser().get("/products")).prices()
    assert [entry["what"] for entry in await audit.entries(subject="product")] == ["product created"]


async def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(iris: "Browser") -> None:
    page = await iris.post("/staff/products", {**NEW, "price": "a lot", "title": ""})
    assert page.status == 422
    assert "“Title” is required." in page.words
    assert "Enter an amount like 12.50." in page.words
    assert page.form("/staff/products").given["sku"] == "MOON"


async def test_a_sku_belongs_to_one_variant(iris: "Browser") -> None:
    await make_products.product("Tea bowl", sku="MOON")
    page = await iris.post("/staff/products", NEW)
    assert page.status == 422
    assert "The SKU “MOON” belongs to another variant." in page.words


async def test_a_changed_price_is_the_price_in_the_shop(shop: "Shop", iris: "Browser") -> None:
    mug = await make_products.product("Moon mug")
    address = f"/staff/products/moon-mug/variants/{mug.variants[0].id}"
    page = await iris.get(address)
    await iris.submit(page, address, price="26.50", compare_at="30")
    assert (await shop.browser().get("/products/moon-mug")).prices()[:2] == ["26.50", "30.00"]
    (entry,) = await audit.entries(subject="variant")
    assert "2650" in entry["after"]


async def test_counting_the_shelf(iris: "Browser") -> None:
    mug = await make_products.product("Moon mug")
    page = await iris.post(f"/staff/products/moon-mug/variants/{mug.variants[0].id}/stock", {"on_hand": "12"})
    assert page.status == 200
    assert await make_products.on_hand(mug.variants[0].id) == (12, 0)
    assert await invariants.invariants() == []


async def test_a_draft_is_gone_from_the_shop(shop: "Shop", iris: "Browser") -> None:
    await make_products.product("Moon mug")
    page = await iris.get("/staff/products/moon-mug")
    await iris.submit(page, "/staff/products/moon-mug", status="draft")
    assert (await shop.browser().get("/products/moon-mug")).status == 404
    assert "Moon mug" in (await iris.get("/staff/products?show=draft")).words


async def test_a_second_variant_needs_options_of_its_own(iris: "Browser") -> None:
    await iris.post("/staff/products", {**NEW, "option_names": "Glaze", "option_values": "Moss"})
    page = await iris.get("/staff/products/moon-mug/variants/new")
    refused = await iris.submit(page, "/staff/products/moon-mug/variants", option1="Moss")
    assert refused.status == 422
    assert "There is already a variant “Moss”." in refused.words
    page = await iris.submit(page, "/staff/products/moon-mug/variants", option1="Salt", price="25")
    assert page.status == 200
    view = snapshot_refresh.snapshot().product("moon-mug")
    assert view is not None
    assert [(each.title, each.price) for each in view.variants] == [("Moss", 2400), ("Salt", 2500)]


async def test_somebody_elses_variant_is_not_found_here(iris: "Browser") -> None:
    await make_products.product("Moon mug")
    bowl = await make_products.product("Tea bowl")
    page = await iris.get(f"/staff/products/moon-mug/variants/{bowl.variants[0].id}")
    assert page.status == 404


async def test_collections_are_made_and_filled(shop: "Shop", iris: "Browser") -> None:
    await make_products.product("Moon mug")
    page = await iris.post("/staff/collections", {"title": "Mugs", "position": "0", "is_listed": "on"})
    assert "“Mugs” created." in page.alerts()
    page = await iris.get("/staff/products/moon-mug")
    await iris.submit(page, "/staff/products/moon-mug", collections="mugs")
    assert "Moon mug" in (await shop.browser().get("/collections/mugs")).words


async def test_only_staff_with_the_permission_come_in(shop: "Shop", iris: "Browser") -> None:
    sam = await customer_accounts.sign_up("sam@kiln.test", name="Sam", password="kiln-demo")
    await operators.add(sam.id, role="staff", permissions=("orders",))
    browser = await shop.signed_in("sam@kiln.test")
    for address in ("/staff/products", "/staff/collections", "/staff/imports"):
        assert (await browser.get(address)).status == 403
        assert (await shop.browser().post(address)).status in (401, 403)


async def test_what_a_piece_costs_is_kept_for_staff_alone(shop: "Shop", iris: "Browser") -> None:
    await iris.post("/staff/products", {**NEW, "cost": "8.31"})
    variant = snapshot_refresh.snapshot().product("moon-mug").variants[0]  # type: ignore[union-attr]
    here = f"/staff/products/moon-mug/variants/{variant.id}"
    form = await iris.get(here)
    assert form.form(here).given["cost"] == "8.31"
    for wrong, words in (("-1", "at least 0"), ("9000000000", "at most"), ("cheap", "Enter an amount")):
        refused = await iris.submit(form, here, cost=wrong)
        assert refused.status == 422 and words in refused.words and 'id="cost-error"' in refused.text
    await iris.submit(form, here, cost="")
    assert await unit_costs.of_variants([variant.id]) == {}
    await iris.submit(await iris.get(here), here, cost="7.77")
    assert await unit_costs.of_variants([variant.id]) == {variant.id: 777}
    for page in ("/products/moon-mug", "/products", "/search?q=moon"):
        assert "7.77" not in (await shop.browser().get(page)).text
    assert not hasattr(variant, "cost"), "what shoppers' pages are made of does not know it"


async def test_the_rates_a_product_may_have_say_how_much_they_are_at_home(iris: "Browser") -> None:
    await tax_rates.set_rate("GB", rate_bp=2000, name="VAT")
    await tax_rates.set_rate("GB", rate_bp=500, name="VAT", category="reduced")
    page = await iris.get("/staff/products/new")
    assert not page.form("/staff/products").given["on_hand"], "empty is none, as its help says"
    assert "Reduced rate (5%)" in page.words and "Second reduced rate" in page.words
    assert "Second reduced rate (" not in page.words, "it has none of its own there"
