"""Who holds a plan without paying: each once, since they first held it, and a page costs what is on it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from components.foundation import clock, database
from components.insights.metrics import metric_rows
from components.insights.metrics.row_pages import FIRST
from tests.support import make_plans

DAY = timedelta(days=1)
HELD = """INSERT INTO membership (id, holder, plan, source, source_id, starts_at, ends_at)
  VALUES ($1, $2, $3, $4, $1, $5, $6)"""
MANY = """INSERT INTO membership (id, holder, plan, source, source_id, starts_at)
  SELECT gen_random_uuid(), gen_random_uuid(), $1, $2, gen_random_uuid(), $3::timestamptz - n * interval '1 minute'
  FROM generate_series(1, 3000) n"""


async def test_who_holds_two_given_memberships_is_one_row_since_the_first_that_runs(db: None) -> None:
    plan, (maya, theo) = (await make_plans.club()).id, (UUID(int=1), UUID(int=2))
    now = clock.now()
    held = (
        (maya, "gift", 90, None), (maya, "comp", 30, None), (maya, "gift", 200, 100), (theo, "comp", 60, None),
        (theo, "free", 300, None),
    )  # fmt: skip
    for holder, source, since, until in held:
        ends = now - until * DAY if until else None
        await database.execute(HELD, uuid4(), holder, plan, source, now - since * DAY, ends)
    seen, after = [], FIRST
    while after is not None:
        page = await metric_rows.given().page(after, size=1)
        seen, after = [*seen, *page.rows], page.following  # type: ignore[assignment]
    assert [(one.id, one.source, one.at) for one in seen] == [
        (theo, "comp", now - 60 * DAY), (maya, "gift", now - 90 * DAY),
    ]  # fmt: skip
    assert [one.id async for one in metric_rows.free().every()] == [theo]


@pytest.mark.parametrize(("kind", "source"), [("free", "free"), ("given", "gift")])
async def test_a_page_walks_the_index_however_many_there_are(db: None, kind: str, source: str) -> None:
    await database.execute(MANY, (await make_plans.club()).id, source, clock.now())
    await database.execute("ANALYZE membership")
    rows = getattr(metric_rows, kind)()
    plan = await database.fetch_values(f"EXPLAIN {rows.sql}", *rows.args, FIRST.at, FIRST.id, 51)
    assert any(f"membership_{kind}" in line for line in plan), plan
    assert not [line for line in plan if "Unique" in line], plan
