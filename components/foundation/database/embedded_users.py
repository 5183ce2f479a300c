"""Who uses the embedded server: every process of this machine holds a share of one lock, which the system takes back
when the process is killed.

A container has processes of its own: it does not see those of another one, and would take a server that runs there
for a dead one. So the lock's file says where the server runs, and from anywhere else nobody joins.
"""

import fcntl
from pathlib import Path
from typing import IO

LOCK = ".postgres-users.lock"
_held: dict[Path, IO[str]] = {}


class RunsElsewhere(Exception):
    """In another container, with the same data folder."""


def join(data: Path) -> bool:
    """Whether this process is a new user. Raises `RunsElsewhere`."""
    if (known := data.resolve()) in _held:
        return False
    data.mkdir(parents=True, exist_ok=True)
    lock = (data / LOCK).open("a+")
    if _is_sole_user(lock):
        lock.truncate(0)
        lock.write(_machine())
        lock.flush()
    elif _written(lock) not in {"", _machine()}:
        lock.close()
        raise RunsElsewhere
    fcntl.flock(lock, fcntl.LOCK_SH)
    _held[known] = lock
    return True


def leave(data: Path) -> bool:
    """Whether this process was the last user. Processes that it has forked hold its share, not one of their own."""
    lock = _held.pop(data.resolve(), None)
    if lock is None:
        return False
    with lock:
        fcntl.flock(lock, fcntl.LOCK_UN)
        return _is_sole_user(lock)


def _is_sole_user(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _written(lock: IO[str]) -> str:
    lock.seek(0)
    return lock.read()


def _machine() -> str:
    """The processes that this one sees; empty where the system does not say it."""
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""
