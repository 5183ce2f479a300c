"""Reading a request's body: how long it may take, how much of it waits in memory, and what is too much."""

import asyncio
import time
from typing import Any

from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal

MOST_SENT = 256 * 1024
"""For forms and JSON. The routes that take files say so themselves: `sending.WITH_FILE`."""
LONGEST_GAP = 10.0
"""Seconds without a single byte."""
FIRST_SECONDS, SLOWEST = 15.0, 8_000
"""A body may take 15 seconds, and one more for each 8,000 bytes of it."""
SMALL, MOST_WAITING = 16 * 1024, 32 * 1024 * 1024
"""The first 16 kB of a body are always taken; what goes beyond shares 32 MB with all others that are being sent."""
MOST_DRAINED, DRAIN_SECONDS = 32 * 1024 * 1024, 5.0


class BodyNotSent(Refusal):
    """What was to be sent did not come. Hundreds may be given up in one moment: each gets a page without a layout."""


class BodyTooSlow(BodyNotSent):
    message = N_("Sending this took too long, so nothing has been changed. Please try again.")
    status = 408


class BodyBroken(BodyNotSent):
    message = N_("The connection ended before everything was sent.")
    status = 400


class TooMuchAtOnce(BodyNotSent):
    message = N_("The shop is receiving a lot at the moment. Please try again shortly.")
    status = 503
    retry_after = 5


class TooMuchSent(Refusal):
    message = N_("That’s more than we can accept in one go.")
    status = 413


class _Waiting:
    """Bytes of unfinished bodies in this process, beyond the small beginning of each."""

    bytes = 0


class Body:
    """An ASGI `receive` with these limits. `most` is for what reads without the framework, which has its own."""

    def __init__(self, receive: Any, *, most: int | None = None) -> None:
        self._receive, self._most = receive, most
        self._began = time.monotonic()
        self.received, self._counted = 0, 0
        self.is_complete = self.is_awaited = False

    async def __call__(self) -> Any:
        if self.is_complete:
            return await self._receive()
        message = await self._next(self._seconds_left())
        if message["type"] == "http.disconnect":
            self.finish()
            raise BodyBroken
        self.received += len(message.get("body", b""))
        self._count()
        if self._most is not None and self.received > self._most:
            raise TooMuchSent
        if not message.get("more_body", False):
            self.finish()
        return message

    def _seconds_left(self) -> float:
        left = self._began + FIRST_SECONDS + self.received / SLOWEST - time.monotonic()
        return min(LONGEST_GAP, max(left, 0.0))

    async def _next(self, seconds: float) -> Any:
        self.is_awaited = True
        try:
            async with asyncio.timeout(seconds):
                return await self._receive()
        except TimeoutError:
            raise BodyTooSlow from None
        finally:
            self.is_awaited = False

    def _count(self) -> None:
        beyond = max(self.received - SMALL, 0)
        _Waiting.bytes += beyond - self._counted
        self._counted = beyond
        if beyond and _Waiting.bytes > MOST_WAITING:
            raise TooMuchAtOnce

    def finish(self) -> None:
        """Nothing of this body waits any more."""
        _Waiting.bytes -= self._counted
        self._counted, self.is_complete = 0, True

    async def drain(self) -> None:
        """Throw away what still comes: a browser that is still sending would not read why it was refused."""
        drained, until = 0, time.monotonic() + DRAIN_SECONDS
        while not self.is_complete and drained < MOST_DRAINED and (left := until - time.monotonic()) > 0:
            try:
                message = await self._next(left)
            except BodyTooSlow:
                return
            drained += len(message.get("body", b""))
            if message["type"] == "http.disconnect" or not message.get("more_body", False):
                self.finish()
