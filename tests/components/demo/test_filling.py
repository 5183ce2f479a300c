"""The whole demo, built by the verbs everybody uses, keeps every promise of the shop."""

from datetime import timedelta

import pytest

from components.catalog import visibility
from components.catalog.snapshot import snapshot_refresh
from components.demo import building
from components.demo.building import NotEmpty
from components.foundation import clock, database
from components.insights import invariants
from components.insights.movements import movements
from components.memberships.entitlements import entitlements
from components.memberships.plans import lead_plan
from components.people import addresses, customer_accounts
from tests.support.shops import Shop


async def count(table: str) -> int:
    return int(await database.fetch_value(f"SELECT count(*) FROM {table}"))


async def test_the_demo_keeps_every_promise_and_holds_its_cast(demo: Shop) -> None:
    broken = {part.name: part.broken async for part in invariants.examine() if part.broken}
    assert broken == {}
    await _has_its_cast()
    await _dates_its_openings()
    sold_out = snapshot_refresh.snapshot().product("candlestick")
    assert sold_out is not None and all(one.available == 0 for one in sold_out.variants)
    assert await movements.mrr() > 0
    assert await count("procrastinate_jobs") == 0
    with pytest.raises(NotEmpty):
        await building.fill()
    await building.fill_when_empty()
    maya = await demo.signed_in("maya@kiln.test")
    assert "Kiln Club price" in (await maya.get("/products/morning-mug")).words


async def _has_its_cast() -> None:
    standings = {}
    for name in ("maya", "theo", "noor"):
        person = await customer_accounts.by_email(f"{name}@kiln.test")
        assert person is not None and len(await addresses.of_person(person.id)) == 1
        assert person is not None
        standings[name] = await entitlements.for_person(person.id)
    assert [standing.is_member for standing in standings.values()] == [True, False, False]
    theo = await customer_accounts.by_email("theo@kiln.test")
    assert theo is not None
    assert (await entitlements.for_person(theo.id, clock.now() - timedelta(days=100))).is_member


async def _dates_its_openings() -> None:
    """A member buys the side-handled teapot now; guests read from when; the moon jar is the club's."""
    now, snapshot = clock.now(), snapshot_refresh.snapshot()
    teapot, vase, jar = (snapshot.product(slug) for slug in ("side-handled-teapot", "winter-vase", "moon-jar"))
    assert teapot and vase and jar
    for product, guest, member in ((teapot, False, True), (vase, False, False), (jar, False, True)):
        assert visibility.product_availability(product, visibility.Access.NONE, now).is_buyable is guest
        assert visibility.product_availability(product, lead_plan.access(now), now).is_buyable is member
