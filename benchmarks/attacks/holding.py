"""Connections that are held open and ask for nothing, or for something that is then not read."""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator

SECONDS = 8


def _held(port: int, count: int, first: Callable[[int], bytes]) -> Iterator[socket.socket]:
    for number in range(count):
        with contextlib.suppress(OSError):
            made = socket.create_connection(("127.0.0.1", port), timeout=5)
            made.sendall(first(number))
            yield made


def _hold(port: int, seconds: float, *kinds: tuple[int, Callable[[int], bytes]], trickle: bytes = b"") -> None:
    held = [one for count, first in kinds for one in _held(port, count, first)]
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for one in held if trickle else ():
            with contextlib.suppress(OSError):
                one.sendall(trickle)
        time.sleep(1)
    for one in held:
        one.close()


def _whole(number: int) -> bytes:
    return b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def _half(number: int) -> bytes:
    return b"GET /products HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow"


def _body(number: int) -> bytes:
    return (
        b"POST /basket HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 250000\r\n\r\na=" + b"b" * 20_000
    )


def _list(number: int) -> bytes:
    return b"GET /products/feed.xml HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 3


def idle(port: int) -> None:
    _hold(port, SECONDS, (300, _whole))


def half_heads(port: int) -> None:
    _hold(port, SECONDS, (300, _half))


def slow_bodies(port: int) -> None:
    _hold(port, SECONDS, (300, _body), trickle=b"x")


def all_three(port: int) -> None:
    _hold(port, 20, (300, _whole), (300, _half), (300, _body))


def flood(port: int) -> None:
    _hold(port, SECONDS, (2_500, _whole), (2_500, _half))


def slow_readers(port: int) -> None:
    _hold(port, SECONDS, (200, _list))
