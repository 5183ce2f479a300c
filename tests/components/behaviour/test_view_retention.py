"""What is over its months is deleted in lots; what is no longer wanted, the following night."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from components.behaviour import view_retention, view_writing, visit_consents
from components.behaviour.page_views import SeenPage
from components.foundation import clock, database
from tests.conftest import NOON
from tests.support import people, visits

MUG = SeenPage(at=NOON, kind="product", subject="moon-mug")
OLD, YOUNG = timedelta(days=400), timedelta(days=300)


async def _seen(ago: timedelta) -> None:
    with clock.frozen(NOON - ago):
        visitor = await visit_consents.give(None)
    at = NOON - ago
    search = SeenPage(at=at, kind="search", subject="teapot", found=0, visitor=visitor)
    await view_writing.write([replace(MUG, at=at, visitor=visitor), search])


async def _left() -> tuple[int, int, int, int]:
    found = await database.fetch_one(
        """SELECT (SELECT count(*)::int FROM page_view) AS views, (SELECT count(*)::int FROM visit_consent) AS consents,
             (SELECT count(*)::int FROM view_count WHERE kind = 'search') AS searches,
             (SELECT count(*)::int FROM view_count WHERE kind = 'product') AS counts"""
    )
    assert found is not None
    return found["views"], found["consents"], found["searches"], found["counts"]


async def test_visits_and_searches_end_with_their_months_and_counts_stay(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_retention, "AT_ONCE", 1)
    with visits.counting("visits", behaviour_months=13):
        for ago in (OLD, OLD + timedelta(days=1), YOUNG):
            await _seen(ago)
        await view_retention.delete_old()
        assert await _left() == (2, 1, 1, 3)
        await view_retention.delete_old()
        assert await _left() == (2, 1, 1, 3)


async def test_a_no_of_a_browser_is_remembered_as_long_as_its_cookie_lasts(db: None) -> None:
    noor = await people.customer()
    with visits.counting("visits"):
        await visit_consents.withdraw(uuid4(), noor.id)
        with clock.frozen(NOON + timedelta(days=180)):
            await view_retention.delete_old()
        assert await database.fetch_value("SELECT count(*) FROM visit_refusal") == 2
        with clock.frozen(NOON + timedelta(days=182)):
            await view_retention.delete_old()
        assert await database.fetch_values("SELECT person FROM visit_refusal") == [noor.id]


@pytest.mark.parametrize("how", ["counts", "off"])
async def test_visits_that_are_not_wanted_any_more_are_deleted(db: None, how: str) -> None:
    with visits.counting("visits"):
        await _seen(YOUNG)
    with visits.counting(how):
        await view_retention.delete_old()
        assert await _left() == (0, 0, 1, 1)
