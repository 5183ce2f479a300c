"""The edge: what is the same on every answer, and what never reaches the shop."""

from tests.support.cells import every_cell
from tests.support.shops import Shop
from web.edge.security import Edge, is_cross_site

OWN = b"http://shop.test"
ALWAYS = {"content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options", "x-request-id",
          "permissions-policy", "cross-origin-opener-policy"}  # fmt: skip


@every_cell(
    ("headers", "is_refused"),
    [
        ({b"sec-fetch-site": b"same-origin"}, False),
        ({b"sec-fetch-site": b"none"}, False),
        ({b"sec-fetch-site": b"cross-site"}, True),
        ({b"sec-fetch-site": b"same-site"}, True),
        ({b"origin": b"http://shop.test", b"host": b"shop.test"}, False),
        ({b"origin": b"http://evil.test", b"host": b"shop.test"}, True),
        ({b"origin": b"null", b"host": b"shop.test"}, True),
        ({}, False),
    ],
)
def test_writes_that_another_site_made_the_browser_send_are_refused(
    headers: dict[bytes, bytes], is_refused: bool
) -> None:
    assert is_cross_site("POST", "/basket/lines", headers, OWN) is is_refused


def test_reading_from_other_sites_is_welcome_and_webhooks_prove_themselves() -> None:
    assert not is_cross_site("GET", "/products", {b"sec-fetch-site": b"cross-site"}, OWN)
    assert not is_cross_site("POST", "/hooks/stripe", {b"sec-fetch-site": b"cross-site"}, OWN)


async def test_every_answer_carries_the_headers(shop: Shop) -> None:
    browser = shop.browser()
    for address in ("/", "/nowhere", "/account", "/staff", "/health/live", "/static/nowhere.css"):
        page = await browser.get(address)
        assert set(page.headers) >= ALWAYS, f"{address} lacks {ALWAYS - set(page.headers)}"
        assert "unsafe" not in page.headers["content-security-policy"]
        assert page.headers["content-security-policy"].startswith("default-src 'none'")


async def test_a_cross_site_write_is_a_403_and_changes_nothing(shop: Shop) -> None:
    page = await shop.browser().client.post("/sign-in", headers={"sec-fetch-site": "cross-site"}, data={})
    assert page.status_code == 403


async def test_head_answers_like_get_without_a_body(shop: Shop) -> None:
    client = shop.browser().client
    head, whole = await client.head("/"), await client.get("/")
    assert head.status_code == whole.status_code == 200
    assert head.content == b""
    assert head.headers["etag"] == whole.headers["etag"]


async def test_a_guests_page_sets_no_cookie_and_may_be_kept(shop: Shop) -> None:
    page = await shop.browser().get("/")
    assert "set-cookie" not in page.headers
    assert page.headers["cache-control"] == "public, max-age=0, must-revalidate"
    again = await shop.browser().client.get("/", headers={"if-none-match": page.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


async def test_nothing_at_an_address_is_a_page_of_the_shop(shop: Shop) -> None:
    page = await shop.browser().get("/nothing/here")
    assert page.status == 404
    assert "Kiln" in page.words


async def test_the_wrong_method_is_told_which_are_right(shop: Shop) -> None:
    page = await shop.browser().client.post("/health/live")
    assert page.status_code == 405


async def test_a_forged_session_cookie_is_nobody(shop: Shop) -> None:
    browser = shop.browser()
    for forged in ("x", "A" * 43, "' OR 1=1 --", "\x7f\x80"):
        browser.client.cookies.set("session", forged.encode("latin-1").decode("ascii", "replace").replace("�", "?"))
        page = await browser.get("/account")
        assert page.path.startswith("/sign-in"), forged


def test_opened_under_another_name_of_this_machine_the_browser_is_sent_to_the_shops_own() -> None:
    edge = Edge(None)
    edge.own_origin = b"http://127.0.0.1:8000"
    assert edge._is_other_name_of_this_machine("GET", "/", b"localhost:8000")
    assert not edge._is_other_name_of_this_machine("GET", "/", b"127.0.0.1:8000")
    assert not edge._is_other_name_of_this_machine("GET", "/", b"shop.example.org")
    assert not edge._is_other_name_of_this_machine("POST", "/", b"localhost:8000")
