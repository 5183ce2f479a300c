"""Long answers go out in pieces, each when the one before was taken: a reader who takes nothing holds one piece."""

import asyncio
from typing import Any

AT_ONCE = 256 * 1024
LONGEST_WAIT = 30.0
"""Seconds for one piece; then the connection is cut."""


class ReaderTooSlow(Exception):
    """Nothing more can be said to this reader."""


async def send_in_pieces(send: Any, message: Any) -> None:
    """Raises `ReaderTooSlow`."""
    body, more = message.get("body", b""), message.get("more_body", False)
    for start in range(0, max(len(body), 1), AT_ONCE):
        end = start + AT_ONCE
        piece = {"type": message["type"], "body": body[start:end], "more_body": more or end < len(body)}
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                await send(piece)
        except TimeoutError:
            raise ReaderTooSlow from None
