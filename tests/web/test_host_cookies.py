"""Over https every cookie has the `__Host-` prefix, and none without it is read."""

import dataclasses

import pytest

from components.foundation import settings
from tests.support import people
from tests.support.cells import every_cell
from tests.support.shops import Shop
from web.edge import host_cookies
from web.edge.security import Edge


@every_cell(
    ("given", "expected"),
    [
        (b"__Host-session=a; basket=b; __Host-flash=c", b"session=a; flash=c"),
        (b"session=stolen", b""),
        (b"", b""),
        (b"__Host-__Host-session=a", b"__Host-session=a"),
    ],
)
def test_only_cookies_bound_to_this_host_are_read(given: bytes, expected: bytes) -> None:
    assert host_cookies.received([(b"cookie", given)]) == [(b"cookie", expected)]


async def test_all_cookies_of_a_shop_over_https_are_prefixed_and_signing_out_clears_what_was_kept(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = dataclasses.replace(settings.current(), base_url="https://shop.test")
    monkeypatch.setattr(settings, "current", lambda: known)
    shop.app = Edge(shop.app.inner)
    await people.owner("iris@kiln.test")
    browser = shop.browser()
    browser.client.base_url = "https://shop.test"
    seen: list[str] = []
    for path, data in (
        ("/sign-in/email", {"email": "iris@kiln.test", "next": "/staff"}),
        ("/sign-in", {"email": "iris@kiln.test", "password": "kiln-demo"}),
        ("/staff/preview", {"who": "guest"}),
        ("/staff/preview/end", {}),
        ("/account/sessions/others/end", {}),
        ("/account/sign-out", {}),
    ):
        answer = await browser.client.post(path, data=data, follow_redirects=False)
        assert answer.status_code == 303, (path, answer.status_code)
        seen += answer.headers.get_list("set-cookie")
        if path == "/account/sign-out":
            assert answer.headers["clear-site-data"] == '"cache", "storage"'
        assert "includeSubDomains" not in answer.headers["strict-transport-security"]
    names = {one.partition("=")[0] for one in seen}
    assert {"__Host-session", "__Host-pending-sign-in", "__Host-preview", "__Host-flash"} <= names
    for cookie in seen:
        assert cookie.startswith("__Host-") and "; Path=/; Secure" in cookie and "domain" not in cookie.lower()
