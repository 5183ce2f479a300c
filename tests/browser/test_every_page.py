"""Every page that a person can reach by links: it answers, fits the window, and axe finds nothing to complain about.

Each is measured wide and narrow. `make pages` lets axe examine both looks; without it axe examines one of them, and the
next page in the other.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visits
from tests.support import site_map

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
Looking = Callable[[Page, str], None]
NOT_PAGES = re.compile(
    r"\.(xml|txt|json|csv|webp|zip)$|^/(pictures|static|health|metrics|offline-payments|hooks)\b|/export|/pdf$|/staff/imports/catalogue/"
)


def walk(page: Page, start: str, *, within: str, look: Looking) -> dict[str, str]:
    """One address for each kind of page that can be reached by links from `start`; each is looked at when found."""
    found: dict[str, str] = {}
    waiting = [start]
    while waiting:
        path = waiting.pop(0)
        kind = site_map.kind_of(urlsplit(path).path)
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


AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
ASK = "options => axe.run(options).then(found => found.violations.map(one => [one.id, one.nodes[0].html]))"


SPILLED = """() => {
  const scrolls = e => e && (/auto|scroll|hidden|clip/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement))
  const frames = e => getComputedStyle(e).backgroundColor !== 'rgba(0, 0, 0, 0)'
    || parseFloat(getComputedStyle(e).borderInlineEndWidth) > 0
  const found = []
  for (const box of document.querySelectorAll('main *')) {
    const style = getComputedStyle(box)
    if (/inline$|contents|none/.test(style.display) || style.whiteSpace.startsWith('pre')) continue
    if (box.closest('svg')) continue
    for (const words of [...box.childNodes].filter(n => n.nodeType === 3 && n.data.trim())) {
      const range = document.createRange()
      range.selectNodeContents(words)
      const { left, right, width } = range.getBoundingClientRect()
      for (let e = box; width && e.tagName !== 'MAIN'; e = e.parentElement) {
        if (e !== box && !frames(e)) continue
        const { left: from, right: to } = e.getBoundingClientRect(), { paddingLeft, paddingRight } = getComputedStyle(e)
        const isOut = right > to - parseFloat(paddingRight) + 1 || left < from + parseFloat(paddingLeft) - 1
        if (isOut && !scrolls(box)) found.push(words.data.trim())
      }
    }
  }
  return [...new Set(found)]
}"""
"""Words in the edge of their own box, or of a frame around it, or beyond; where nothing can be scrolled."""


def complaints(page: Page) -> list[str]:
    page.evaluate(REPEATED)
    page.evaluate(AXE)
    return [f"{rule}: {where[:160]}" for rule, where in page.evaluate(ASK, RULES)]


ALL = os.environ.get("PAGES") == "all"
LOOKS = ((1280, "light"), (390, "dark"))


def dress(page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]


PEOPLE = [
    ("guest", "/", "/"),
    ("maya", "/account", "/account"),
    ("noor", "/account", "/account"),
    ("iris", "/staff", "/staff"),
]


@pytest.mark.parametrize(("who", "start", "within"), PEOPLE, ids=[who for who, _, _ in PEOPLE])
def test_every_page_answers_fits_and_is_accessible(visit: Visits, who: str, start: str, within: str) -> None:
    wrong: list[str] = []
    examined: list[str] = []

    def look(page: Page, path: str) -> None:
        """A page comes in the look that it is examined in: while colours change there is less contrast."""
        own, other = LOOKS[len(examined) % 2], LOOKS[1 - len(examined) % 2]
        examined.append(path)
        for width, _ in (other, own):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{path} is wider than {width}")
            wrong.extend(f"{path} at {width}: in the edge of its frame: {words}" for words in page.evaluate(SPILLED))
        wrong.extend(f"{path} at {own[0]} {words}" for words in complaints(page))
        dress(page, *other)
        if ALL:
            page.goto(path)
            wrong.extend(f"{path} at {other[0]} {words}" for words in complaints(page))

    page = visit() if who == "guest" else visit.signed_in(f"{who}@kiln.test")
    found = walk(page, start, within=within, look=look)
    assert len(found) >= 8, found
    assert not wrong, "\n".join(wrong)
