"""An update by containers: the new shop starts beside the old one, on the same folder, and the old one gives way."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from components.foundation.database import embedded, embedded_users
from components.foundation.database.embedded import DatabaseWillNotStart
from tests.operate.served import Served


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


def test_a_database_in_another_container_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
