"""Programs come in with a key: shown once, known by its digest, opening what it was given and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import products
from components.foundation import audit, clock, database
from components.people import api_keys, rate_limits
from tests.support import make_products, people
from tests.support.cells import every_cell
from tests.support.pages import Browser
from tests.support.programs import Program, key_for
from tests.support.shops import Shop
from tests.web.api.test_shop_answers import amounts, member

ROOM = "/staff/keys"
OPENS = {
    "/orders": "orders:read",
    "/orders/K-1": "orders:read",
    "/people?email=noor@kiln.test": "members:read",
    "/catalogue": "catalogue:read",
    "/figures": "figures:read",
    "/figures/mrr": "figures:read",
}


async def iris(shop: Shop) -> Browser:
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def made(browser: Browser, **typed: Any) -> Any:
    page = await browser.get(f"{ROOM}/new")
    return await browser.submit(page, ROOM, **{"name": "Warehouse", "scopes": ["catalogue:read"], **typed})


def secret_on(page: Any) -> str:
    return next(word for word in page.words.split() if word.startswith(api_keys.BEGINNING))


async def test_an_owner_makes_a_key_and_sees_it_once(shop: Shop) -> None:
    browser = await iris(shop)
    page = await made(browser)
    secret = secret_on(page)
    assert page.status == 201 and page.headers["cache-control"] == "private, no-store"
    assert "products" in await Program(shop.app, key=secret).get("/catalogue")
    listed = await browser.get(ROOM)
    assert secret[: api_keys.SHOWN] in listed.words and secret not in listed.text
    row = (await database.fetch("SELECT * FROM api_key"))[0]
    assert secret not in str(row) and row["used_at"] == clock.now()
    (entry,) = await audit.entries(subject="API key")
    assert entry["what"] == "API key created" and secret not in str(entry)


async def test_a_form_sent_twice_makes_one_key(shop: Shop) -> None:
    browser = await iris(shop)
    page = await browser.get(f"{ROOM}/new")
    typed = {**page.form(ROOM).given, "name": "Warehouse", "scopes": "stock:write"}
    await browser.post(ROOM, typed)
    again = await browser.post(ROOM, typed)
    assert "has already been created" in again.alerts() and api_keys.BEGINNING not in again.words.replace("cfk_", "", 1)
    assert await database.fetch_value("SELECT count(*) FROM api_key") == 1


async def test_what_is_missing_is_said_at_its_field(shop: Shop) -> None:
    browser = await iris(shop)
    page = await made(browser, name="", scopes=[])
    assert (page.status, "“Name” is required." in page.words) == (422, True)
    page = await made(browser, scopes=[])
    assert (page.status, "Choose at least one permission." in page.words) == (422, True)
    page = await made(browser, scopes=["everything"])
    assert (page.status, "Choose from the options listed." in page.words) == (422, True)


async def test_a_revoked_key_opens_nothing(shop: Shop) -> None:
    browser = await iris(shop)
    program = Program(shop.app, key=secret_on(await made(browser)))
    await program.get("/catalogue")
    listed = await browser.get(ROOM)
    form = next(link for link in listed.text.split('"') if link.endswith("/revocation"))
    page = await browser.post(form)
    assert "API key “Warehouse” revoked." in page.alerts() and "Revoked" in page.words
    answer = await program.ask("GET", "/catalogue")
    assert answer.status_code == 401 and answer.headers["www-authenticate"].startswith("Bearer ")
    assert (await program.refused("/products", 401))["detail"].startswith("Unknown API key.")
    assert {entry["what"] for entry in await audit.entries(subject="API key")} == {"API key revoked", "API key created"}


async def test_only_owners_come_into_the_room(shop: Shop) -> None:
    await people.staff(permissions=("orders", "settings", "products"))
    sam = await shop.signed_in("sam@kiln.test")
    assert (await sam.get(ROOM)).status == 403 and (await sam.post(ROOM, {"name": "Mine"})).status == 403
    assert "/staff/keys" not in (await sam.get("/staff")).links()


@every_cell("sent", ("Bearer", "Bearer nope", "Basic aXJpczpraWxu", "cfk_nope", "Bearer \xff"))
async def test_what_is_no_key_of_ours_is_refused_everywhere(shop: Shop, sent: str) -> None:
    guest = Program(shop.app)
    for path in ("/products", "/plans", *OPENS):
        answer = await guest.ask("GET", path, headers={"authorization": sent.encode("latin-1")})
        assert answer.status_code == 401 and "www-authenticate" in answer.headers, path


@pytest.mark.parametrize("path", OPENS)
async def test_a_key_opens_only_what_it_was_given(shop: Shop, path: str) -> None:
    owner = await people.owner()
    await Program(shop.app).refused(path, 401)
    others = [scope for scope in api_keys.SCOPES if scope != OPENS[path]]
    refused = await Program(shop.app, key=await key_for(owner.id, *others)).refused(path, 403)
    assert OPENS[path] in refused["detail"]
    right = Program(shop.app, key=await key_for(owner.id, OPENS[path]))
    assert (await right.ask("GET", path)).status_code in (200, 404)


async def test_a_cookie_opens_nothing_that_wants_a_key(shop: Shop) -> None:
    browser = await iris(shop)
    for path in OPENS:
        assert (await browser.client.get(f"/api/v1{path}")).status_code == 401


async def test_a_key_makes_the_shop_show_what_a_guest_sees(shop: Shop) -> None:
    """With every scope, and with a member's cookie beside it."""
    owner = await people.owner()
    await make_products.product("Moon mug", price=2400)
    await products.create(ProductDetails(title="A draft", status="draft"), [VariantDetails(price=1)])
    maya = await member(shop)
    maya.client.headers["authorization"] = f"Bearer {await key_for(owner.id, *api_keys.SCOPES)}"
    answer = await maya.ask("GET", "/products")
    (listed,) = answer.json()["products"]
    assert amounts(listed["price"]) == {"now": "24.00", "regular": "24.00", "member": "21.60"}
    assert answer.headers["cache-control"] == "private, no-store"


async def test_a_key_that_asks_too_often_waits(shop: Shop) -> None:
    owner = await people.owner()
    program = Program(shop.app, key=await key_for(owner.id, "catalogue:read"))
    other = Program(shop.app, key=await key_for(owner.id, "catalogue:read", name="Books"))
    key = next(one for one in await api_keys.all_keys() if one.name == "Warehouse")
    for _ in range(api_keys.REQUESTS.most - 1):
        await rate_limits.hit(api_keys.REQUESTS, str(key.id))
    await program.get("/catalogue")
    answer = await program.ask("GET", "/products")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    await other.get("/catalogue")
    clock.set_everywhere(clock.now() + timedelta(seconds=60))
    await program.get("/catalogue")
