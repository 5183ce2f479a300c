"""Pictures of a shop on several machines: a bucket of an S3-compatible service has all of them, where one is named.

Each machine serves them from its own folder. What one has made goes into the bucket before anything shows it, and the
others, told by a notification, fetch it into theirs. A new machine fetches all, and meanwhile each as it is asked for.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from components.catalog.catalog_refusals import PictureNotKept
from components.foundation import database, settings
from components.foundation.database.notifications import listener
from components.foundation.operations import buckets, supervised_tasks

if TYPE_CHECKING:
    from obstore.store import S3Store

CHANNEL = "pictures"
ALL = ""
"""Said in place of a name: compare the folder with the bucket."""
AT_ONCE, MOST_WAITING = 8, 500
AGAIN_SECONDS = 30.0
CONNECT, REQUEST, RETRIES = timedelta(seconds=3), timedelta(seconds=15), 2
log = structlog.get_logger()


def is_on() -> bool:
    return bool(settings.current().pictures_to)


def folder() -> Path:
    return settings.current().data / "pictures"


async def keep(name: str) -> None:
    """The sizes of a picture that has just been made. Raises `PictureNotKept`."""
    if not is_on():
        return
    try:
        for path in await asyncio.to_thread(lambda: sorted(folder().glob(f"{name}-*.webp"))):
            await _put(path)
    except buckets.troubles() as trouble:
        log.warning("a picture could not be put into the bucket", picture=name, trouble=repr(trouble))
        raise PictureNotKept from None
    await database.notify(CHANNEL, name)


async def fetch(file_name: str) -> None:
    """The file of this name into the folder, if the bucket has it. Raises `PictureNotKept` when it cannot be asked."""
    try:
        await _get(file_name)
    except FileNotFoundError:
        return
    except buckets.troubles() as trouble:
        log.warning("a picture could not be fetched from the bucket", picture=file_name, trouble=repr(trouble))
        raise PictureNotKept from None


class _Waiting:
    """Names to be fetched. More than can wait are fetched by comparing everything."""

    names: "asyncio.Queue[str]"

    @classmethod
    def add(cls, name: str) -> None:
        if cls.names.full():
            while not cls.names.empty():
                cls.names.get_nowait()
            name = ALL
        cls.names.put_nowait(name)


@contextlib.asynccontextmanager
async def in_step() -> AsyncIterator[None]:
    """While the block lasts, the folder gets what other machines put into the bucket."""
    if not is_on():
        yield
        return
    _Waiting.names = asyncio.Queue(MOST_WAITING)
    _Waiting.add(ALL)

    async def heard(name: str) -> None:
        _Waiting.add(name)

    async def missed() -> None:
        _Waiting.add(ALL)

    listener.on(CHANNEL, heard, after_a_gap=missed)
    async with supervised_tasks.going_on("fetching pictures from the bucket", _fetch_what_waits):
        yield


async def _fetch_what_waits() -> None:
    while True:
        name = await _Waiting.names.get()
        try:
            await _compare(name)
        except buckets.troubles() as trouble:
            log.warning("the bucket of pictures could not be read", trouble=repr(trouble))
            await asyncio.sleep(AGAIN_SECONDS)
            _Waiting.add(ALL)


async def _compare(name: str) -> None:
    """Of one picture or all: what the folder lacks is fetched, and what the bucket lacks is put there."""
    import obstore

    here = await asyncio.to_thread(lambda: {path.name for path in folder().glob(f"{name or '*'}-*.webp")})
    there: set[str] = set()
    async for batch in obstore.list(_store(), prefix=name or None):
        there |= {str(one["path"]).replace("/", "-") for one in batch}
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(file_name: str) -> None:
        async with turns:
            await (_get(file_name) if file_name in there else _put(folder() / file_name))

    await asyncio.gather(*(one(file_name) for file_name in sorted(here ^ there)))


async def _put(path: Path) -> None:
    import obstore

    await obstore.put_async(_store(), _key(path.name), path)


async def _get(file_name: str) -> None:
    """Whole or not at all, also when several processes of this machine fetch it."""
    import obstore

    found = await obstore.get_async(_store(), _key(file_name))
    content = bytes(await found.bytes_async())

    def write() -> None:
        folder().mkdir(exist_ok=True)
        part = folder() / f"{file_name}.{id(content)}.part"
        part.write_bytes(content)
        part.replace(folder() / file_name)

    await asyncio.to_thread(write)


def _key(file_name: str) -> str:
    """`<digest>/640.webp`: a bucket is listed by whole parts of names."""
    return file_name.replace("-", "/")


@cache
def _store() -> "S3Store":
    bucket = settings.current().pictures_bucket
    return bucket.store(connect=CONNECT, request=REQUEST, retries=RETRIES, retrying=REQUEST)
