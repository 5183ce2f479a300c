"""The whole demo, built by the verbs everybody uses, keeps every promise of the shop."""

from datetime import timedelta

import pytest

from components import catalog, demo, insights
from components.catalog import visibility
from components.foundation import clock, database
from components.insights import soundness
from components.memberships import club, entitlements
from components.people import accounts, addresses
from tests.support.shops import Shop

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture
async def kiln(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Kiln as it is, with fewer people in its past."""
    monkeypatch.setattr("components.demo.past.PEOPLE", 30)
    monkeypatch.setattr("components.demo.stocking.HANDS", 1)
    demo.use(lambda: shop.stand_in)
    await demo.fill()
    await shop.refresh()
    return shop


async def count(table: str) -> int:
    return int(await database.fetch_value(f"SELECT count(*) FROM {table}"))


async def test_the_demo_keeps_every_promise_and_holds_its_cast(kiln: Shop) -> None:
    broken = {part.name: part.broken async for part in soundness.examine() if part.broken}
    assert broken == {}
    await _has_its_cast()
    await _dates_its_openings()
    sold_out = catalog.snapshot().product("candlestick")
    assert sold_out is not None and all(one.available == 0 for one in sold_out.variants)
    assert await insights.movements.mrr() > 0
    assert await count("procrastinate_jobs") == 0
    with pytest.raises(demo.NotEmpty):
        await demo.fill()
    await demo.fill_when_empty()
    maya = await kiln.signed_in("maya@kiln.test")
    assert "Kiln Club price" in (await maya.get("/products/morning-mug")).words


async def _has_its_cast() -> None:
    standings = {}
    for name in ("maya", "theo", "noor"):
        person = await accounts.by_email(f"{name}@kiln.test")
        assert person is not None and len(await addresses.of(person.id)) == 1
        assert person is not None
        standings[name] = await entitlements.standing(person.id)
    assert [standing.is_member for standing in standings.values()] == [True, False, False]
    theo = await accounts.by_email("theo@kiln.test")
    assert theo is not None
    assert (await entitlements.standing(theo.id, clock.now() - timedelta(days=100))).is_member


async def _dates_its_openings() -> None:
    """A member buys the side-handled teapot now; guests read from when; the moon jar is the club's."""
    now, snapshot = clock.now(), catalog.snapshot()
    teapot, vase, jar = (snapshot.product(slug) for slug in ("side-handled-teapot", "winter-vase", "moon-jar"))
    assert teapot and vase and jar
    for product, guest, member in ((teapot, False, True), (vase, False, False), (jar, False, True)):
        assert visibility.standing(product, visibility.Access.NONE, now).is_buyable is guest
        assert visibility.standing(product, club.access(now), now).is_buyable is member
