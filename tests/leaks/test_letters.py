"""Letters name nothing that their reader may not see: those about a membership no product at all."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from components.checkout import placing
from components.checkout.paying import Placed
from components.foundation import clock, database
from components.memberships import CancellationScheduled, MembershipStarted, RenewalFailed
from components.messaging import letters_for_members, letters_for_orders
from components.orders import OrderPaid, OrderView
from tests.leaks import sight, words
from tests.leaks.conftest import Scene, undone
from tests.leaks.test_doors import TYPED
from tests.leaks.words import Canary
from tests.leaks.world import DAY, T
from tests.support.pages import Browser

pytestmark = pytest.mark.xdist_group("leaks-0")


async def _written() -> list[frozenset[Canary]]:
    rows = await database.fetch("SELECT subject || html || text AS whole FROM letter")
    return [words.found(row["whole"]) for row in rows]


async def _row(scene: Scene, name: str, table: str, owner: str) -> UUID:
    sql = f"SELECT id FROM {table} WHERE {owner} = $1"
    return UUID(str(await database.fetch_value(sql, scene.personas[name].person_id)))


async def test_letters_about_a_membership_name_no_product(scene: Scene) -> None:
    trialing = scene.personas["trialing"].person_id
    assert trialing is not None
    await database.execute("DELETE FROM letter")
    started = MembershipStarted(await _row(scene, "trialing", "membership", "holder"), trialing, "subscription")
    await letters_for_members.welcome(started)
    cancelling = await _row(scene, "cancelling", "subscription", "payer")
    await letters_for_members.cancellation_receipt(CancellationScheduled(cancelling, T + 6 * DAY))
    in_grace = await _row(scene, "in_grace", "subscription", "payer")
    await letters_for_members.renewal_failed(RenewalFailed(in_grace, T + 7 * DAY))
    assert await _written() == [frozenset()] * 3


@pytest.mark.parametrize("name", ("basket", "annual", "monthly"))
@pytest.mark.parametrize("at", (T - timedelta(seconds=1), T + 8 * DAY))
async def test_a_confirmation_names_what_was_bought_and_nothing_else(
    scene: Scene, name: str, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set_everywhere(at)
    async with undone():
        order = await _bought(scene, name, monkeypatch)
        await database.execute("DELETE FROM letter")
        await letters_for_orders.confirmation(OrderPaid(order.id))
        (found,) = await _written()
    seen = sight.of(scene.world, scene.rows, scene.personas[name], at)
    sold = {key for key, ids in scene.world.variants.items() if seen.open_variants & {str(one) for one in ids}}
    assert {key for key, _ in found} == sold


async def _bought(scene: Scene, name: str, monkeypatch: pytest.MonkeyPatch) -> OrderView:
    """Ordered with everything in the basket, and taken as paid."""
    placed: list[OrderView] = []

    async def open_page(order: OrderView, *_: object) -> Placed:
        placed.append(order)
        return Placed(order, None)

    monkeypatch.setattr(placing, "open_page", open_page)
    browser = Browser(scene.app)
    browser.client.headers["cookie"] = scene.personas[name].cookies
    page = await browser.get("/checkout")
    await browser.client.post("/checkout", data={**page.form("/checkout").given, **TYPED}, follow_redirects=False)
    await browser.close()
    await database.execute("UPDATE orders SET paid_at = $2 WHERE id = $1", placed[0].id, clock.now())
    return placed[0]
