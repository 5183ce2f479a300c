"""Whatever a program sends is answered in words of JSON: never with a page, never with a failure of ours."""

from typing import Any

import pytest
from litestar.handlers import HTTPRouteHandler

from components.foundation.database import rows
from tests.support.cells import every_cell
from tests.support.programs import Program
from tests.support.shops import Shop
from web.routes import CONTROLLERS


@pytest.fixture
def guest(shop: Shop) -> Program:
    return Program(shop.app)


@every_cell(
    ("path", "status", "fields"),
    [
        ("/nothing", 404, ()),
        ("/products/none", 404, ()),
        ("/products/%00", 404, ()),
        ("/articles/none", 404, ()),
        ("/articles/%00", 404, ()),
        ("/collections/%00", 404, ()),
        ("/products?page=0", 422, ("page",)),
        ("/products?page=99999999999999999999999", 422, ("page",)),
        ("/products?page=one&sort=chaos", 422, ("page", "sort")),
        ("/products?least=cheap&most=1.234", 422, ("least", "most")),
        ("/products?most=1e99", 422, ("most",)),
        ("/products?collection=none", 422, ("collection",)),
        ("/search", 422, ("q",)),
        ("/search?q=%20", 422, ("q",)),
        (f"/search?q={'x' * 201}", 422, ("q",)),
    ],
)
async def test_an_address_that_cannot_be(guest: Program, path: str, status: int, fields: tuple[str, ...]) -> None:
    assert set((await guest.refused(path, status))["fields"]) == set(fields)


async def test_a_nul_is_no_word(guest: Program) -> None:
    await guest.refused("/search?q=%00", 400)


@every_cell("words", ("%ff%fe", "%F0%9F%8C%99", "'; DROP TABLE product", "%25_%5C", "<script>"))
async def test_any_words_may_be_looked_for(guest: Program, words: str) -> None:
    assert (await guest.get(f"/search?q={words}"))["shelf"]["total"] == 0


@every_cell(
    ("body", "place"),
    [
        (b"", ""),
        (b"{", ""),
        (b"\xff\xfe", ""),
        (b'{"lines": NaN}', ""),
        (b"[" * 100_000, "body"),
        (b'{"lines":' + b"[" * 100_000, "lines[0]"),
        (b"null", "body"),
        (b"[]", "body"),
        (b"{}", "body"),
        (b'{"lines": []}', "lines"),
        (b'{"lines": [{"sku": "MOON"}]}', "lines[0]"),
        (b'{"lines": [{"quantity": 1}]}', "lines[0]"),
        (b'{"lines": [{"sku": "MOON", "quantity": "2"}]}', "lines[0].quantity"),
        (b'{"lines": [{"sku": "MOON", "quantity": 2.5}]}', "lines[0].quantity"),
        (b'{"lines": [{"sku": "MOON", "quantity": true}]}', "lines[0].quantity"),
        (b'{"lines": [{"sku": "MOON", "quantity": 0}]}', "lines[0].quantity"),
        (b'{"lines": [{"sku": "MOON", "quantity": 1%s}]}' % (b"0" * 5_000), "lines[0].quantity"),
        (b'{"lines": [{"sku": "MOON", "quantity": 1e999}]}', "lines[0].quantity"),
        (b'{"lines": [{"sku": "MOO\\u0000N", "quantity": 1}]}', "lines[0].sku"),
        (b'{"lines": [{"sku": "MOON", "quantity": 1, "price": 1}]}', "lines[0]"),
        (b'{"lines": [{"variant": "mug", "quantity": 1}]}', "lines[0].variant"),
        (b'{"lines": [{"sku": "MOON", "quantity": 1}], "coupon": "A\\u0000B"}', "coupon"),
        (b'{"lines": [{"sku": "MOON", "quantity": 1}], "country": "gb"}', "country"),
        (b'{"lines": [{"sku": "MOON", "quantity": 1}], "as": "a member"}', "body"),
    ],
)
async def test_a_body_that_cannot_be(guest: Program, body: bytes, place: str) -> None:
    refused = await guest.refused("/quotes", 422, content=body, headers={"content-type": "application/json"})
    assert set(refused["fields"]) == ({place} if place else set())


async def test_half_a_character_is_no_words(guest: Program) -> None:
    """JSON can write what no text can hold."""
    body = b'{"lines": [{"sku": "MOON", "quantity": 1}], "coupon": "\\ud800"}'
    await guest.refused("/quotes", 422, content=body, headers={"content-type": "application/json"})


async def test_not_json_too_much_and_not_that_way(guest: Program) -> None:
    await guest.refused("/quotes", 415, content=b"lines=1")
    await guest.refused("/quotes", 415, content=b"{}", headers={"content-type": "text/json"})
    headers = {"content-type": "application/json"}
    await guest.refused("/quotes", 413, content=b'{"coupon": "' + b"x" * 300_000 + b'"}', headers=headers)
    answer = await guest.ask("DELETE", "/products")
    assert (answer.status_code, "GET" in answer.headers["allow"]) == (405, True)
    assert (await guest.ask("GET", "/quotes")).status_code == 405


async def test_another_site_cannot_make_a_browser_ask(guest: Program) -> None:
    await guest.refused("/quotes", 403, json={}, headers={"sec-fetch-site": "cross-site"})


async def test_a_database_that_does_not_answer_is_said_so(guest: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(rows, "connection", gone)
    answer = await guest.ask("GET", "/articles")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_what_breaks_inside_is_no_page_either(guest: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("web.api.catalogue.articles.article_list", broken)
    monkeypatch.setattr("web.api.members.plans.plan_catalogue.active_plans", broken)
    answer = await guest.ask("GET", "/plans")
    assert answer.status_code == 500 and "secret" not in answer.text


async def test_every_operation_says_no_in_json(guest: Program) -> None:
    """Of all that is routed below /api, none answers a stranger's nonsense with a page or a failure."""
    for controller in CONTROLLERS:
        if not str(controller.path).startswith("/api/v1"):
            continue
        for handler in vars(controller).values():
            if isinstance(handler, HTTPRouteHandler):
                await _nonsense(guest, str(controller.path).removeprefix("/api/v1"), handler)


async def _nonsense(guest: Program, path: str, handler: Any) -> None:
    whole = (path + sorted(handler.paths)[0].rstrip("/")).replace("{slug:str}", "%00").replace("{number:str}", "%00")
    for method in handler.http_methods:
        if whole == "/openapi.json":
            continue
        answer = await guest.ask(method, f"{whole}?page=-1&cursor=%00&limit=x&at=y&email=%00", content=b"\x00")
        assert answer.status_code < 500 and "json" in answer.headers["content-type"], (method, whole, answer.text)
