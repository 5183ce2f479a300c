"""The snapshot that this process serves, and how it follows the rows: PostgreSQL says what changed, we read that."""

import asyncio
import contextlib
import gc
from collections.abc import Iterable, Iterator
from uuid import UUID

import asyncpg
import structlog

from components.catalog.search.search_index import SearchIndex
from components.catalog.snapshot import snapshot_loading
from components.catalog.snapshot.snapshots import Snapshot
from components.foundation.database.notifications import listener

CHANNEL = "catalogue"
GATHERED = 0.01

log = structlog.get_logger()


class _Live:
    """One per process. Changes heard within `GATHERED` seconds are read together."""

    def __init__(self) -> None:
        self.snapshot = Snapshot()
        self.heard: set[UUID] = set()
        self.following: asyncio.Task[None] | None = None
        self.reading = asyncio.Lock()
        self.is_listening = False
        self.is_behind = False


_live = _Live()


def snapshot() -> Snapshot:
    """The catalogue as this process knows it; hold the answer for as long as one version is wanted."""
    return _live.snapshot


async def start() -> None:
    """Read everything, and follow every change from now on."""
    if not _live.is_listening:
        listener.on(CHANNEL, on_notification, after_a_gap=refresh)
        _live.is_listening = True
    await refresh()


async def refresh() -> None:
    """Read everything anew."""
    async with _live.reading:
        _live.heard.clear()
        _live.is_behind = False
        version = _live.snapshot.version + 1
        with _without_collecting():
            collections = await snapshot_loading.load_collections()
            products = await snapshot_loading.load_all(stamp=version)
            # In a thread: for a large catalogue this takes seconds, and requests go on being answered meanwhile.
            index = await asyncio.to_thread(SearchIndex.of, products)
            _live.snapshot = Snapshot.of(products, collections, index, version=version)


@contextlib.contextmanager
def _without_collecting() -> Iterator[None]:
    """A large catalogue is millions of objects that all stay: looking through them for garbage finds none, slowly."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


async def catch_up(ids: Iterable[UUID] = ()) -> None:
    """Read these products, and whatever else has been heard of, before answering: one's own change is seen at once."""
    _live.heard.update(ids)
    async with _live.reading:
        changed = frozenset(_live.heard)
        _live.heard.clear()
        _live.is_behind = False
        version = _live.snapshot.version + 1
        try:
            collections = await snapshot_loading.load_collections()
            moves = await snapshot_loading.load_products(changed, stamp=version) if changed else {}
        except BaseException:
            _live.heard.update(changed)
            _live.is_behind = True
            raise
        _live.snapshot = _live.snapshot.changed(moves, collections, version=version)


async def on_notification(payload: str) -> None:
    """A notice from the database: a product's id, a sale's collection or variant, or the word for all collections."""
    if payload != "collections":
        _live.heard.update(_products_of(payload))
    _live.is_behind = True
    if _live.following is None or _live.following.done():
        _live.following = asyncio.create_task(_follow())


def _products_of(payload: str) -> Iterable[UUID]:
    kind, _, named = payload.rpartition(":")
    if kind == "collection":
        return tuple(_live.snapshot.shelf(UUID(named), "shelf"))
    if kind == "variant":
        variant = _live.snapshot.variant(UUID(named))
        return (variant.product_id,) if variant else ()
    return (UUID(named),)


async def _follow() -> None:
    while _live.is_behind:
        await asyncio.sleep(GATHERED)
        try:
            await catch_up()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            # The listener's own connection is down too by then, and asks for a full `refresh` once it is back.
            log.exception("a change of the catalogue could not be read")
            return
