"""An update by containers: the new shop starts beside the old one, on the same folder, and the old one gives way."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from click import ClickException

from components.foundation.database import embedded, embedded_users
from components.foundation.database.embedded import DatabaseWillNotStart
from tests.operate.served import ENDURANCE, Served
from web import serving_lock


def answers(shop: Served, *, within: float = 20) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            if httpx.get(f"{shop.address}/up", timeout=5).status_code == 200:
                return True
        except httpx.TransportError:
            time.sleep(0.1)
    return False


@pytest.fixture
def successor(unserved: Served) -> Iterator[Served]:
    shop = Served(unserved.data)
    yield shop
    shop.stop()


@ENDURANCE
def test_the_new_one_answers_and_the_old_one_waits_in_case_it_ends(unserved: Served, successor: Served) -> None:
    unserved.start("--take-over")
    successor.start("--take-over")
    assert unserved.process is not None and unserved.process.poll() is None
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{unserved.address}/up")
    assert len(list(unserved.data.glob("postgres/postmaster.pid"))) == 1

    successor.kill()
    assert answers(unserved, within=60)  # its successor was bad, or was ended
    assert unserved.command("check-invariants").returncode == 0
    os.kill(unserved.process.pid, signal.SIGTERM)
    assert unserved.process.wait(30) == 0


def test_whoever_serves_a_folder_stops_when_another_wants_it(tmp_path: Path) -> None:
    told: list[int] = []
    former = signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    try:
        lock = serving_lock.hold(tmp_path, "the old one", is_shared=False, takes_over=False)
        with ThreadPoolExecutor(1) as beside, serving_lock.giving_way(tmp_path) as is_wanted:
            new = beside.submit(serving_lock.hold, tmp_path, "the new one", is_shared=False, takes_over=True)
            assert is_wanted.wait(5)
            lock.close()
            with new.result(5):
                assert (tmp_path / serving_lock.LOCK).read_text() == "the new one"
    finally:
        signal.signal(signal.SIGTERM, former)
    assert told == [signal.SIGTERM]


def test_several_hold_a_folder_with_nothing_of_its_own_in_it_and_old_wishes_stop_nobody(tmp_path: Path) -> None:
    (tmp_path / serving_lock.LOCK).write_text(f"process 7{serving_lock.WANTED}")  # and then both were killed
    one = serving_lock.hold(tmp_path, "one", is_shared=True, takes_over=False)
    assert serving_lock.WANTED not in (tmp_path / serving_lock.LOCK).read_text()
    with one, serving_lock.hold(tmp_path, "two", is_shared=True, takes_over=True), pytest.raises(ClickException):
        serving_lock.hold(tmp_path, "three", is_shared=False, takes_over=False)


def test_a_database_in_another_container_is_not_touched(tmp_path: Path) -> None:
    """Its processes are not seen from here, and two servers on one folder would destroy it."""
    there = subprocess.Popen(
        ["flock", "--shared", str(tmp_path / embedded_users.LOCK), "sh", "-c", "echo held; exec sleep 30"],
        stdout=subprocess.PIPE,
    )
    try:
        assert there.stdout is not None and there.stdout.readline() == b"held\n"
        (tmp_path / embedded_users.LOCK).write_text("pid:[4026539999]")
        (tmp_path / "postgres").mkdir()
        (tmp_path / "postgres" / "postmaster.pid").write_text("7\n")
        with pytest.raises(DatabaseWillNotStart, match="in another container"):
            embedded.start(tmp_path)
        assert (tmp_path / "postgres" / "postmaster.pid").exists()
    finally:
        there.kill()
        there.wait()
