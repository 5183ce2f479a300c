"""In which language a request is answered: that of its address, of the visitor's choice, or the shop's own.

`/de/products/x` is the page `/products/x` in German; search engines find it by its `hreflang`. Whoever opens one is
answered in that language from then on. Staff pages and the API are in English, and a
new shop asks its questions in the language of the browser.
"""

from typing import Any

from litestar.datastructures import Cookie

from components.foundation import settings
from components.foundation.languages import catalogues, language

COOKIE = "language"
KEPT = 365 * 24 * 3600
SETUP = "/setup"
IN_ENGLISH = ("/staff", "/api/", "/offline-payments", "/hooks/")


def take_from_address(scope: Any) -> str | None:
    """The language that begins the address, which is then answered as if it did not."""
    if scope["method"] not in {"GET", "HEAD"}:
        return None
    path: str = scope["path"]
    first, _, rest = path[1:].partition("/")
    if first == language.own() or first not in language.offered() or _has_one_language(rest):
        return None
    scope["path"] = f"/{rest}"
    raw: bytes = scope.get("raw_path") or b""
    if raw.startswith(f"/{first}".encode()):
        scope["raw_path"] = raw[len(first) + 1 :] or b"/"
    return first


def of_request(scope: Any, cookies: dict[str, str], in_address: str | None) -> str:
    if _begins(scope["path"], IN_ENGLISH):
        return language.STAFF
    if _begins(scope["path"], (SETUP,)):
        return _of_browser(scope)
    known = scope["visitor"].signed_in
    wish = in_address or cookies.get(COOKIE) or (known.language if known else None)
    return language.chosen(wish)


def _has_one_language(path: str) -> bool:
    return _begins(path, (*IN_ENGLISH, SETUP))


def _begins(path: str, beginnings: tuple[str, ...]) -> bool:
    """However many strokes it begins with: the routes take them for one."""
    return f"/{path.lstrip('/')}".startswith(beginnings)


def _of_browser(scope: Any) -> str:
    """The first language of the browser's that there is a catalogue of; else that of the shop's country, once it is
    known."""
    wished = next((value for name, value in scope["headers"] if name == b"accept-language"), b"").decode("latin-1")
    codes = (one.split(";")[0].strip().partition("-")[0].lower() for one in wished.split(",")[:10])
    return next((code for code in codes if code in catalogues.codes()), language.own())


def content_header(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """What tells programs the language of a page."""
    is_page = any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers)
    return [(b"content-language", language.tag().encode())] if is_page else []


def cookie(code: str) -> Cookie:
    """The visitor's choice, kept for a year."""
    return Cookie(
        key=COOKIE, value=code, max_age=KEPT, httponly=True, samesite="lax", secure=settings.current().is_https
    )


def kept_header(cookies: dict[str, str], in_address: str | None) -> list[tuple[bytes, bytes]]:
    """What makes the browser keep the language of the address."""
    if in_address is None or cookies.get(COOKIE) == in_address:
        return []
    return [(b"set-cookie", cookie(in_address).to_header(header="").strip().encode())]
