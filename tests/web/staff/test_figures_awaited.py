"""Where too much is not added up yet, pages of figures say so in words, and add nothing up themselves."""

import pytest

from components import worker
from components.foundation import database
from components.foundation.database import Query
from components.foundation.shop_settings import setting_rows
from components.insights.rollups import figure_readiness, figure_rolls
from tests.components.insights.test_rows_add_up import club
from tests.support.shops import Shop
from web.staff.reports import today as today_page

WORDS = "Figures are being added up. Reload this page in a few minutes."
KEPT = (
    "", "/2027-03", "/figures/mrr", "/figures/mrr/export", "/figures/cmrr", "/figures/orders-30", "/figures/churn",
    "/figures/money-30",
)  # fmt: skip
ALL_OF_TODAY = 2  # who asks, and all that the page tells
QUEUED = "SELECT count(*) FROM figure_payer_change"


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many are many, as if this were a large shop."""
    monkeypatch.setattr(figure_readiness, "MOST", 1)
    monkeypatch.setattr(figure_readiness, "MOST_PEOPLE", 1)


async def test_a_large_shop_whose_figures_are_not_kept_says_so(shop: Shop, large: None) -> None:
    owner = await club(shop)
    await figure_rolls.roll_all()
    await setting_rows.change({"time_zone": "Pacific/Kiritimati"}, by=None)
    for path in KEPT:
        page = await owner.get(f"/staff/metrics{path}")
        assert (page.status, page.heading) == (503, "Metrics") and WORDS in page.words, path
    for name in ("trials", "guarantees"):
        assert (await owner.get(f"/staff/metrics/figures/{name}")).status == 200, name
    today = await owner.get("/staff")
    assert today.status == 200 and WORDS in today.words and "At a glance" not in today.words
    await figure_rolls.roll_all()
    for path in KEPT:
        assert (await owner.get(f"/staff/metrics{path}")).status == 200, path
    today = await owner.get("/staff")
    assert WORDS not in today.words and "At a glance" in today.words


async def test_a_small_shop_adds_up_what_is_not_kept(shop: Shop) -> None:
    owner = await club(shop)
    assert not await figure_rolls.is_current()
    assert (await owner.get("/staff/metrics/figures/mrr")).heading == "MRR: £10.21"
    assert WORDS not in (await owner.get("/staff")).words


async def test_when_too_many_are_queued_all_of_it_is_worked_out_anew(shop: Shop, large: None) -> None:
    owner = await club(shop)
    await figure_rolls.roll_all()
    before = await database.fetch_value("SELECT xmin::text FROM figure_state")
    await database.execute("INSERT INTO figure_payer_change (person) SELECT person FROM figure_standing")
    await database.execute("UPDATE figure_month SET amount = amount + 1")
    assert WORDS in (await owner.get("/staff/metrics")).words
    await figure_rolls.roll_all()
    assert await database.fetch_value(QUEUED) == 0
    assert await database.fetch_value("SELECT xmin::text FROM figure_state") != before
    assert (await owner.get("/staff/metrics/figures/mrr")).heading == "MRR: £10.21"
    assert "end £10.21" in (await owner.get("/staff/metrics")).words, "what rolling would have kept wrong is gone"


async def test_a_worker_that_starts_adds_up_figures_first(shop: Shop) -> None:
    await club(shop)
    await database.execute("DELETE FROM procrastinate_jobs")
    async with worker.run_worker(database.dsn()):
        waiting = await database.fetch_values("SELECT task_name FROM procrastinate_jobs ORDER BY id LIMIT 1")
    assert waiting == ["roll_up_figures"] or await figure_rolls.is_current()


async def test_today_asks_once_and_works_out_no_figures_that_are_not_ready(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One statement, whether or not figures are ready: what divides by zero stands for what takes long."""
    owner = await club(shop)
    await figure_rolls.roll_all()
    with database.counted() as ready:
        assert "At a glance" in (await owner.get("/staff")).words
    failing = Query("SELECT to_json(1 / (count(*) - count(*))) FROM figure_state", (), bool)
    monkeypatch.setattr(figure_readiness, "MOST_PEOPLE", 0)
    await database.execute("INSERT INTO figure_payer_change (person) SELECT person FROM figure_standing LIMIT 1")
    monkeypatch.setattr(today_page.today_glance, "query", lambda *_: failing)
    with database.counted() as awaited:
        page = await owner.get("/staff")
    assert page.status == 200 and WORDS in page.words
    assert ready.count == awaited.count == ALL_OF_TODAY
    await database.execute("DELETE FROM figure_payer_change")
    assert (await owner.get("/staff")).status != 200, "now it is worked out"
