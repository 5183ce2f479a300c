"""What somebody else does at the same time, in a connection of their own: begun within a transaction of the test."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Meanwhile:
    """Made outside the transaction, so that it does not belong to it."""

    def __init__(self, does: Coroutine[Any, Any, Any]) -> None:
        self._may_begin = asyncio.Event()
        self.task = asyncio.create_task(self._run(does))

    async def _run(self, does: Coroutine[Any, Any, Any]) -> Any:
        await self._may_begin.wait()
        return await does

    def may_begin(self) -> None:
        self._may_begin.set()

    async def begins(self) -> None:
        """As far as it gets."""
        self.may_begin()
        await asyncio.wait({self.task}, timeout=0.15)
