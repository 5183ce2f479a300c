"""Every route says who may come in, and answers those who may not."""

from typing import Any

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from web.routes import CONTROLLERS

APP = Litestar(route_handlers=list(CONTROLLERS), openapi_config=None)


def handlers() -> list[tuple[str, str, HTTPRouteHandler]]:
    found = []
    for route in APP.routes:
        for handler in getattr(route, "route_handlers", []):
            found += [(method, route.path, handler) for method in sorted(getattr(handler, "http_methods", []))]
    return sorted((each for each in found if each[0] != "OPTIONS"), key=lambda each: (each[1], each[0]))


def guards_of(handler: Any) -> list[str]:
    """A guard's name, unwrapped from what the framework wraps it in; the application's own guard is not counted."""
    return [getattr(guard, "func", guard).__qualname__ for guard in handler.resolve_guards()]


@pytest.mark.parametrize(("method", "path", "handler"), handlers(), ids=lambda value: str(value)[:60])
def test_a_route_states_who_may_come_in(method: str, path: str, handler: HTTPRouteHandler) -> None:
    assert guards_of(handler), f"{method} {path} states no guard"


STATED = {f"{method} {path}": guards_of(handler) for method, path, handler in handlers()}


@pytest.mark.parametrize("route", sorted(STATED))
def test_everything_below_a_room_is_for_whom_the_room_is_for(route: str) -> None:
    path = route.split(" ", 1)[1]
    guards = " ".join(STATED[route])
    if path.startswith("/staff"):
        assert "staff" in guards or "owner" in guards, guards
    elif path.startswith("/account"):
        assert "signed_in" in guards or "member" in guards, guards
    elif path.startswith("/api"):
        assert "caller" in guards or "program(" in guards, guards
