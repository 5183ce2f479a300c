"""Every page that a person can reach by links: it answers, fits the window, and axe finds nothing to complain about."""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from litestar import Litestar
from playwright.sync_api import Page

from tests.browser.conftest import Visits
from web.routes import CONTROLLERS

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
NOT_PAGES = re.compile(
    r"\.(xml|txt|json|csv|webp)$|^/(pictures|static|health|metrics|offline-payments|hooks)\b|/export|/staff/imports/catalogue/"
)


def patterns() -> list[tuple[str, re.Pattern[str]]]:
    """The addresses of the site map; the plain ones before those with a name in them."""
    routes = Litestar(route_handlers=list(CONTROLLERS), openapi_config=None).routes
    paths = sorted({route.path for route in routes}, key=lambda path: (path.count("{"), path))
    return [(path, re.compile("^" + re.sub(r"\{[^}]*\}", "[^/]+", path) + "$")) for path in paths]


PATTERNS = patterns()


def kind_of(path: str) -> str | None:
    return next((name for name, pattern in PATTERNS if pattern.match(path)), None)


def walk(page: Page, start: str, *, within: str) -> dict[str, str]:
    """One address for each kind of page that can be reached by links from `start`."""
    found: dict[str, str] = {}
    waiting = [start]
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(urlsplit(path).path)
        if kind is None or kind in found:
            continue
        answer = page.goto(path)
        assert answer is not None
        assert answer.status < 400, f"{path} answered {answer.status}"
        found[kind] = path
        hrefs = page.eval_on_selector_all("a[href^='/']", "links => links.map(a => a.getAttribute('href'))")
        waiting += [h for h in dict.fromkeys(hrefs) if h.startswith(within) and not NOT_PAGES.search(urlsplit(h).path)]
    return found


def complaints(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]


PEOPLE = [
    ("guest", "/", "/"),
    ("maya", "/account", "/account"),
    ("noor", "/account", "/account"),
    ("iris", "/staff", "/staff"),
]


@pytest.mark.parametrize(("who", "start", "within"), PEOPLE, ids=[who for who, _, _ in PEOPLE])
def test_every_page_answers_fits_and_is_accessible(visit: Visits, who: str, start: str, within: str) -> None:
    page = visit() if who == "guest" else visit.signed_in(f"{who}@kiln.test")
    found = walk(page, start, within=within)
    assert len(found) >= 8, found
    wrong = []
    for width, scheme in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for path in found.values():
            page.goto(path)
            wrong += [f"{path} {width} {scheme} {words}" for words in complaints(page)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{path} is wider than {width}")
    assert not wrong, "\n".join(wrong)
