"""Connections are bounded: whoever holds many open and asks for nothing never keeps others out.

The server accepts `MOST` connections and closes one that sends no whole head for `HEAD_SECONDS`. Before they run out,
the ones that have been idle longest are closed here, first those of an address that holds more than its share. A
request that is being answered is never cut. A reader who takes nothing for `READER_SECONDS` is cut by the kernel.
"""

import contextlib
import os
import resource
import socket
import stat
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST, KEPT = 4_096, 1_024
"""Accepted at once by each process, and left open when there are more."""
SHARE = 128
"""An address that holds more loses its idle ones first. Behind a proxy all have one address: then idleness counts."""
HEAD_SECONDS, READER_SECONDS = 15, 30
HEAD_BYTES, BACKLOG = 64 * 1024, 4_096
FRESH_MS = 1_000
"""Whoever has just sent something may have sent a request that has not been looked at yet."""
LOOK_SECONDS = 0.2
_FOLDER = "/proc/self/fd"
_ESTABLISHED = b"\x01"
_TCP_INFO_BYTES, _IDLE_AT = 60, (44, 52)
"""Of Linux's `tcp_info`: milliseconds since data was last sent, and since it was last received."""

answering: dict[tuple[str, int], Any] = {}
"""The body of each request in hand, by the client's address and port; as many as there are connections."""


@dataclass(frozen=True, slots=True)
class _Connection:
    socket: socket.socket
    address: str
    port: int
    idle_ms: int


def allow_enough_files() -> None:
    """As many open files as the system lets this process have, up to what `MOST` needs."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST
    with contextlib.suppress(ValueError, OSError):
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def most_accepted() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if soft == resource.RLIM_INFINITY else max(min(MOST, soft - 256), 128)


def watch(port: int) -> None:
    """From now on, in a thread of its own: it goes on while the shop is busy."""
    if Path(_FOLDER).is_dir():
        threading.Thread(target=_watch, args=(port,), name="connections", daemon=True).start()


def _watch(port: int) -> None:
    most, is_limited = most_accepted(), False
    kept = min(KEPT, most // 2)
    while True:
        time.sleep(LOOK_SECONDS)
        with contextlib.suppress(OSError):
            is_limited = is_limited or _limit_readers(port)
            if (count := len(_open_files())) > kept:
                close_excess(port, kept=kept, fresh_ms=FRESH_MS if count < most * 3 // 4 else 0)


def close_excess(port: int, *, kept: int, fresh_ms: int = 0) -> int:
    """Close idle connections until `kept` are left, none that was used within `fresh_ms`; returns how many."""
    found = list(_connections(port))
    try:
        of_address = Counter(one.address for one in found)
        idle = [one for one in found if not _is_in_hand(one)]
        idle.sort(key=lambda one: (of_address[one.address] > SHARE, one.idle_ms), reverse=True)
        excess = [one for one in idle[: max(len(found) - kept, 0)] if one.idle_ms >= fresh_ms]
        for one in excess:
            with contextlib.suppress(OSError):
                one.socket.shutdown(socket.SHUT_RDWR)
        return len(excess)
    finally:
        for one in found:
            one.socket.close()


def _is_in_hand(one: _Connection) -> bool:
    body = answering.get((one.address, one.port))
    return body is not None and not body.is_awaited


def _limit_readers(port: int) -> bool:
    """Accepted connections inherit this of the socket that listens."""
    for listening in own_sockets(port):
        with listening:
            if listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, READER_SECONDS * 1000)
                return True
    return False


def _connections(port: int) -> Iterator[_Connection]:
    for one in own_sockets(port):
        try:
            address, peer_port = one.getpeername()[:2]
            told = one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
        except OSError:
            told = b""
        if told[:1] != _ESTABLISHED:
            one.close()
            continue
        idle = min(struct.unpack_from("=I", told, place)[0] for place in _IDLE_AT)
        yield _Connection(one, address, peer_port, idle)


def own_sockets(port: int) -> Iterator[socket.socket]:
    """Copies of this process's sockets on `port`: a copy never turns into another connection."""
    if not Path(_FOLDER).is_dir():
        return
    for number in [number for number in _open_files() if _is_socket(number)]:
        try:
            copy = socket.socket(fileno=os.dup(number))
        except OSError:
            continue
        if copy.family in (socket.AF_INET, socket.AF_INET6) and copy.getsockname()[1] == port:
            yield copy
        else:
            copy.close()


def _open_files() -> list[int]:
    return [int(name) for name in os.listdir(_FOLDER)]  # noqa: PTH208 - five times a second


def _is_socket(number: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError:
        return False
