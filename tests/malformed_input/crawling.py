"""What the shop asks of people: the forms on its pages by the route that takes them, and its routes' parameters."""

import inspect
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import Element

from tests.support import site_map
from tests.support.pages import Browser, Page

SEEN_OF_EACH = 2
"""So many pages of one kind are looked at: their forms may differ with what they show."""

FRAMEWORK = {"self", "request", "visitor", "data", "body", "headers"}


@dataclass(frozen=True)
class Asked:
    """One form: where it goes, and what a browser would send of it untouched."""

    route: str
    action: str
    given: dict[str, Any]
    names: tuple[str, ...]
    files: frozenset[str]
    shown: frozenset[str]
    """Fields whose text a person sees and may type."""


@dataclass
class Found:
    pages: dict[str, list[str]] = field(default_factory=dict)
    forms: dict[str, Asked] = field(default_factory=dict)
    queries: dict[str, set[str]] = field(default_factory=dict)


def plain_below(start: str) -> list[str]:
    """The addresses of pages without a name in them."""
    return sorted(path for path in site_map.handlers("GET") if path.startswith(start) and "{" not in path)


def parameters(handler: Any) -> set[str]:
    """The query parameters that a handler names."""
    names = set(inspect.signature(handler.fn).parameters) - FRAMEWORK
    return {name for name in names if f"{{{name}:" not in "".join(handler.paths) + _own_path(handler)}


def _own_path(handler: Any) -> str:
    return "".join(str(getattr(layer, "path", "") or "") for layer in handler.ownership_layers)


async def crawl(browser: Browser, starts: list[str], within: tuple[str, ...]) -> Found:
    found, waiting = Found(), list(starts)
    met = set(waiting)
    while waiting:
        address = waiting.pop(0)
        kind = site_map.kind_of(urlsplit(address).path)
        if kind is None or len(found.pages.setdefault(kind, [])) >= SEEN_OF_EACH:
            continue
        page = await browser.get(address)
        if page.status >= 400 or "<html" not in page.text:
            continue
        found.pages[kind].append(address)
        note(found, page)
        for link in page.links():
            if link.startswith(within) and link not in met and "/export" not in link:
                met.add(link)
                waiting.append(link)
    return found


def note(found: Found, page: Page) -> None:
    """The forms and the addresses of a page."""
    here = page.path.split("?")[0]
    tree = page.tree
    for element in tree.iter("form"):
        _note_form(found, element, here, page)
    for link in tree.iter("a"):
        parts = urlsplit(link.get("href", ""))
        if parts.query and (kind := site_map.kind_of(parts.path)):
            found.queries.setdefault(kind, set()).update(name for name, _ in parse_qsl(parts.query))


def _note_form(found: Found, element: Element, here: str, page: Page) -> None:
    from tests.support.pages import Form

    form = Form(element, here)
    names = tuple(dict.fromkeys(one.get("name", "") for one in element.iter() if one.get("name")))
    path = urlsplit(form.action).path
    if form.method == "get":
        if kind := site_map.kind_of(path):
            found.queries.setdefault(kind, set()).update(names)
        return
    kind = site_map.kind_of(path, "POST")
    if kind is None or (kind in found.forms and len(found.forms[kind].names) >= len(names)):
        return
    fields = [one for one in element.iter() if one.get("name")]
    files = frozenset(one.get("name", "") for one in fields if one.get("type") == "file")
    shown = frozenset(one.get("name", "") for one in fields if _is_typed(one))
    found.forms[kind] = Asked(kind, form.action, form.given, names, files, shown)


def _is_typed(element: Element) -> bool:
    if element.tag == "textarea":
        return True
    kinds = {"text", "email", "number", "date", "datetime-local", "search", "tel"}
    return element.tag == "input" and element.get("type", "text") in kinds
