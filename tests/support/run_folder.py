"""The folder of one run of the tests: its server, its temporary files, and everything that tests serve.

In memory where there is plenty: nothing in it outlives the run, and each database is some thousand small files that
cost a disk ten times the CPU, and most of the waiting.
"""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

MEMORY, ENOUGH = Path("/dev/shm"), 10 * 1024**3
"""A file system in memory, as Linux has it, and the bytes of it and of memory itself that have to be free."""


def begin() -> Path:
    """The folder, made by the run's first process; the programs it starts have it from their environment."""
    if "CLUBFRONT_TEST_FOLDER" not in os.environ:
        parent = MEMORY if has_plenty(MEMORY) else Path(tempfile.gettempdir())
        clear_away_the_dead(parent)
        made = tempfile.mkdtemp(prefix=f"clubfront-{os.getpid()}-", dir=parent)
        Path(made).chmod(0o711)  # the database's user goes through it
        os.environ["CLUBFRONT_TEST_FOLDER"] = os.environ["TMPDIR"] = made
    folder = Path(os.environ["CLUBFRONT_TEST_FOLDER"])
    tempfile.tempdir = str(folder)
    return folder


def has_plenty(memory: Path, enough: int = ENOUGH) -> bool:
    """Not where programs may not be run, as in many containers: tests run some that they write."""
    if not (memory.is_dir() and os.access(memory, os.W_OK)) or os.statvfs(memory).f_flag & os.ST_NOEXEC:
        return False
    return min(shutil.disk_usage(memory).free, psutil.virtual_memory().available) >= enough


def clear_away_the_dead(parent: Path) -> None:
    """A run that was killed could not do it, and would hold memory."""
    for left in parent.glob("clubfront-*-*"):
        owner = left.name.split("-")[1]
        if owner.isdecimal() and not psutil.pid_exists(int(owner)):
            with suppress(OSError):
                shutil.rmtree(left)
