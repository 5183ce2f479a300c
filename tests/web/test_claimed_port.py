"""While a shop is filled its port is kept for it, and whoever has taken one is told of in a sentence."""

import socket

import pytest
from click import ClickException

from web import serving_lock

HOME = "127.0.0.1"


def _free() -> int:
    with socket.socket() as probe:
        probe.bind((HOME, 0))
        return int(probe.getsockname()[1])


def _listening(port: int) -> socket.socket:
    """As the server does it."""
    other = socket.socket()
    other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    other.bind((HOME, port))
    other.listen()
    return other


def test_nobody_takes_the_port_between_the_start_and_the_first_visitor() -> None:
    port = _free()
    claimed = serving_lock.claim_port(HOME, port)
    with pytest.raises(OSError, match="in use"):
        _listening(port)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOME, port), timeout=2)
    claimed.give_over()
    _listening(port).close()


def test_a_port_that_is_taken_is_said_in_a_sentence_at_once() -> None:
    with _listening(_free()) as other:
        port = other.getsockname()[1]
        with pytest.raises(ClickException, match=f"Port {port} on {HOME} is not available: .* Set PORT to a different"):
            serving_lock.claim_port(HOME, port)


def test_a_port_that_somebody_took_all_the_same_is_said_in_a_sentence_too() -> None:
    port = _free()
    claimed = serving_lock.claim_port(HOME, port)
    claimed.held.close()
    with _listening(port), pytest.raises(ClickException, match="is not available"):
        claimed.give_over()
