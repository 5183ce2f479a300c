"""Letters name nothing that their reader may not see: those about a membership no product at all."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from components.checkout.placement import order_placement
from components.checkout.placement.payment_page import PlacedOrder
from components.foundation import clock, database
from components.memberships.facts import CancellationScheduled, MembershipStarted
from components.messaging.emails import membership_emails, order_emails
from components.orders.facts import OrderPaid
from components.orders.views import OrderView
from tests.leaks import sight, words
from tests.leaks.conftest import Scene, undone
from tests.leaks.test_doors import TYPED
from tests.leaks.words import Canary
from tests.leaks.world import DAY, T
from tests.support.pages import Browser


async def _written() -> list[frozenset[Canary]]:
    rows = await database.fetch("SELECT subject || html || text AS whole FROM email")
    return [words.found(row["whole"]) for row in rows]


async def _row(scene: Scene, name: str, table: str, owner: str) -> UUID:
    sql = f"SELECT id FROM {table} WHERE {owner} = $1"
    return UUID(str(await database.fetch_value(sql, scene.personas[name].person_id)))


async def test_letters_about_a_membership_name_no_product(scene: Scene) -> None:
    trialing = scene.personas["trialing"].person_id
    assert trialing is not None
    await database.execute("DELETE FROM email")
    started = MembershipStarted(await _row(scene, "trialing", "membership", "holder"), trialing, "subscription")
    await membership_emails.welcome(started)
    cancelling = await _row(scene, "cancelling", "subscription", "payer")
    await membership_emails.cancellation_receipt(CancellationScheduled(cancelling, T + 6 * DAY))
    assert await _written() == [frozenset()] * 2


@pytest.mark.parametrize("name", ("basket", "annual", "monthly"))
@pytest.mark.parametrize("at", (T - timedelta(seconds=1), T + 8 * DAY))
async def test_a_confirmation_names_what_was_bought_and_nothing_else(
    scene: Scene, name: str, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set_everywhere(at)
    async with undone():
        order = await _bought(scene, name, monkeypatch)
        await database.execute("DELETE FROM email")
        await order_emails.confirmation(OrderPaid(order.id))
        (found,) = await _written()
    seen = sight.of(scene.world, scene.rows, scene.personas[name], at)
    sold = {key for key, ids in scene.world.variants.items() if seen.open_variants & {str(one) for one in ids}}
    assert {key for key, _ in found} == sold


async def _bought(scene: Scene, name: str, monkeypatch: pytest.MonkeyPatch) -> OrderView:
    """Ordered with everything in the basket, and taken as paid."""
    placed: list[OrderView] = []

    async def open_page(order: OrderView, *_: object, **__: object) -> PlacedOrder:
        placed.append(order)
        return PlacedOrder(order, None)

    monkeypatch.setattr(order_placement, "open_page", open_page)
    browser = Browser(scene.app)
    browser.client.headers["cookie"] = scene.personas[name].cookies
    page = await browser.get("/checkout")
    await browser.client.post("/checkout", data={**page.form("/checkout").given, **TYPED}, follow_redirects=False)
    await browser.close()
    await database.execute("UPDATE orders SET paid_at = $2 WHERE id = $1", placed[0].id, clock.now())
    return placed[0]
