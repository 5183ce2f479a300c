"""Watches the embedded server: whatever ended it, it is started again. Nobody but this notices."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from components.foundation.database import embedded

LOOK_SECONDS = 0.5
PAUSES = (0.0, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each try; after the last one somebody else must see to it."""
STEADY_SECONDS = 60
"""After so long at work its next end is a new trouble."""
log = structlog.get_logger()


class Watch:
    """A thread of its own, which needs no event loop. `give_up` is called when the server will not start any more."""

    def __init__(self, data: Path, dsn: str, give_up: Callable[[], None]) -> None:
        self._data, self._dsn, self._give_up = data, dsn, give_up
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="embedded database watch", daemon=True)
        self.has_given_up = False

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        tries, began = 0, time.monotonic()
        while not self._stopped.wait(LOOK_SECONDS):
            if embedded.is_running(self._data):
                tries = 0 if time.monotonic() - began > STEADY_SECONDS else tries
                continue
            if tries == len(PAUSES):
                log.error("the embedded database does not stay up: giving up", tries=tries)
                self.has_given_up = True
                self._give_up()
                return
            log.error("the embedded database has ended and is started again", tries=tries + 1)
            if not self._stopped.wait(PAUSES[tries]):
                self._start_again()
            tries, began = tries + 1, time.monotonic()

    def _start_again(self) -> None:
        try:
            address = embedded.start_again(self._data)
        except Exception:
            log.exception("the embedded database could not be started")
            return
        if address != self._dsn:
            log.error("the embedded database has another address than before", before=self._dsn, now=address)
            self.has_given_up = True
            self._give_up()
            return
        log.warning("the embedded database runs again")
