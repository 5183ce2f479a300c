"""The watch finds nothing in a shop that is whole, finds what is broken, and says so on the staff's front door."""

import pytest

from components.catalog import visibility
from components.catalog.visibility import Availability, PurchaseStatus
from components.content import gates
from components.foundation import clock, database
from components.insights.access_monitor import access_monitor
from tests.leaks import asking, matrix
from tests.leaks.asking import Address, Answer
from tests.leaks.conftest import Scene
from tests.leaks.world import DAY, T
from web.edge import access_monitor_pages
from web.shop.viewer import Viewer


@pytest.fixture(autouse=True)
async def nothing_looked_at(scene: Scene) -> None:
    await database.execute("DELETE FROM access_check")


async def _watch(scene: Scene) -> access_monitor.MonitorRun:
    access_monitor.use_asker(access_monitor_pages.make_asker(scene.app.inner))
    await access_monitor.run()
    found = await access_monitor.latest()
    assert found is not None
    return found


async def _front_door(scene: Scene, name: str) -> Answer:
    return await asking.ask(scene.app, Address("/staff"), scene.personas[name].cookies)


@pytest.mark.parametrize("days", (-30, -5, 0, 4, 8, 30, 70))
async def test_a_whole_shop_gives_nothing_away(scene: Scene, days: int) -> None:
    clock.set_everywhere(T + days * DAY)
    found = await _watch(scene)
    assert found.troubles == () and found.asked > 150


async def test_it_sees_a_shop_that_forgets_to_ask_and_says_so(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Viewer, "standing", lambda look, product: Availability(PurchaseStatus.OPEN, None, None))
    found = await _watch(scene)
    assert any("guest at /products/the-qzburiedslug: visible, but should be hidden" in one for one in found.troubles)
    owners, packers = await _front_door(scene, "owner"), await _front_door(scene, "staff")
    assert "hide content they should show" in owners.text and "the-qzburiedslug" in owners.text
    assert "hide content they should show" in packers.text and "the-qzburiedslug" not in packers.text
    monkeypatch.undo()
    clock.set_everywhere(T + matrix.SECOND)
    assert (await _watch(scene)).troubles == ()
    assert "hide content they should show" not in (await _front_door(scene, "owner")).text


async def test_it_sees_articles_read_by_everybody_and_products_kept_from_all(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gates, "access_to", lambda *_: gates.ArticleAccess(gates.GateReason.OPEN))
    monkeypatch.setattr(visibility, "_is_let_in", lambda *_: False)
    troubles = (await _watch(scene)).troubles
    assert any("readable, but should be members-only" in one for one in troubles)
    assert any("cannot be bought, but should be" in one for one in troubles)


async def test_old_looks_are_thrown_away(scene: Scene) -> None:
    await _watch(scene)
    clock.set_everywhere(T + 40 * DAY)
    await _watch(scene)
    assert await database.fetch_value("SELECT count(*) FROM access_check") == 1
