"""One round of `python -m benchmarks.kills`; `make endurance` has eight: shop, bank and post agree."""

import os
import tempfile
from pathlib import Path

import pytest

from benchmarks import kills

pytestmark = pytest.mark.xdist_group("served")
ROUNDS = int(os.environ.get("CLUBFRONT_KILLS", "1"))


async def test_whatever_is_killed_nothing_is_lost_and_nothing_is_done_twice() -> None:
    with tempfile.TemporaryDirectory(prefix="clubfront-kills-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        report = await kills.run(data, ROUNDS, seconds=max(2.0, 8.0 / ROUNDS))
    assert report.traffic.bought and not report.differences, report
