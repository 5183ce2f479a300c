"""What was seen waits here for a second at most, in memory and bounded, so that no page waits for it.

Full, the oldest is dropped and counted in `/metrics`. A process that is killed loses what is in it.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator

import structlog
from prometheus_client import Counter

from components.behaviour import view_writing
from components.behaviour.page_views import SeenPage
from components.foundation.operations import supervised_tasks

MOST = 5_000
AT_ONCE = 500
EVERY_SECONDS = 1.0
DROPPED = Counter("clubfront_views_dropped", "Page views that were not counted because the database did not take them")
log = structlog.get_logger()


class ViewBuffer:
    """One of each process."""

    def __init__(self, most: int = MOST) -> None:
        self.waiting: deque[SeenPage] = deque(maxlen=most)
        self.is_away = False
        self._full = asyncio.Event()

    def note(self, seen: SeenPage) -> None:
        """Never waits and never fails."""
        if len(self.waiting) == self.waiting.maxlen:
            DROPPED.inc()
        self.waiting.append(seen)
        if len(self.waiting) >= AT_ONCE:
            self._full.set()

    async def write(self) -> int:
        """Write down what waits, in lots; how many. What the database does not take waits on."""
        written = 0
        while self.waiting:
            lot = [self.waiting.popleft() for _ in range(min(AT_ONCE, len(self.waiting)))]
            try:
                await view_writing.write(lot)
            except BaseException as trouble:
                self._put_back(lot)
                if not isinstance(trouble, Exception):
                    raise
                if not self.is_away:
                    log.warning("page views wait: the database did not take them", trouble=repr(trouble))
                self.is_away = True
                return written
            self.is_away = False
            written += len(lot)
        return written

    def _put_back(self, lot: list[SeenPage]) -> None:
        """In front again, as far as there is room: newer ones are kept rather."""
        room = (self.waiting.maxlen or 0) - len(self.waiting)
        DROPPED.inc(max(0, len(lot) - room))
        self.waiting.extendleft(reversed(lot[max(0, len(lot) - room) :]))

    async def _last(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._full.wait(), EVERY_SECONDS)
            self._full.clear()
            await self.write()
            if self.is_away:
                await asyncio.sleep(EVERY_SECONDS)


BUFFER = ViewBuffer()


@contextlib.asynccontextmanager
async def writing(buffer: ViewBuffer = BUFFER) -> AsyncIterator[None]:
    """Written every second, and once more at the end."""
    try:
        async with supervised_tasks.going_on("writing down page views", buffer._last):
            yield
    finally:
        await buffer.write()
