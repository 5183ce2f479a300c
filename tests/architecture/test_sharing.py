"""How tests are shared out: what is named for it is there, what belongs together stays so, and no cell is lost."""

from datetime import timedelta
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import pytest

from components.foundation import clock
from tests.support import sharing
from tests.support.cells import every_cell

ROOT = Path(__file__).parents[2]


def test_what_is_named_for_sharing_out_exists() -> None:
    named = {*sharing.APART, *sharing.FIRST, *sharing.WAITING, *sharing.TOGETHER, *sharing.TOGETHER.values()}
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_files_stay_whole_but_for_those_that_are_too_long() -> None:
    assert sharing.unit("tests/static/test_build.py::test_a[x::y]") == "tests/static/test_build.py"
    assert sharing.unit("tests/random_lives/test_lives.py::test_a[1]") == "tests/random_lives/test_lives.py::test_a[1]"
    assert sharing.unit("tests/leaks/test_doors.py::test_a") == sharing.unit("tests/leaks/test_caches.py::test_b[c]")


def test_what_takes_long_begins_first() -> None:
    given = [
        "tests/web/test_pager.py::a",
        "tests/malformed_input/test_forms.py::b",
        "tests/random_lives/test_found.py::c",
    ]
    assert sorted(given, key=sharing.turn) == given[::-1]


class Worker:
    """Writes down what it is given, and is told what it has done by `finish`."""

    def __init__(self) -> None:
        self.given: list[int] = []
        self.shutting_down = False
        self.gateway = SimpleNamespace(id="")

    def send_runtest_some(self, numbers: list[int]) -> None:
        self.given += numbers

    def shutdown(self) -> None:
        self.shutting_down = True


def _shared_out(collected: list[str], pytestconfig: pytest.Config, workers: int) -> list[list[str]]:
    """What each of them is given when all are as quick as each other."""
    scheduler = sharing.FileByFile(pytestconfig)
    nodes = [Worker() for _ in range(workers)]
    scheduler.numnodes = workers
    for node in nodes:
        scheduler.add_node(node)
    for node in nodes:
        scheduler.add_node_collection(node, collected)
    scheduler.schedule()
    for turn in range(len(collected)):
        for node in nodes:
            if turn < len(node.given):
                scheduler.mark_test_complete(node, node.given[turn])
    assert scheduler.tests_finished and all(node.shutting_down for node in nodes)
    return [[collected[number] for number in node.given] for node in nodes]


def test_what_mostly_waits_has_a_process_of_its_own(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pytestconfig.option, "tx", ["popen"], raising=False)
    monkeypatch.setattr(pytestconfig.option, "loadscopereorder", False, raising=False)
    busy = [f"tests/web/test_{number}.py::test_{cell}" for number in range(30) for cell in "ab"]
    waiting = [f"{file}::test_{cell}" for file in sharing.WAITING[:3] for cell in "ab"]
    quiet, *others = _shared_out(busy[:4] + waiting + busy[4:], pytestconfig, 4)
    assert quiet == waiting and sorted(chain(*others)) == sorted(busy) and min(map(len, others)) >= 4
    assert sorted(chain(*_shared_out(busy, pytestconfig, 4))) == sorted(busy), "nothing waits: all are busy"
    assert sorted(chain(*_shared_out(waiting + busy, pytestconfig, 2))) == sorted(waiting + busy), "too few for that"


async def test_of_many_cells_in_one_test_all_that_are_wrong_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, seen = clock.now(), []

    @every_cell("number, is_right", [(1, True), (2, False), (3, True), (4, False)])
    async def test(number: int, is_right: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        seen.append((number, clock.now() == begun, hasattr(sharing, "NEW")))
        monkeypatch.setattr(sharing, "NEW", number, raising=False)
        clock.set_everywhere(begun + timedelta(days=number))
        assert is_right

    with pytest.raises(ExceptionGroup, match="2 of 4 cells are wrong") as told:
        await test(monkeypatch=monkeypatch)
    assert [one.__notes__[-1] for one in told.value.exceptions] == [
        "in cell 1: number=2, is_right=False",
        "in cell 3: number=4, is_right=False",
    ]
    assert seen == [(number, True, False) for number in (1, 2, 3, 4)]
