"""What the shop asks of people: the forms on its pages by the route that takes them, and its routes' parameters."""

import inspect
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import Element

from litestar import Litestar

from tests.support.pages import Browser, Page
from web.routes import CONTROLLERS

SEEN_OF_EACH = 2
"""So many pages of one kind are looked at: their forms may differ with what they show."""

APP = Litestar(route_handlers=list(CONTROLLERS), openapi_config=None)
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


def routes(method: str) -> dict[str, Any]:
    """The handler of each route that takes the method, by its path."""
    found = {}
    for route in APP.routes:
        for handler in getattr(route, "route_handlers", []):
            if method in getattr(handler, "http_methods", ()):
                found[route.path] = handler
    return found


GETS, POSTS = routes("GET"), routes("POST")


def _patterns(known: dict[str, Any]) -> list[tuple[str, re.Pattern[str]]]:
    ordered = sorted(known, key=lambda path: (path.count("{"), path))
    return [(path, re.compile("^" + re.sub(r"\{[^}]*\}", "[^/]+", path) + "$")) for path in ordered]


_GETS, _POSTS = _patterns(GETS), _patterns(POSTS)


def kind_of(path: str, patterns: list[tuple[str, re.Pattern[str]]]) -> str | None:
    return next((name for name, pattern in patterns if pattern.match(path)), None)


def plain_below(start: str) -> list[str]:
    """The addresses of pages without a name in them."""
    return sorted(path for path in GETS if path.startswith(start) and "{" not in path)


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
        kind = kind_of(urlsplit(address).path, _GETS)
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
        if parts.query and (kind := kind_of(parts.path, _GETS)):
            found.queries.setdefault(kind, set()).update(name for name, _ in parse_qsl(parts.query))


def _note_form(found: Found, element: Element, here: str, page: Page) -> None:
    from tests.support.pages import Form

    form = Form(element, here)
    names = tuple(dict.fromkeys(one.get("name", "") for one in element.iter() if one.get("name")))
    path = urlsplit(form.action).path
    if form.method == "get":
        if kind := kind_of(path, _GETS):
            found.queries.setdefault(kind, set()).update(names)
        return
    kind = kind_of(path, _POSTS)
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
