"""What `tests/support/sharing.py` names is there, and what belongs together is done by one process."""

from pathlib import Path

from tests.support import sharing

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
