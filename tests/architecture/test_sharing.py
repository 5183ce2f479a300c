"""How tests are shared out: what is named for it is there, what belongs together stays so, and no cell is lost."""

from datetime import timedelta
from pathlib import Path

import pytest

from components.foundation import clock
from tests.support import sharing
from tests.support.cells import every_cell

ROOT = Path(__file__).parents[2]


def test_what_is_named_for_sharing_out_exists() -> None:
    named = {*sharing.APART, *sharing.FIRST, *sharing.TOGETHER, *sharing.TOGETHER.values()}
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_files_stay_whole_but_for_those_that_are_too_long() -> None:
    assert sharing.unit("tests/static/test_build.py::test_a[x::y]") == "tests/static/test_build.py"
    assert sharing.unit("tests/lives/test_lives.py::test_a[1]") == "tests/lives/test_lives.py::test_a[1]"
    assert sharing.unit("tests/leaks/test_doors.py::test_a") == sharing.unit("tests/leaks/test_caches.py::test_b[c]")


def test_what_takes_long_begins_first() -> None:
    given = ["tests/web/test_pager.py::a", "tests/nonsense/test_forms.py::b", "tests/lives/test_found.py::c"]
    assert sorted(given, key=sharing.turn) == given[::-1]


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
