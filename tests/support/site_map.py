"""The routes of the site, put together when first asked about: that takes a second, and most tests never ask."""

import re
from functools import cache
from typing import Any

from litestar import Litestar

from web.routes import CONTROLLERS


@cache
def app() -> Litestar:
    return Litestar(route_handlers=list(CONTROLLERS), openapi_config=None)


@cache
def handlers(method: str) -> dict[str, Any]:
    """The handler of each route that takes the method, by its path."""
    return {
        route.path: handler
        for route in app().routes
        for handler in getattr(route, "route_handlers", [])
        if method in getattr(handler, "http_methods", ())
    }


def kind_of(path: str, method: str = "GET") -> str | None:
    """The route that this path is one of; the plain ones come before those with a name in them."""
    return next((name for name, pattern in _patterns(method) if pattern.match(path)), None)


@cache
def _patterns(method: str) -> list[tuple[str, re.Pattern[str]]]:
    ordered = sorted(handlers(method), key=lambda path: (path.count("{"), path))
    return [(path, re.compile("^" + re.sub(r"\{[^}]*\}", "[^/]+", path) + "$")) for path in ordered]
