"""Asked to stop, the shop stops, whatever one of its processes is doing."""

import os
import signal
import time

import psutil
import pytest

from tests.operate.served import Served
from web.serving import MOST_SECONDS_TO_STOP


def test_a_process_that_hangs_does_not_keep_the_shop_from_stopping(
    unserved: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKERS", "2")
    unserved.start()
    assert unserved.process is not None
    shop = psutil.Process(unserved.process.pid)
    hanging = [one for one in shop.children() if one.cmdline() == shop.cmdline()][-1]
    hanging.suspend()
    began = time.monotonic()
    try:
        os.kill(unserved.process.pid, signal.SIGTERM)
        unserved.process.wait(timeout=MOST_SECONDS_TO_STOP + 15)
    finally:
        if hanging.is_running():
            hanging.kill()
    assert time.monotonic() - began < MOST_SECONDS_TO_STOP + 10
