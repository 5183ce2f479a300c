"""The snapshot that this process serves and its updates: PostgreSQL announces each change, the changed rows are
read."""

import asyncio
import contextlib
import gc
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

import structlog

from components.catalog.search.search_index import SearchIndex
from components.catalog.snapshot import snapshot_loading
from components.catalog.snapshot.snapshots import Snapshot
from components.catalog.views import CollectionView, ProductView
from components.foundation.database.notifications import listener

CHANNEL = "catalogue"
GATHERED = 0.01
AGAIN_SECONDS = 1.0
MANY, AFTER_MANY = 20, 1.0
"""An import changes many products, and goes on doing so: after so many the next changes are read so much later."""
AT_ONCE = 100
Collections = tuple[CollectionView, ...]
Moves = Mapping[UUID, ProductView | None]

log = structlog.get_logger()


class _Live:
    """One per process. Changes announced within `GATHERED` seconds are read together."""

    def __init__(self) -> None:
        self.snapshot = Snapshot()
        self.heard: set[UUID] = set()
        self.following: asyncio.Task[None] | None = None
        self.reading = asyncio.Lock()
        self.is_listening = False
        self.is_behind = False
        self.not_before = 0.0


_live = _Live()


def snapshot() -> Snapshot:
    """The catalogue as this process knows it; keep the returned value for as long as one version is needed."""
    return _live.snapshot


async def start() -> None:
    """Load everything, then apply every change from now on."""
    if not _live.is_listening:
        listener.on(CHANNEL, on_notification, after_a_gap=refresh)
        _live.is_listening = True
    await refresh()


async def refresh() -> None:
    """Load everything again."""
    async with _live.reading:
        _live.heard.clear()
        _live.is_behind = False
        _live.not_before = 0.0
        version = _live.snapshot.version + 1
        collections = await snapshot_loading.load_collections()
        with _without_collecting():
            products = await snapshot_loading.load_all(stamp=version)
        _live.snapshot = await loaded(products, collections, version=version)


async def loaded(products: list[ProductView], collections: Collections, *, version: int) -> Snapshot:
    """In a thread: a large catalogue takes seconds, and requests are still answered in the meantime."""
    with _without_collecting():
        index = await asyncio.to_thread(SearchIndex.of, products)
        return await asyncio.to_thread(Snapshot.of, products, collections, index, version=version)


async def after(known: Snapshot, moves: Moves, collections: Collections, *, version: int) -> Snapshot:
    """What follows from changes. Many of them, as an import brings, are worked in in a thread too."""
    if not known.is_much_to_change(moves):
        return known.changed(moves, collections, version=version)
    with _without_collecting():
        return await asyncio.to_thread(known.changed, moves, collections, version=version)


@contextlib.contextmanager
def _without_collecting() -> Iterator[None]:
    """Garbage collection is off while loading: a large catalogue is millions of live objects that take long to scan."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


async def catch_up(ids: Iterable[UUID] = ()) -> None:
    """Read these products and all pending changes before answering, so that people see their own changes at once."""
    _live.heard.update(ids)
    async with _live.reading:
        changed = frozenset(_live.heard)
        _live.heard.clear()
        _live.is_behind = False
        version = _live.snapshot.version + 1
        try:
            collections = await snapshot_loading.load_collections()
            moves = await _read(changed, version)
        except BaseException:
            _live.heard.update(changed)
            _live.is_behind = True
            raise
        _live.snapshot = await after(_live.snapshot, moves, collections, version=version)


async def _read(changed: frozenset[UUID], version: int) -> dict[UUID, ProductView | None]:
    """Some at a time: the rows of many hold up everybody else."""
    moves: dict[UUID, ProductView | None] = {}
    ids = list(changed)
    for start in range(0, len(ids), AT_ONCE):
        moves |= await snapshot_loading.load_products(ids[start : start + AT_ONCE], stamp=version)
    if len(changed) > MANY:
        _live.not_before = asyncio.get_running_loop().time() + AFTER_MANY
    return moves


async def on_notification(payload: str) -> None:
    """A notification's payload: a product id, the collection or variant of a sale, or the word for all collections."""
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
        await asyncio.sleep(max(GATHERED, _live.not_before - asyncio.get_running_loop().time()))
        try:
            await catch_up()
        except Exception as trouble:  # whatever it is, the change is still to be read
            log.warning("a change of the catalogue could not be read yet", trouble=repr(trouble))
            await asyncio.sleep(AGAIN_SECONDS)


async def stop() -> None:
    """Before the database is disconnected: what is being read is not needed any more."""
    if _live.following is not None:
        _live.following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await _live.following
        _live.following = None
