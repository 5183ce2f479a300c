"""Every page that a person can reach by links: it answers, fits the window, and axe finds nothing to complain about."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from litestar import Litestar
from playwright.sync_api import Page

from tests.browser.conftest import Visits
from web.routes import CONTROLLERS

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
Look = Callable[[Page, str], None]
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


def walk(page: Page, start: str, *, within: str, look: Look) -> dict[str, str]:
    """One address for each kind of page that can be reached by links from `start`; each is looked at when found."""
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
        look(page, path)
    return found


REPEATED = """() => {
  const own = new Set(['class', 'role', 'type', 'style', 'scope', 'colspan', 'open', 'hidden', 'disabled', 'lang'])
  const names = /^aria-(label|labelledby|describedby|controls)$/
  const said = a => own.has(a.name) || a.name.startsWith('aria-') && !names.test(a.name)
  const words = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) ? '.' : ''
  const shape = e => e.tagName + words(e) + [...e.attributes].map(a => a.name + (said(a) ? a.value : '')).sort().join()
    + '(' + [...e.children].map(shape).join('') + ')'
  for (const parent of document.querySelectorAll('main *')) {
    if (parent.children.length < 4) continue
    const seen = {}
    for (const child of [...parent.children]) {
      const is = shape(child)
      seen[is] = (seen[is] || 0) + 1
      if (seen[is] > 2) child.remove()
    }
  }
}"""
"""Of neighbours that differ in nothing but their words and addresses, two are enough to be examined."""


def complaints(page: Page) -> list[str]:
    page.evaluate(REPEATED)
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
    wrong: list[str] = []

    def opened(width: int, scheme: str) -> Page:
        how = {"width": width, "scheme": scheme}
        return visit(**how) if who == "guest" else visit.signed_in(f"{who}@kiln.test", **how)  # type: ignore[arg-type]

    def look(page: Page, path: str) -> None:
        width = page.evaluate("window.innerWidth")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{path} is wider than {width}")
        wrong.extend(f"{path} at {width} {words}" for words in complaints(page))

    found = walk(opened(1280, "light"), start, within=within, look=look)
    assert len(found) >= 8, found
    narrow = opened(390, "dark")
    for path in found.values():
        narrow.goto(path)
        look(narrow, path)
    assert not wrong, "\n".join(wrong)
