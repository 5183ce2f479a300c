"""Where a run of the tests has its files, and that none of those that were killed keeps any."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
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


def test_memory_is_not_taken_where_no_program_may_run() -> None:
    closed = [Path(each.mountpoint) for each in psutil.disk_partitions(all=True) if "noexec" in each.opts.split(",")]
    usable = [each for each in closed if each.is_dir() and os.access(each, os.W_OK) and shutil.disk_usage(each).free]
    if not usable:
        pytest.skip("no place of this machine is mounted noexec")
    assert not any(run_folder.has_plenty(each, 1) for each in usable)


def test_what_a_killed_run_left_is_cleared_away_and_a_living_one_keeps_its_files(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, living, other = (tmp_path / f"clubfront-{name}-x" for name in (ended.pid, os.getpid(), "served"))
    for folder in (left, living, other):
        folder.mkdir()
        (folder / "file").touch()
    run_folder.clear_away_the_dead(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([living, other])
