"""Every route says who may come in, and answers those who may not."""

import re
from collections import Counter
from typing import Any

import pytest
from litestar.handlers import HTTPRouteHandler

from tests.support import site_map
from web.views import SECRET_IN_ADDRESS


def handlers() -> list[tuple[str, str, HTTPRouteHandler]]:
    found = []
    for route in site_map.app().routes:
        for handler in getattr(route, "route_handlers", []):
            found += [(method, route.path, handler) for method in sorted(getattr(handler, "http_methods", []))]
    return sorted((each for each in found if each[0] != "OPTIONS"), key=lambda each: (each[1], each[0]))


def guards_of(handler: Any) -> list[str]:
    """A guard's name, unwrapped from what the framework wraps it in; the application's own guard is not counted."""
    return [getattr(guard, "func", guard).__qualname__ for guard in handler.resolve_guards()]


@pytest.fixture(scope="module")
def stated() -> dict[str, list[str]]:
    """The guards of each route."""
    return {f"{method} {path}": guards_of(handler) for method, path, handler in handlers()}


PLAIN = frozenset({"name", "plan", "slug", "version"})


def test_a_secret_in_an_address_is_named_as_one() -> None:
    """What it opens is kept out of every cache by the name of the parameter: a new one is `token`, or is named here."""
    open_to_all = {path for _, path, _ in handlers() if not path.startswith(tuple(ROOMS))}
    named = {name for path in open_to_all for name in re.findall(r"\{(\w+):str\}", path)}
    assert named == PLAIN | SECRET_IN_ADDRESS


ROOMS = {"/staff": ("staff", "owner"), "/account": ("signed_in", "member"), "/api": ("caller", "program(")}


def test_every_route_states_who_may_come_in(stated: dict[str, list[str]]) -> None:
    assert len(stated) > 200
    assert [route for route, guards in stated.items() if not guards] == []


def test_everything_below_a_room_is_for_whom_the_room_is_for(stated: dict[str, list[str]]) -> None:
    wrong, counted = [], Counter[str]()
    for route, guards in stated.items():
        path = route.split(" ", 1)[1]
        for room, wanted in ROOMS.items():
            if path.startswith(room):
                counted[room] += 1
                if not any(words in " ".join(guards) for words in wanted):
                    wrong.append(f"{route}: {guards}")
    assert wrong == []
    assert all(counted[room] > 10 for room in ROOMS)
