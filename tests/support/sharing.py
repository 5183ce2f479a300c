"""How a run's tests are shared out: file by file among the processes, what takes long first.

A file's tests stay in one process, since what they begin with is made once a process. Some files are too long for that.
What mostly waits has a process of its own, beside those that keep the cores busy.
"""

import os
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

HOUSE = "tests/architecture/test_house.py"
LEAKS = "tests/leaks/test_matrix.py"
ACTS = "tests/scenarios/test_every_act_in_faults.py"
APART = (
    "tests/random_lives/test_lives.py",
    "tests/random_lives/test_stories.py",
    *([LEAKS] if os.environ.get("LEAKS") else []),
    *([ACTS] if int(os.environ.get("FAULTS", "0")) >= 500 else []),
)
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
    "tests/random_lives/",
    "tests/figures/",
    "tests/leaks/",
    "tests/operate/",
    "tests/browser/test_every_page.py",
    "tests/browser/",
    "tests/malformed_input/",
    "tests/components/demo/",
    "tests/web/account/test_membership_states.py",
)
"""These begin in this order, then the rest: else a long one is waited for at the end. The demo is filled meanwhile."""
WAITING = tuple(
    f"tests/operate/test_{name}.py"
    for name in (
        "kills", "campaign_kills", "restarted_database", "stopping", "nightly_backup", "settings_everywhere",
        "draining", "database_watch",
    )
)  # fmt: skip
"""For programs that start, stop, are killed and come back: they use less than half a core of the time they take."""


class FileByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Units are begun in the order in which they were collected, those that mostly wait by one process alone.

    It ends with the last of them: what is left keeps the cores busy without it.
    """

    _waiter: Any = None

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)

    def schedule(self) -> None:
        if (
            self.collection is None
            and len(self.nodes) > 2
            and any(map(_waits, next(iter(self.registered_collections.values()))))
        ):
            self._waiter = self.nodes[0]
        super().schedule()

    def _assign_work_unit(self, node: Any) -> None:
        if self._waiter is not None:
            fitting = (one for one in self.workqueue if _waits(one) == (node is self._waiter))
            if found := next(fitting, None):
                self.workqueue.move_to_end(found, last=False)
        super()._assign_work_unit(node)

    def _reschedule(self, node: Any) -> None:
        if node is self._waiter and not any(map(_waits, self.workqueue)):
            if not node.shutting_down:
                node.shutdown()
            return
        super()._reschedule(node)


def _waits(unit: str) -> bool:
    return unit.split("::")[0] in WAITING


def unit(nodeid: str) -> str:
    """What is done by one process."""
    file = nodeid.split("::")[0]
    return nodeid if file in APART else TOGETHER.get(file, file)


def turn(nodeid: str) -> tuple[int, str]:
    """Sorted by this, units begin as `FIRST` has it."""
    return next((at for at, begins in enumerate(FIRST) if nodeid.startswith(begins)), len(FIRST)), unit(nodeid)


def wants_the_demo(item: pytest.Item) -> bool:
    return "demo" in getattr(item, "fixturenames", ()) or item.nodeid.startswith("tests/browser/")
