"""The state on disk: whole after kill -9, shared by processes, cheap to open, quick to fill with a history."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.web.standin.desk import SECRET, Desk
from web.standin.standin import RefusedInProduction, StandIn

ROOT = Path(__file__).resolve().parents[3]
BUYER = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from tests.web.standin.desk import Desk

async def buy(desk, count):
    for _ in range(count):
        session, outcome = await desk.bought(2500, customer_creation="always")
        assert outcome.state == "done"
        print(session.id, flush=True)

asyncio.run(buy(Desk.open(Path(sys.argv[1]), datetime(2027, 3, 1, 12, tzinfo=UTC)), int(sys.argv[2])))
"""


def buyer(folder: Path, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BUYER, str(folder), str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


async def must_be_whole(desk: Desk) -> int:
    """Every paid session has its charge and its event, and nothing hangs in between. How many there are."""
    sessions = [each async for each in (await desk.v1.checkout.sessions.list_async({"limit": 100})).auto_paging_iter()]
    paid = {each.payment_intent for each in sessions if each.payment_status == "paid"}
    charges = [each async for each in (await desk.v1.charges.list_async({"limit": 100})).auto_paging_iter()]
    assert {charge.payment_intent for charge in charges} == paid
    announced = (
        await desk.v1.events.list_async({"limit": 100, "type": "checkout.session.completed"})
    ).auto_paging_iter()
    assert {event.data.object.payment_intent async for event in announced} == paid
    return len(paid)


async def test_kill_9_in_the_middle_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    process = buyer(tmp_path, 10_000)
    assert process.stdout is not None
    answered = [process.stdout.readline().strip() for _ in range(15)]
    os.kill(process.pid, signal.SIGKILL)
    answered += process.stdout.read().split()
    process.wait()
    desk = Desk.open(tmp_path, datetime(2027, 3, 1, 12, tzinfo=UTC))
    assert await must_be_whole(desk) >= len(answered) - 1
    for session in answered[:15]:
        assert (await desk.v1.checkout.sessions.retrieve_async(session)).payment_status == "paid"
    desk.standin.close()


async def test_processes_share_the_state(tmp_path: Path) -> None:
    processes = [buyer(tmp_path, 20) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    desk = Desk.open(tmp_path, datetime(2027, 3, 1, 12, tzinfo=UTC))
    assert await must_be_whole(desk) == 60
    desk.standin.close()


def test_the_clock_is_shared_and_kept(desk: Desk) -> None:
    desk.advance(days=40)
    again = StandIn(desk.standin.engine.store.path, SECRET)
    again.follow(lambda: desk.start)
    assert again.now() == desk.start + timedelta(days=40)
    again.close()


def test_time_only_goes_forward(desk: Desk) -> None:
    with pytest.raises(ValueError, match="only goes forward"):
        desk.advance(days=-1)


def test_it_does_not_run_in_production(tmp_path: Path) -> None:
    with pytest.raises(RefusedInProduction):
        StandIn(tmp_path / "x.sqlite", SECRET, production=True)


def test_opening_it_imports_neither_stripe_nor_the_shop(tmp_path: Path) -> None:
    code = (
        "import sys, json; from pathlib import Path; from web.standin import StandIn;"
        f"StandIn(Path({str(tmp_path)!r}) / 'x.sqlite', 'whsec_x').now();"
        "print(json.dumps([m for m in sys.modules if m.split('.')[0] in ('stripe', 'components', 'litestar')]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


async def test_two_years_of_history_are_built_in_the_past(desk: Desk) -> None:
    """As the demo does it: each thing at its own instant, members one after the other, nothing announced."""
    price = await desk.price(500)
    joined_on = [datetime(2025, 3, 1, 12, tzinfo=UTC) + timedelta(days=30 * number) for number in range(6)]
    began = time.process_time()
    with desk.standin.quietly():
        for moment in joined_on:
            with desk.standin.at(moment):
                subscription = await desk.joined(price)
                assert subscription.start_date == int(moment.timestamp())
        desk.standin.catch_up()
    took = time.process_time() - began
    invoices = [each async for each in (await desk.v1.invoices.list_async({"limit": 100})).auto_paging_iter()]
    assert len(invoices) == sum(_renewals(moment, desk.start) for moment in joined_on)
    assert {each.status for each in invoices} == {"paid", "draft"}
    renewed = [each for each in invoices if each.billing_reason == "subscription_cycle" and each.status == "paid"]
    assert {each.status_transitions.paid_at - each.created for each in renewed} == {3600}
    first = min(each.created for each in invoices)
    assert first == int(joined_on[0].timestamp())
    assert took / len(invoices) < 0.02
    assert set(await desk.delivered()) <= {"price.created", "product.created"}


def _renewals(joined: datetime, until: datetime) -> int:
    """Monthly invoices from `joined` to `until`, both included."""
    months = (until.year - joined.year) * 12 + until.month - joined.month
    return months + 1 if until.day >= joined.day else months


async def test_at_a_past_moment_nothing_of_the_present_is_disturbed(desk: Desk) -> None:
    present = desk.standin.now()
    with desk.standin.at(datetime(2026, 1, 1, tzinfo=UTC)):
        assert desk.standin.now() == datetime(2026, 1, 1, tzinfo=UTC)
        customer = await desk.v1.customers.create_async({})
    assert customer.created == int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
    assert desk.standin.now() == present


async def test_something_that_cannot_be_done_does_not_stop_the_rest(tmp_path: Path) -> None:
    """An object spoiled on disk is put off and told of; others still renew. Only a strict stand-in stops."""
    desk = Desk.open(tmp_path, datetime(2027, 3, 1, 12, tzinfo=UTC))
    good, bad = await desk.joined(await desk.price(500)), await desk.joined(await desk.price(500))
    desk.standin.engine.is_strict = False
    with desk.standin.engine.store.changing() as connection:
        connection.execute(
            "UPDATE objects SET body = json_remove(body, '$.items.data[0].price') WHERE id = ?", (bad.id,)
        )
    desk.advance(days=32)
    assert [each.status for each in await desk.invoices(good)] == ["paid", "paid"]
    desk.standin.close()


async def test_old_events_and_keys_are_forgotten_and_waiting_ones_kept(desk: Desk) -> None:
    await desk.v1.customers.create_async({}, {"idempotency_key": "old"})
    await desk.delivered()
    await desk.v1.customers.create_async({"name": "Maya"})
    desk.advance(days=31)
    desk.standin.engine.tidy()
    assert [event.data.object.name for event in (await desk.v1.events.list_async()).data] == ["Maya"]
    connection = desk.standin.engine.store.connection()
    assert connection.execute("SELECT count(*) FROM idempotency").fetchone() == (0,)
    assert await desk.delivered() == ["customer.created"]


async def test_looking_never_writes(desk: Desk) -> None:
    """A reader that wrote would fail as soon as another process writes too. The guard seen to bite."""
    with (
        pytest.raises(sqlite3.OperationalError, match="readonly"),
        desk.standin.engine.store.reading() as connection,
    ):
        connection.execute("DELETE FROM objects")
    await desk.v1.customers.create_async({})  # and afterwards it writes again


async def test_a_preview_waits_for_another_writer_instead_of_failing(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    other = StandIn(desk.standin.engine.store.path, SECRET, strict=True)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with other.engine.store.changing():
            held.set()
            done.wait(0.3)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(5)
    shown = await desk.v1.invoices.create_preview_async({"subscription": subscription.id})
    assert shown.amount_due == 1000
    done.set()
    holder.join()
    other.close()
