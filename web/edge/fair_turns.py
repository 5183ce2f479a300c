"""Requests begin by turns: an address that sends hundreds at once keeps nobody else waiting.

Of what has arrived a few begin in each round of the event loop, one of each address before a second one of any. What
has begun runs freely, so nothing is slower while all that arrives can begin at once, and behind a proxy that names no
visitors, where all have one address, the order is that of arrival.
"""

import asyncio
import sys
from collections import deque

AT_ONCE = 8
"""Some two milliseconds of work: so long a round lasts for whoever comes meanwhile."""
HANDED_OVER_WITHIN = 0.0005
"""Seconds. The server's thread hands each request to the loop, in the order of arrival, and may wait for the
interpreter so long each time: with Python's 5 ms a flood waits there, before anybody can give it turns."""


def hand_over_soon() -> None:
    """Of this process, whose loop answers requests."""
    sys.setswitchinterval(HANDED_OVER_WITHIN)


class Turns:
    """Of one event loop. As many wait as there are connections."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        self._begun = 0
        self._is_next_due = False

    async def take(self, address: str) -> None:
        """Returns when it is this request's turn."""
        loop = asyncio.get_running_loop()
        if not self._is_next_due:
            self._is_next_due = True
            loop.call_soon(self._next)
        if self._begun < AT_ONCE and not self._waiting:
            self._begun += 1
            return
        turn = loop.create_future()
        self._waiting.setdefault(address, deque()).append(turn)
        await turn

    def _next(self) -> None:
        self._begun = 0
        while self._waiting and self._begun < AT_ONCE:
            address = next(iter(self._waiting))
            of_address = self._waiting.pop(address)
            turn = of_address.popleft()
            if of_address:
                self._waiting[address] = of_address  # behind the others
            if not turn.done():  # the visitor may have gone
                turn.set_result(None)
                self._begun += 1
        self._is_next_due = self._begun > 0
        if self._is_next_due:
            asyncio.get_running_loop().call_soon(self._next)
