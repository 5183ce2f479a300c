"""Requests begin by turns: whoever sends hundreds at once waits for themselves, and nobody else does."""

import asyncio
import contextlib
import sys
from typing import Any

from web.edge.fair_turns import AT_ONCE, Turns, hand_over_soon
from web.edge.security import Edge

CROWD, NEIGHBOUR = "192.0.2.1", "198.51.100.7"


async def test_a_neighbour_begins_before_the_crowd_that_came_first() -> None:
    begun: list[str] = []

    async def shop(scope: Any, receive: Any, send: Any) -> None:
        begun.append(scope["client"][0])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    edge = Edge(shop)
    await asyncio.gather(*(_visit(edge, CROWD, port) for port in range(500)), _visit(edge, NEIGHBOUR, 1))
    assert len(begun) == 501 and begun.index(NEIGHBOUR) <= 2 * AT_ONCE


async def _visit(edge: Edge, address: str, port: int) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: Any) -> None: ...

    scope = {"type": "http", "method": "GET", "path": "/nowhere", "raw_path": b"/nowhere", "query_string": b"",
             "scheme": "http", "headers": [(b"host", b"127.0.0.1")], "client": (address, port)}  # fmt: skip
    await edge(scope, receive, send)


async def test_few_begin_at_once_and_all_in_the_order_in_which_they_came() -> None:
    turns, begun = Turns(), []

    async def come(number: int) -> None:
        await turns.take(CROWD)
        begun.append(number)

    tasks = [asyncio.create_task(come(number)) for number in range(100)]
    await asyncio.sleep(0)
    assert len(begun) == AT_ONCE
    await asyncio.gather(*tasks)
    assert begun == list(range(100))


async def test_who_goes_away_while_waiting_takes_nobodys_turn() -> None:
    turns = Turns()
    tasks = [asyncio.create_task(turns.take(CROWD)) for _ in range(100)]
    await asyncio.sleep(0)
    for task in tasks[AT_ONCE:60]:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.wait_for(asyncio.gather(*tasks[60:]), 1)
    assert all(task.done() and not task.cancelled() for task in tasks[60:])


def test_the_server_hands_requests_over_before_a_busy_loop_would_let_it() -> None:
    usual = sys.getswitchinterval()
    try:
        hand_over_soon()
        assert sys.getswitchinterval() <= usual / 10
    finally:
        sys.setswitchinterval(usual)
