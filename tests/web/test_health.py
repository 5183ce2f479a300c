"""What machines that watch the shop are told."""

import dataclasses
from datetime import timedelta

import httpx
import pytest

from components import worker_watch
from components.foundation import database, settings
from components.foundation.database import migrations
from tests.conftest import NOON
from tests.support.shops import Shop
from web import demo_mode


async def ask(shop: Shop, path: str, *, host: str = "127.0.0.1", **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=shop.app, client=(host, 4711))
    named = headers.pop("host_header", "shop.test")
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{named}") as client:
        return await client.get(path, headers=headers)


@pytest.fixture
def no_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests make the schema from the tables, so their database knows of no migration."""
    monkeypatch.setattr(migrations, "known", lambda: set())


async def test_a_process_that_answers_is_live(shop: Shop) -> None:
    for path in ("/health/live", "/up"):
        answer = await ask(shop, path)
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


async def test_metrics_are_for_whoever_has_the_token(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    known = dataclasses.replace(settings.current(), metrics_token="a-token-for-monitoring", environment="production")
    monkeypatch.setattr(settings, "current", lambda: known)
    for given, status in (("a-token-for-monitoring", 200), ("another", 404), ("", 404)):
        headers = {"authorization": f"Bearer {given}", "x-forwarded-for": "8.8.8.8"}
        assert (await ask(shop, "/metrics", host="10.0.0.1", **headers)).status_code == status
    assert (await ask(shop, "/metrics")).status_code == 404


async def test_the_practice_controls_are_for_whoever_reaches_this_machine(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the socket listens decides, not what a request says of itself."""
    for host, pages, status in (
        ("127.0.0.1", "machine", 200),
        ("0.0.0.0", "machine", 403),
        ("0.0.0.0", "network", 200),
    ):
        known = dataclasses.replace(settings.current(), host=host, practice_pages=pages)
        with monkeypatch.context() as patch:
            patch.setattr(settings, "current", lambda known=known: known)
            assert (await ask(shop, "/offline-payments/control")).status_code == status
            assert demo_mode.mailbox_is_open() is (status == 200)
    assert (await ask(shop, "/offline-payments/control", host_header="a.example.com")).status_code == 403
    for forwarded in ({"x-forwarded-for": "8.8.8.8"}, {"via": "1.1 a"}):  # whatever host name a visitor forges
        assert (await ask(shop, "/offline-payments/control", **forwarded)).status_code == 403


@pytest.mark.parametrize(
    ("host", "headers"), [("8.8.8.8", {}), ("127.0.0.1", {"x-forwarded-for": "8.8.8.8"}), ("unknown", {})]
)
async def test_metrics_are_for_neighbours_only(shop: Shop, host: str, headers: dict[str, str]) -> None:
    assert (await ask(shop, "/metrics", host=host, **headers)).status_code == 404
