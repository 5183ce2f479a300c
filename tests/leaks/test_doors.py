"""What may be put in a basket and what may be paid for is what may be bought: asked again at each door."""

from typing import Any

import pytest

from components.catalog import visibility
from components.catalog.early_access import purchases
from components.catalog.visibility import Availability, PurchaseStatus
from components.checkout.placement import order_placement
from components.checkout.placement.payment_page import PlacedOrder
from components.foundation import clock, database
from components.orders.views import OrderView
from tests.leaks import asking, matrix, sight
from tests.leaks.asking import Address
from tests.leaks.conftest import Scene, undone
from tests.leaks.matrix import DATED, HEAD_STARTS, ITS_OWN, around
from tests.leaks.world import T
from tests.support.pages import Browser

BUYERS = (
    "guest",
    "customer",
    "monthly",
    "annual",
    "patron",
    "cancelling",
    "cancelled",
    "in_grace",
    "after_grace",
    "given",
)
OPEN = Availability(PurchaseStatus.OPEN, None, None)
TYPED = {"name": "Noor", "line1": "4 Mill Lane", "city": "Leeds", "postcode": "ls1 4ab", "email": "noor@example.org"}


def _edges() -> list[tuple[Any, str]]:
    edges = [
        (opens - lead, key) for key, opens in DATED.items() for lead in (*HEAD_STARTS, ITS_OWN.get(key, HEAD_STARTS[0]))
    ]
    always = [(T, key) for key in ("plain", "club", "vault", "draft", "archived")]
    return [(at, keys) for at, keys in around([*edges, *always])]  # type: ignore[list-item, misc, arg-type]


async def _wrongly_added(scene: Scene, name: str) -> list[str]:
    persona, wrong = scene.personas[name], []
    session = persona.cookies.split(";")[0]
    for at, key in _edges():
        clock.set_everywhere(at)
        await database.execute("UPDATE basket_line SET quantity = 1")
        seen = sight.of(scene.world, scene.rows, persona, at)
        for variant in map(str, scene.world.variants[key]):
            answer = await asking.ask(scene.app, Address("/basket"), session, form=f"variant={variant}".encode())
            if (answer.headers.get("location") == "/basket") != (variant in seen.open_variants):
                wrong.append(f"{name} at {at} {key}: {answer.status} {answer.headers.get('location')}")
            if key not in seen.shown and f"qz{key}" in str(answer.headers):
                wrong.append(f"{name} at {at}: {key} is named by where it leads")
    return wrong


@pytest.mark.parametrize("name", BUYERS)
async def test_only_what_may_be_bought_goes_into_a_basket(scene: Scene, name: str) -> None:
    assert await _wrongly_added(scene, name) == []


async def test_a_basket_that_does_not_ask_is_seen(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visibility, "availability_of", lambda *_: OPEN)
    assert await _wrongly_added(scene, "guest")


async def _ordered(scene: Scene, name: str, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The variants that can be ordered now with everything in the basket; without going to a payment page."""
    placed: list[OrderView] = []

    async def open_page(order: OrderView, *_: object, **__: object) -> PlacedOrder:
        placed.append(order)
        return PlacedOrder(order, None)

    monkeypatch.setattr(order_placement, "open_page", open_page)
    browser = Browser(scene.app)
    browser.client.headers["cookie"] = scene.personas[name].cookies
    page = await browser.get("/checkout")
    data = {**page.form("/checkout").given, **TYPED}
    await browser.client.post("/checkout", data=data, follow_redirects=False)
    await browser.close()
    return {str(line.variant_id) for order in placed for line in order.lines}


@pytest.mark.parametrize("name", ("basket", "customer", "monthly", "annual", "patron", "after_grace", "in_grace"))
async def test_only_what_may_be_bought_is_ordered(scene: Scene, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for at in (T, DATED["soon"] - matrix.SECOND, DATED["soon"]):
        clock.set_everywhere(at)
        seen = sight.of(scene.world, scene.rows, scene.personas[name], at)
        async with undone():
            assert await _ordered(scene, name, monkeypatch) == seen.open_variants, at


async def test_placing_that_does_not_ask_is_seen(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visibility, "availability_of", lambda *_: OPEN)
    monkeypatch.setattr(purchases, "record", _takes_from_anybody)
    seen = sight.of(scene.world, scene.rows, scene.personas["basket"], T)
    async with undone():
        assert await _ordered(scene, "basket", monkeypatch) > seen.open_variants


async def test_what_is_not_open_to_everybody_is_refused_by_the_shelf_when_no_page_asks(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second door behind the first: the row of the product says that it is early, and for whom it is open."""
    monkeypatch.setattr(visibility, "availability_of", lambda *_: OPEN)
    async with undone():
        assert await _ordered(scene, "basket", monkeypatch) == set()


async def _takes_from_anybody(*_: Any, **__: Any) -> None:
    """The door of the shelf, left open."""
