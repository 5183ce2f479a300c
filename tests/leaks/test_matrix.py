"""Nobody is shown what is not for them, and nobody is kept from what is: every persona, every edge, every surface."""

import re

import pytest

from tests.leaks import matrix, personas
from tests.leaks.conftest import Scene
from tests.leaks.matrix import Findings

GROUPS = 2


def _grouped() -> list[object]:
    return [
        pytest.param(name, marks=pytest.mark.xdist_group(f"leaks-{turn % GROUPS}"))
        for turn, name in enumerate(personas.NAMES)
    ]


@pytest.mark.parametrize("name", _grouped())
async def test_nothing_leaks_and_nothing_is_kept_from_anybody(scene: Scene, name: str) -> None:
    persona = scene.personas[name]
    moments = await matrix.moments_of(scene.world, persona)
    findings = await matrix.look(scene.app, scene.world, scene.rows, persona, moments, Findings())
    assert findings.troubles == [], str(findings)


async def test_the_matrix_is_large(scene: Scene) -> None:
    everybody = [await matrix.moments_of(scene.world, persona) for persona in scene.personas.values()]
    assert len(everybody) > 20
    assert sum(len(addresses) for moments in everybody for _, addresses in moments) > 20_000


ELSEWHERE = {
    "/health/live", "/health/ready", "/metrics",  # figures of the machine
    "/mailbox", "/mailbox/{letter_id}", "/mailbox/{letter_id}/sheet",  # only where nothing is posted
    "/sign-in/letter", "/sign-in/letter/{token}", "/sign-in/code", "/account/confirmation/{token}",  # forms and tokens
    "/orders/{token}", "/account/orders/{number}", "/gifts/bought/{gift_id}",  # what was agreed, for who agreed to it
    "/orders/{token}/lines/{n}/why", "/account/orders/{number}/lines/{n}/why",  # the same, line by line
    "/basket/lines/{line_id}/why",  # a line that the basket shows, found through what it shows
    "/account/addresses/{address_id}", "/household/{seat_id}/{token}",
}  # fmt: skip
"""Pages that name no products or articles but those of somebody's own order."""


def test_every_page_of_the_shop_is_in_the_matrix(scene: Scene) -> None:
    asked = [address.path.partition("?")[0] for address in matrix.every_address(scene.world)]
    pages = {route.path_format for route in scene.app.inner.routes if "GET" in getattr(route, "methods", ())}
    for page in sorted(pages - ELSEWHERE):
        if not page.startswith("/staff"):
            pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", page))
            assert any(pattern.fullmatch(path) for path in asked), f"{page} is not in the matrix"
    assert any(address.body for address in matrix.every_address(scene.world) if address.path == "/api/v1/quotes")
