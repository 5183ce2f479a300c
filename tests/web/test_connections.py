"""Whoever only holds connections open loses them when there are too many; who is being answered does not."""

import contextlib
import socket
import time
from collections.abc import Iterator

import pytest

from web.edge import connections
from web.edge.request_bodies import Body


@pytest.fixture
def pairs() -> Iterator[list[tuple[socket.socket, socket.socket]]]:
    """Twelve connections, the oldest first: the client's end and the shop's."""
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        found = []
        for _ in range(12):
            client = stack.enter_context(socket.create_connection(listening.getsockname()))
            found.append((client, stack.enter_context(listening.accept()[0])))
        yield found
        connections.answering.clear()


Pairs = list[tuple[socket.socket, socket.socket]]


def is_open(client: socket.socket) -> bool:
    client.setblocking(False)
    try:
        return client.recv(1) != b""
    except BlockingIOError:
        return True


def port_of(pairs: Pairs) -> int:
    port: int = pairs[0][1].getsockname()[1]
    return port


def test_the_longest_idle_are_closed_and_no_more_than_needed(pairs: Pairs) -> None:
    pairs[0][0].send(b"GET")  # the oldest has just said something
    assert connections.close_excess(port_of(pairs), kept=8) == 4
    assert sum(is_open(client) for client, _ in pairs) == 8
    assert connections.close_excess(port_of(pairs), kept=8) == 0


def test_one_that_has_just_been_used_may_have_asked_and_is_left(pairs: Pairs) -> None:
    time.sleep(0.3)
    pairs[0][0].send(b"GET / HTTP/1.1\r\n\r\n")
    assert connections.close_excess(port_of(pairs), kept=0, fresh_ms=200) == 11
    assert [is_open(client) for client, _ in pairs] == [True] + [False] * 11


def test_a_request_in_hand_is_not_cut_but_one_whose_body_does_not_come_is(pairs: Pairs) -> None:
    in_hand, awaited = Body(None), Body(None)
    awaited.is_awaited = True
    connections.answering[pairs[0][0].getsockname()[:2]] = in_hand
    connections.answering[pairs[1][0].getsockname()[:2]] = awaited
    connections.close_excess(port_of(pairs), kept=0)
    assert [is_open(client) for client, _ in pairs] == [True] + [False] * 11


def test_the_socket_that_listens_passes_the_readers_time_limit_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert connections._limit_readers(listening.getsockname()[1])
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            limit = accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
    assert limit == connections.READER_SECONDS * 1000
