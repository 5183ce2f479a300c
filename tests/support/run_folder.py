"""The folder of one run of the tests: its server, its temporary files, and everything that tests serve.

In memory where there is plenty: nothing in it outlives the run, and each database is some thousand small files that
cost a disk ten times the CPU, and most of the waiting.
"""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil

MEMORY, ENOUGH = Path("/dev/shm"), 10 * 1024**3
"""A file system in memory, as Linux has it, and the bytes of it and of memory itself that have to be free."""


_LOCK = ".runs"
_held: list[IO[bytes]] = []


def begin() -> Path:
    """The folder, made by the run's first process; the programs it starts have it from their environment."""
    if "CLUBFRONT_TEST_FOLDER" not in os.environ:
        parent = MEMORY if has_plenty(MEMORY) else Path(tempfile.gettempdir())
        clear_away_the_dead(parent)
        made = Path(tempfile.mkdtemp(prefix="clubfront-run-", dir=parent))
        made.chmod(0o711)  # the database's user goes through it
        hold(made)
        os.environ["CLUBFRONT_TEST_FOLDER"] = os.environ["TMPDIR"] = str(made)
    folder = Path(os.environ["CLUBFRONT_TEST_FOLDER"])
    tempfile.tempdir = str(folder)
    return folder


def has_plenty(memory: Path, enough: int = ENOUGH) -> bool:
    """Also whether programs in it may be run: containers and hardened machines often forbid that."""
    if not (memory.is_dir() and os.access(memory, os.W_OK)) or os.statvfs(memory).f_flag & os.ST_NOEXEC:
        return False
    return min(shutil.disk_usage(memory).free, psutil.virtual_memory().available) >= enough


def hold(folder: Path) -> None:
    """A lock that ends with this process, however it ends, and that containers which share the folder see too."""
    lock = (folder / "begins").open("wb")
    fcntl.flock(lock, fcntl.LOCK_EX)
    (folder / "begins").rename(folder / _LOCK)
    _held.append(lock)


def clear_away_the_dead(parent: Path) -> None:
    """A run that was killed could not do it, and would hold memory."""
    for lock in parent.glob(f"clubfront-run-*/{_LOCK}"):
        with suppress(OSError), lock.open("rb") as asked:
            fcntl.flock(asked, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent)
