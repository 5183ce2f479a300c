"""Asked to stop by SIGTERM, a process loses no request: first it takes no new connections, then the server stops.

The server's own stop closes its listening socket at once, and the kernel then resets connections that were made but
not yet accepted; it also closes accepted connections of which nothing has been read. So, for `SECONDS`, the kernel
ignores whoever wants to connect (they try again by themselves, a second later, and are then refused at once or reach
the process that comes after), what waits is accepted and answered, and each answer says that its connection is the
last use of it. It is given longer while anybody still speaks: until nobody waits to be accepted, everything that came
has been read, and whoever has connected, or keeps a connection from before, has been silent for `SILENT_MS`, for
`MOST_SECONDS` at most. (Who keeps a connection asks again on it without knowing that it is about to be closed, and
would get no answer.) Then SIGINT, the signal for an immediate stop, is sent to this process: the server answers what it
has begun and ends.
"""

import asyncio
import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import struct
import termios
import time

import structlog

from web.edge import connections

SECONDS, MOST_SECONDS = 0.5, 5.0
LOOK_SECONDS, SILENT_MS = 0.05, 2_000
"""Who has sent nothing for so long is no longer waited for."""
CLOSE = (b"connection", b"close")
_SO_ATTACH_FILTER, _SO_DETACH_FILTER = 26, 27
_LOAD_BYTE, _JUMP_IF_ANY, _RETURN = 0x30, 0x45, 0x06
_FLAGS_AT, _SYN, _ALL = 13, 0x02, 0xFFFFFFFF
_IGNORE_SYN = ((_LOAD_BYTE, 0, 0, _FLAGS_AT), (_JUMP_IF_ANY, 0, 1, _SYN), (_RETURN, 0, 0, 0), (_RETURN, 0, 0, _ALL))
"""A socket filter for Linux: drops the first packet of a connection, and nothing of one that is being made."""
_TCP_INFO_BYTES, _WAIT_AT, _SILENT_AT = 136, 24, 52
"""Of Linux's `tcp_info`: who waits to be accepted, and milliseconds since data came."""
log = structlog.get_logger()


class _Stop:
    has_begun = False


def has_begun() -> bool:
    return _Stop.has_begun


def when_asked_to_stop(port: int) -> None:
    """From now on, in the running loop of the main thread; elsewhere nothing is changed."""
    loop = asyncio.get_running_loop()

    def begin() -> None:
        if not _Stop.has_begun:
            _Stop.has_begun = True
            log.info("no new connections are taken", listening=take_no_more(port))
            loop.call_later(SECONDS, _stop_when_quiet, time.monotonic() + MOST_SECONDS - SECONDS)

    def _stop_when_quiet(until: float) -> None:
        if time.monotonic() < until and not is_quiet(port):
            loop.call_later(LOOK_SECONDS, _stop_when_quiet, until)
        else:
            os.kill(os.getpid(), signal.SIGINT)

    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
        loop.add_signal_handler(signal.SIGTERM, begin)


def take_no_more(port: int) -> int:
    """What listens on `port` in this process answers to nobody new; returns how many sockets that are."""
    count = 0
    for one in connections.own_sockets(port):
        with one, contextlib.suppress(OSError):
            if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                _attach(one)
                count += 1
    return count


def is_quiet(port: int) -> bool:
    """Whether the server has taken up everything that came to this process."""
    is_busy = False
    for one in connections.own_sockets(port):
        with one, contextlib.suppress(OSError, struct.error):
            is_busy = is_busy or _waits(one)
    return not is_busy


def _waits(one: socket.socket) -> bool:
    told = one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        return bool(struct.unpack_from("=I", told, _WAIT_AT)[0])
    if struct.unpack("i", fcntl.ioctl(one, termios.FIONREAD, bytes(4)))[0]:
        return True
    return bool(struct.unpack_from("=I", told, _SILENT_AT)[0] < SILENT_MS)


def take_again(listening: socket.socket) -> None:
    """A port that outlives the process hears those who want to connect: they wait for the process that comes after."""
    with contextlib.suppress(OSError):  # nobody had stopped it
        listening.setsockopt(socket.SOL_SOCKET, _SO_DETACH_FILTER, 0)


def _attach(listening: socket.socket) -> None:
    steps = b"".join(struct.pack("HBBI", *step) for step in _IGNORE_SYN)
    program = ctypes.create_string_buffer(steps)
    listening.setsockopt(
        socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HL", len(_IGNORE_SYN), ctypes.addressof(program))
    )
