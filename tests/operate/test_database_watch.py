"""The embedded database is killed alone, or with everything: it comes back by itself, and a clean stop ends it."""

import signal
import time

import httpx
import psutil
import pytest

from tests.operate.served import Served

pytestmark = pytest.mark.xdist_group("served")
PATIENCE = 30
"""Ten seconds, on a machine that does nothing else."""


def postmaster(shop: Served) -> psutil.Process:
    return psutil.Process(int((shop.data / "postgres" / "postmaster.pid").read_text().split()[0]))


def until_ready(shop: Served) -> float:
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        try:
            if httpx.get(f"{shop.address}/health/ready", timeout=5).status_code == 200:
                return time.monotonic() - began
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError(shop.log.read_text()[-3000:])


def test_a_killed_database_is_started_again_and_a_clean_stop_ends_it(unserved: Served) -> None:
    unserved.start()
    until_ready(unserved)
    for _ in range(2):
        killed = postmaster(unserved)
        killed.send_signal(signal.SIGKILL)
        killed.wait(10)
        until_ready(unserved)
        assert httpx.get(f"{unserved.address}/products/mug").status_code == 200
    assert "the embedded database has ended and is started again" in unserved.log.read_text()
    unserved.kill()
    unserved.start()
    until_ready(unserved)
    server = postmaster(unserved)
    unserved.stop()
    assert not server.is_running() and not (unserved.data / "postgres" / "postmaster.pid").exists()
