"""Where a run of the tests has its files, and that none of those that were killed keeps any."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.support import run_folder


def test_a_run_has_its_temporary_files_where_its_server_is(tmp_path: Path) -> None:
    folder = Path(os.environ["CLUBFRONT_TEST_FOLDER"])
    assert folder == run_folder.begin() == Path(tempfile.gettempdir()) == Path(os.environ["TMPDIR"])
    assert folder in tmp_path.parents or "--basetemp" in " ".join(sys.argv)


def test_memory_is_taken_only_where_there_is_plenty(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    assert run_folder.has_plenty(tmp_path, 1)
    assert not run_folder.has_plenty(tmp_path, free * 2)
    assert not run_folder.has_plenty(tmp_path / "none", 1)


def test_memory_in_which_no_program_may_run_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = list(os.statvfs(tmp_path))
    found[8] |= os.ST_NOEXEC
    monkeypatch.setattr(os, "statvfs", lambda path: os.statvfs_result(found))
    assert not run_folder.has_plenty(tmp_path, 1)


_HOLDS = "import sys; from pathlib import Path; from tests.support.run_folder import hold; hold(Path(sys.argv[1]))"


def test_what_a_killed_run_left_is_cleared_away_and_a_living_one_keeps_its_files(tmp_path: Path) -> None:
    left, living, begun, other = (tmp_path / f"clubfront-{name}" for name in ("run-a", "run-b", "run-c", "served"))
    for folder in (left, living, begun, other):
        folder.mkdir()
        (folder / "file").touch()
    subprocess.run([sys.executable, "-c", _HOLDS, str(left)], check=True)
    run_folder.hold(living)
    run_folder.clear_away_the_dead(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([living, begun, other])
