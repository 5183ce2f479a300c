"""How a run's tests are shared out: file by file among the processes, what takes long first.

A file's tests stay in one process, since what they begin with is made once a process. Some files are too long for that.
"""

import os

import pytest
from xdist.scheduler import LoadScopeScheduling

HOUSE = "tests/architecture/test_house.py"
LEAKS = "tests/leaks/test_matrix.py"
APART = ("tests/lives/test_lives.py", "tests/lives/test_stories.py", *([LEAKS] if os.environ.get("LEAKS") else []))
"""Tests that are long one by one."""
TOGETHER = {
    "tests/browser/test_basket.py": "tests/browser/test_journeys.py",
    "tests/browser/test_joining_with_an_order.py": "tests/browser/test_journeys.py",
    **dict.fromkeys(map("tests/leaks/test_{}.py".format, ("caches", "doors", "emails", "pictures")), LEAKS),
    **dict.fromkeys(map("tests/architecture/test_{}.py".format, ("benefit_kinds", "names", "walls")), HOUSE),
}
"""Files that want what another has begun with: a server and a browser, the world of the leaks, the code once read."""
FIRST = (
    "tests/scenarios/test_many_faults.py",
    "tests/lives/",
    "tests/figures/",
    "tests/leaks/",
    "tests/operate/",
    "tests/browser/test_every_page.py",
    "tests/browser/",
    "tests/nonsense/",
    "tests/components/demo/",
    "tests/web/account/test_membership_states.py",
)
"""These begin in this order, then the rest: else a long one is waited for at the end. The demo is filled meanwhile."""


class FileByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Units are begun in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)


def unit(nodeid: str) -> str:
    """What is done by one process."""
    file = nodeid.split("::")[0]
    return nodeid if file in APART else TOGETHER.get(file, file)


def turn(nodeid: str) -> tuple[int, str]:
    """Sorted by this, units begin as `FIRST` has it."""
    return next((at for at, begins in enumerate(FIRST) if nodeid.startswith(begins)), len(FIRST)), unit(nodeid)


def wants_the_demo(item: pytest.Item) -> bool:
    return "demo" in getattr(item, "fixturenames", ()) or item.nodeid.startswith("tests/browser/")
