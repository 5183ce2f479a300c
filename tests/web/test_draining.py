"""A process that was asked to stop goes on while anybody has come whom it has not taken up."""

import socket
import time

import pytest

from web.edge import draining


def test_who_waits_and_what_is_unread_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert draining.is_quiet(port)
        with socket.create_connection(("127.0.0.1", port)) as visitor:
            assert not draining.is_quiet(port), "somebody waits to be accepted"
            accepted, _ = listening.accept()
            with accepted:
                assert not draining.is_quiet(port), "somebody has connected and said nothing yet"
                monkeypatch.setattr(draining, "SILENT_MS", 0)
                assert draining.is_quiet(port), "whoever stays silent is waited for"
                visitor.sendall(b"GET")
                until = time.monotonic() + 5
                while draining.is_quiet(port) and time.monotonic() < until:
                    time.sleep(0.001)
                assert not draining.is_quiet(port), "what came is unread"
                accepted.recv(3)
                assert draining.is_quiet(port)
                monkeypatch.undo()
                assert not draining.is_quiet(port), "who keeps a connection may ask again on it"
