"""An honest visitor who opens pages while somebody else attacks, each on a connection of their own."""

import http.client
import sys
import threading
import time
from urllib.parse import urlsplit

PATHS = ("/products", "/health/live", "/products/morning-mug", "/sign-in")
PAUSE = 0.02
PATIENCE = 30
OWN_ADDRESS = ("127.0.0.2", 0) if sys.platform == "linux" else None
"""Somebody else than the attacker, who comes from 127.0.0.1."""


class Neighbour:
    """Use as a context; afterwards `waits` are in seconds, and `refused` counts what was no page."""

    def __init__(self, address: str, paths: tuple[str, ...] = PATHS) -> None:
        self.paths = paths
        parts = urlsplit(address)
        assert parts.hostname == "127.0.0.1", "attacks are for this machine only"
        self.host, self.port = parts.hostname, parts.port
        self.waits: list[float] = []
        self.refused = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._visit, daemon=True)

    def __enter__(self) -> "Neighbour":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(PATIENCE)

    @property
    def longest_ms(self) -> float:
        return max(self.waits, default=0.0) * 1000

    @property
    def longest_path(self) -> str:
        return self.paths[self.waits.index(max(self.waits)) % len(self.paths)] if self.waits else ""

    def _visit(self) -> None:
        turn = 0
        while not self._stop.is_set():
            began = time.perf_counter()
            if not self._opens(self.paths[turn % len(self.paths)]):
                self.refused += 1
            self.waits.append(time.perf_counter() - began)
            turn += 1
            time.sleep(PAUSE)

    def _opens(self, path: str) -> bool:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE, source_address=OWN_ADDRESS)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            return answer.status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
