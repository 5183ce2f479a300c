"""Shared by the terminal commands: connects the database, applies migrations, and reads the time as the shop does."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from components.foundation import clock, database, settings
from components.foundation.database import embedded, migrations
from components.foundation.shop_settings import setting_rows


class _Practice:
    read_offset: Callable[[Path], timedelta] = staticmethod(lambda folder: timedelta())


def use_practice_offset(read: Callable[[Path], timedelta]) -> None:
    """How far the practice clock is ahead, from the payment stand-in's file in a data folder."""
    _Practice.read_offset = staticmethod(read)


def follow_practice_clock(folder: Path | None = None) -> None:
    """Offline, commands live in the shop's time: that of the stand-in in this folder (its own, or a backup's)."""
    known = settings.current()
    if known.is_offline and (ahead := _Practice.read_offset(folder or known.data)):
        clock.use_source(lambda: clock.of_this_machine() + ahead)
    else:
        clock.use_system_time()


@contextlib.asynccontextmanager
async def connected() -> AsyncIterator[str]:
    """The database, started if embedded, and migrated; yields its address."""
    follow_practice_clock()
    dsn = own_dsn()
    async with database.opened(dsn, pool_size=settings.current().database_pool):
        await migrations.apply()
        await setting_rows.adopt_environment()
        yield dsn


def quick_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Of the loop that serves the shop, for work of many thousand statements: on each it spends about half as much of
    the processor. None where there is none."""
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop


def run(work: Callable[[], Awaitable[None]], *, is_long: bool = False) -> None:
    """Run a command's work with the database connected; `is_long`: in the `quick_loop`."""

    async def with_database() -> None:
        async with connected():
            await work()

    with asyncio.Runner(loop_factory=quick_loop() if is_long else None) as runner:
        runner.run(with_database())


def own_dsn() -> str:
    """The address of this shop's database, started if embedded."""
    known = settings.current()
    return known.database_url or embedded.start(known.data)


async def with_database(dsn: str, work: Callable[[], Awaitable[int]]) -> int:
    """What the work returns, in a database that is not necessarily this shop's, brought up to this version."""
    async with database.opened(dsn, pool_size=4):
        await migrations.apply()
        await setting_rows.refresh()
        return await work()


async def bring_up_to_date(dsn: str) -> None:
    """Apply what migrations are pending."""

    async def nothing_more() -> int:
        return 0

    await with_database(dsn, nothing_more)
