"""Who serves a data folder, and has the port.

The embedded database and the practice bank are in that folder, so one tree of processes has it. A shop with neither
may be served from it by any number. An update by containers starts the new one beside the old one and waits until it
answers: `--take-over` asks the one that has the folder to stop, and that one then stands by, and goes on if its
successor ends before it has ended itself.
"""

import fcntl
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import click

LOCK = "serving.lock"
WANTED = "; wanted by another process"
MOST_SECONDS = 45
"""For the other one to stop: its requests, its jobs, then its database."""
LOOK_SECONDS, AGAIN_SECONDS = 0.2, 1.0


def hold(data: Path, who: str, *, is_shared: bool, takes_over: bool) -> IO[str]:
    """The lock on the folder. Raises ClickException when others have it and do not give it up."""
    lock = (data / LOCK).open("a+")
    until = time.monotonic() + MOST_SECONDS
    is_asked = False
    while not _taken(lock, is_shared=is_shared):
        if not takes_over or time.monotonic() > until:
            raise click.ClickException(f"This shop is already running from {data} ({_holder(lock)}).")
        if not is_asked:
            click.echo(f"Asking {_holder(lock)} to stop …")
            is_asked = True
            _write(lock, WANTED)
        time.sleep(LOOK_SECONDS)
    lock.truncate(0)  # whoever wanted it before has it now, or has given up
    if not is_shared:
        _write(lock, who)
    return lock


@contextmanager
def giving_way(data: Path) -> Iterator[threading.Event]:
    """While the block serves: this process stops when another one wants the folder. The event says that it was so."""
    is_wanted, is_over = threading.Event(), threading.Event()

    def look() -> None:
        while not is_over.wait(LOOK_SECONDS):
            with suppress(FileNotFoundError):
                if WANTED in (data / LOCK).read_text():
                    is_wanted.set()
                    os.kill(os.getpid(), signal.SIGTERM)
                    return

    thread = threading.Thread(target=look, name="giving way", daemon=True)
    thread.start()
    try:
        yield is_wanted
    finally:
        is_over.set()
        thread.join()


def stand_by(data: Path, environment: dict[str, str]) -> None:
    """Wait for the end of the one that has taken over, then start again in its place. Ends by a signal."""
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, signal.SIG_DFL)
    click.echo("Another process serves this shop now. This one waits, and goes on when that one ends.")
    sys.stdout.flush()
    until = time.monotonic() + MOST_SECONDS
    with (data / LOCK).open() as lock:
        while WANTED in _holder(lock) and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)
        while not _taken(lock, is_shared=True):
            time.sleep(AGAIN_SECONDS)
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)


def _taken(lock: IO[str], *, is_shared: bool) -> bool:
    try:
        fcntl.flock(lock, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _holder(lock: IO[str]) -> str:
    lock.seek(0)
    return lock.read().strip() or "another process"


def _write(lock: IO[str], words: str) -> None:
    lock.write(words)
    lock.flush()


@dataclass(frozen=True, slots=True)
class ClaimedPort:
    """The shop's own from the first moment: filling a demo takes minutes, and whoever else took the port meanwhile
    would be noticed only after them. Nobody listens there yet: who connects is refused."""

    host: str
    port: int
    held: socket.socket

    def give_over(self) -> None:
        """To the server, which listens there at once. Raises ClickException when somebody else does by now."""
        self.held.close()
        _bound(self.host, self.port, again=True).close()


def claim_port(host: str, port: int) -> ClaimedPort:
    """Raises ClickException when it is not available."""
    try:
        return ClaimedPort(host, port, _bound(host, port, again=False))
    except click.ClickException:  # perhaps only by connections of a moment ago; then it can be had, if less surely
        return ClaimedPort(host, port, _bound(host, port, again=True))


def _bound(host: str, port: int, *, again: bool) -> socket.socket:
    """`again`: beside what is left of connections that have ended. Without it nobody else can bind it either."""
    bound = socket.socket()
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(again))
        bound.bind((host, port))
    except OSError as trouble:
        bound.close()
        raise click.ClickException(
            f"Port {port} on {host} is not available: {trouble.strerror}. Set PORT to a different port."
        ) from None
    return bound
