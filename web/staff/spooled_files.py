"""A file that is written as fast as its rows come, and sent as slowly as it is taken: on disk meanwhile.

So nothing of the database waits for whoever downloads it, and memory does not grow with it. What it begins with is
there before the answer is: trouble until then is told in words.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from typing import IO, Any

import asyncpg

from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal

AT_ONCE = 1 << 16
"""Bytes that are sent at a time."""


class FileTooSlow(Refusal):
    message = N_("This file takes too long to put together just now. Try again in a few minutes.")
    status = 503


class SpooledFile:
    def __init__(self, made: AsyncIterator[bytes]) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed once it is sent)
        self._length = 0
        self._more = asyncio.Event()
        self._writing: asyncio.Task[Any] = asyncio.create_task(self._write(made))

    async def _write(self, made: AsyncIterator[bytes]) -> None:
        try:
            async for part in made:
                self._file.seek(self._length)
                self._length += self._file.write(part)
                self._more.set()
        finally:
            self._more.set()

    async def begun(self) -> None:
        """Until there is something of it. Raises `FileTooSlow`."""
        await self._more.wait()
        if self._writing.done():
            self._finish()

    async def parts(self) -> AsyncIterator[bytes]:
        sent = 0
        try:
            while True:
                is_all, until = self._writing.done(), self._length
                self._more.clear()
                while sent < until:
                    self._file.seek(sent)
                    part = self._file.read(min(AT_ONCE, until - sent))
                    sent += len(part)
                    yield part
                if is_all:
                    self._finish()
                    return
                if self._length == sent and not self._writing.done():
                    await self._more.wait()
        finally:
            self._writing.cancel()
            self._file.close()

    def _finish(self) -> None:
        try:
            self._writing.result()
        except (asyncpg.QueryCanceledError, TimeoutError):
            raise FileTooSlow from None


async def begun(made: AsyncIterator[bytes]) -> SpooledFile:
    """Of parts that are made one after the other. Raises `FileTooSlow`, and whatever goes wrong before the first."""
    found = SpooledFile(made)
    await found.begun()
    return found
