"""Two people in turn: whatever is kept from the one is no part of what the other gets."""

import re
from itertools import permutations

import pytest

from components.catalog.snapshot import snapshot_refresh
from components.memberships.plans import plan_cache
from tests.leaks import asking, matrix
from tests.leaks.asking import Answer
from tests.leaks.conftest import Scene

PEOPLE = ("guest", "basket", "customer", "friend", "monthly", "annual")
KEPT = (
    *matrix.SHELVES,
    *matrix.PAPERS,
    *matrix.of_product("priced"),
    *matrix.whole("/collections", "/join", "/products?stock=1&least=1", "/search?q=hushgated"),
    *matrix.whole("/api/v1/collections", "/api/v1/plans", "/api/v1/search?q=hushgated", "/api/v1/openapi.json"),
)
_OF_ONE_ANSWER = re.compile(r'nonce="[^"]*"|nonce-[\w-]+|<updated>[^<]*</updated>')


async def _anew() -> None:
    """As if nothing had been drawn yet: every cache is keyed by the version of what it shows."""
    await snapshot_refresh.refresh()
    await plan_cache.refresh()


def _body(answer: Answer) -> str:
    return _OF_ONE_ANSWER.sub("", answer.text)


@pytest.mark.parametrize(("first", "second"), list(permutations(PEOPLE, 2)), ids="-".join)
async def test_the_second_gets_what_she_would_have_got_alone(scene: Scene, first: str, second: str) -> None:
    one, other = scene.personas[first].cookies, scene.personas[second].cookies
    await _anew()
    alone = [await asking.ask(scene.app, address, other) for address in KEPT]
    await _anew()
    for address, expected in zip(KEPT, alone, strict=True):
        await asking.ask(scene.app, address, one)
        for _ in range(2):
            assert _body(await asking.ask(scene.app, address, other)) == _body(expected), address


async def test_a_tag_of_one_is_no_answer_for_another(scene: Scene) -> None:
    """What a guest's browser kept is not confirmed to a member, and a member's page has nothing to confirm."""
    for address in KEPT:
        guests = await asking.ask(scene.app, address, "")
        members = await asking.ask(scene.app, address, scene.personas["annual"].cookies)
        assert "etag" not in members.headers or members.headers["etag"] == guests.headers.get("etag"), address
        if tag := guests.headers.get("etag"):
            again = await asking.ask(scene.app, address, "", if_none_match=tag)
            theirs = await asking.ask(scene.app, address, scene.personas["annual"].cookies, if_none_match=tag)
            assert (again.status, again.text) == (304, ""), address
            assert theirs.status == 200 or not theirs.is_private, address
