"""A port that systemd holds for the shop (`deploy/clubfront.socket`): it stays open while the shop is started anew, and
whoever connects meanwhile waits, with what they sent.
"""

import os
import socket
from typing import Any

import click
from granian._granian import SocketHolder
from granian.server import Server

from web.edge import connections

FIRST = 3
"""Where systemd puts the first one."""


def handed(port: int) -> socket.socket | None:
    """The socket that was handed to this process; None when there is none. Raises ClickException for another one."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS", "0") == "0":
        return None
    if os.environ["LISTEN_FDS"] != "1":
        raise click.ClickException("systemd holds more than one socket for the shop; it takes one: clubfront.socket.")
    found = socket.socket(fileno=FIRST)
    if not found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) or found.family == socket.AF_UNIX:
        raise click.ClickException("What systemd holds for the shop is no port that listens: clubfront.socket.")
    if (held := found.getsockname()[1]) != port:
        words = f"systemd listens at port {held} for the shop, and PORT is {port}. Make both the same."
        raise click.ClickException(words)
    found.setblocking(False)
    return found


class HandedServer(Server):
    """All processes take visitors from one socket, which none of them opened."""

    def __init__(self, held: socket.socket, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.held = held

    def _init_shared_socket(self) -> None:
        self._ssp, self._sso = None, None
        self._shd = SocketHolder(self.held.fileno(), uds=False, backlog=connections.BACKLOG)
