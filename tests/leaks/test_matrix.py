"""Nobody is shown what is not for them, and nobody is kept from what is: every persona, every edge, every surface.

`make leaks` asks in every cell of the matrix; without it the same thirtieth is asked each time (see `matrix.sample`).
"""

import os
import re
from collections import Counter

import pytest

from tests.leaks import matrix, personas
from tests.leaks.conftest import Scene
from tests.leaks.matrix import Findings, Moment
from tests.leaks.personas import Persona

ALL = os.environ.get("LEAKS") == "all"


async def _asked(scene: Scene, persona: Persona) -> list[Moment]:
    every = await matrix.moments_of(scene.world, persona)
    names = personas.NAMES
    return every if ALL else matrix.sample(every, names.index(persona.name), len(names))


@pytest.mark.parametrize("name", personas.NAMES)
async def test_nothing_leaks_and_nothing_is_kept_from_anybody(scene: Scene, name: str) -> None:
    persona = scene.personas[name]
    moments = await _asked(scene, persona)
    findings = await matrix.look(scene.app, scene.world, scene.rows, persona, moments, Findings())
    assert findings.troubles == [], str(findings)


async def test_the_sample_meets_everybody_every_address_and_every_edge(scene: Scene) -> None:
    """And is no more than a thirtieth of the edges; what the seeded faults need is asked in full by their own tests."""
    asked, edges, sampled = set(), set(), Counter[str]()
    for name in personas.NAMES:
        every = await matrix.moments_of(scene.world, scene.personas[name])
        chosen = matrix.sample(every, personas.NAMES.index(name), len(personas.NAMES))
        assert {(at, one) for at, of in chosen for one in of} <= {(at, one) for at, of in every for one in of}
        sampled["every"] += sum(len(addresses) for _, addresses in every)
        sampled[name] = sum(len(addresses) for _, addresses in chosen)
        asked |= {address for _, addresses in chosen for address in addresses}
        edges |= {at for at, _ in chosen}
    assert asked == set(matrix.every_address(scene.world))
    assert edges >= {at for at, _ in matrix.around(matrix.common_moments(scene.world))}
    assert all(sampled[name] > 20 for name in personas.NAMES)
    assert 1 / 40 < sum(sampled[name] for name in personas.NAMES) / sampled["every"] < 1 / 25


async def test_the_matrix_is_large(scene: Scene) -> None:
    everybody = [await matrix.moments_of(scene.world, persona) for persona in scene.personas.values()]
    assert len(everybody) > 20
    assert sum(len(addresses) for moments in everybody for _, addresses in moments) > 20_000


ELSEWHERE = {
    "/health/live", "/health/ready", "/up", "/metrics",  # figures of the machine
    "/mailbox", "/mailbox/{email_id}", "/mailbox/{email_id}/sheet",  # only where nothing is posted
    "/sign-in/email", "/sign-in/email/{token}", "/sign-in/code", "/account/confirmation/{token}",  # forms and tokens
    "/orders/{token}", "/account/orders/{number}", "/gifts/bought/{gift_id}",  # what was agreed, for who agreed to it
    "/invoices/{token}", "/invoices/{token}/pdf", "/account/invoices",  # what was printed for somebody, once
    "/account/invoices/address", "/account/given/{gift_id}/address",  # what they typed themselves
    "/account/orders/earlier",  # what their confirmed e-mail ordered elsewhere
    "/orders/{token}/lines/{n}/why", "/account/orders/{number}/lines/{n}/why",  # the same, line by line
    "/basket/lines/{line_id}/why",  # a line that the basket shows, found through what it shows
    "/account/addresses/{address_id}", "/household/{seat_id}/{token}",
    "/brand/{name}", "/brand/{version}/{name}", "/favicon.ico", "/site.webmanifest",  # the shop's own looks
    "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png",
    "/pages/{slug}",  # words of staff, the same for everybody
    "/setup", "/setup/emails", "/setup/link/{token}", "/setup/payments", "/setup/shop",  # gone once a shop is open
    "/unsubscribe/{slug}/{written}", "/e-mails/confirm/{written}",  # their own address, by a link sent there
    "/cancel-membership/received/{written}", "/cancel-membership/confirm/{written}",
    "/cancel-membership/now/{written}", "/withdraw/received/{written}",  # what somebody typed themselves
    "/account/privacy/data.zip",  # what data.json says, packed
    "/account/waiting/{request_id}",  # what became of a change the person asked for
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
