"""What machines that watch the shop are told."""

from datetime import timedelta

import httpx
import pytest

from components import worker_watch
from components.foundation import database
from components.foundation.database import migrations
from tests.conftest import NOON
from tests.support.shops import Shop


async def ask(shop: Shop, path: str, *, host: str = "127.0.0.1", **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=shop.app, client=(host, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        return await client.get(path, headers=headers)


@pytest.fixture
def no_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests make the schema from the tables, so their database knows of no migration."""
    monkeypatch.setattr(migrations, "known", lambda: set())


async def test_a_process_that_answers_is_live(shop: Shop) -> None:
    answer = await ask(shop, "/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})


async def test_a_shop_that_can_work_is_ready(shop: Shop, no_migrations: None) -> None:
    answer = await ask(shop, "/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


async def test_a_pending_migration_is_not_ready(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "known", lambda: {"a-later-one"})
    answer = await ask(shop, "/health/ready")
    assert answer.status_code == 503 and answer.json()["because"] == "1 migrations are pending"


async def test_a_silent_database_is_not_ready_but_live(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent() -> bool:
        return False

    monkeypatch.setattr(database, "is_reachable", silent)
    answer = await ask(shop, "/health/ready")
    assert answer.status_code == 503 and "does not answer" in answer.json()["because"]
    assert (await ask(shop, "/health/live")).status_code == 200


async def test_a_process_that_works_jobs_says_how_its_worker_is(
    shop: Shop, no_migrations: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_watch.own, "is_wanted", True)
    assert (await ask(shop, "/health/ready")).json() == {
        "status": "ready", "worker": "running", "worker_last_alive": "never",
    }  # fmt: skip
    await database.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES ('2027-03-01 11:59:00Z')")
    monkeypatch.setattr(worker_watch.own, "down_since", NOON)
    answer = await ask(shop, "/health/ready")
    assert (answer.status_code, answer.json()) == (200, {
        "status": "ready", "worker": "not running since 2027-03-01T12:00:00Z",
        "worker_last_alive": "2027-03-01T11:59:00+00:00",
    })  # fmt: skip
    told = (await ask(shop, "/metrics")).text
    told_at = next(line for line in told.splitlines() if line.startswith("clubfront_worker_last_alive"))
    assert float(told_at.split()[1]) == (NOON - timedelta(minutes=1)).timestamp()


async def test_metrics_count_requests_and_jobs(shop: Shop) -> None:
    await ask(shop, "/health/live")
    told = (await ask(shop, "/metrics")).text
    assert 'clubfront_requests_total{method="GET",status="200"}' in told
    assert 'clubfront_jobs{status="failed"} 0.0' in told


@pytest.mark.parametrize(
    ("host", "headers"), [("8.8.8.8", {}), ("127.0.0.1", {"x-forwarded-for": "8.8.8.8"}), ("unknown", {})]
)
async def test_metrics_are_for_neighbours_only(shop: Shop, host: str, headers: dict[str, str]) -> None:
    assert (await ask(shop, "/metrics", host=host, **headers)).status_code == 404
