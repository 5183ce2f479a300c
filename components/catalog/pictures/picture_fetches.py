"""Pictures that an import named by their addresses: kept as rows, and fetched by a job (`picture_fetcher`).

One row for each address, so that what several products show is fetched once.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from components.catalog.pictures.pictures import StoredPicture
from components.catalog.tables import PictureFetch
from components.foundation import audit, database, ids, jobs
from components.foundation.database import any_of

TASK = "fetch_pictures"
MOST_LISTED = 200
MOST_REASONS = 5


@dataclass(frozen=True, kw_only=True)
class PictureCounts:
    """Of addresses: several products may show one."""

    waiting: int = 0
    fetched: int = 0
    failed: int = 0
    stopped: int = 0

    @property
    def total(self) -> int:
        return self.waiting + self.fetched + self.failed + self.stopped


@dataclass(frozen=True)
class HeldUp:
    """So many of those that wait were tried in vain, for one reason; `next_at` is when the first is tried again."""

    why: str
    count: int
    next_at: datetime


@dataclass(frozen=True)
class MissingPicture:
    """A picture that a product lacks. `title` and `slug` are the product's."""

    slug: str
    title: str
    address: str
    state: str
    why: str


@dataclass(frozen=True)
class FetchState:
    address: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class WantedPicture:
    """The row of an address, if it has one, and the picture as a product shows it until it has been fetched."""

    fetch: UUID | None
    shown: StoredPicture


async def want(addresses: Iterable[str]) -> dict[str, WantedPicture]:
    """Have the pictures at these addresses fetched, within the transaction that adds them to products."""
    by_key = {_key(address): address for address in addresses}
    keys = sorted(by_key)  # two imports at once wait for each other in one direction only
    named = [by_key[key] for key in keys]
    await database.execute(_WANT, [ids.new() for _ in keys], keys, named, [_host(address) for address in named])
    found = {}
    one = PictureFetch
    for row in await one.select(one.key, one.id, one.path, one.width, one.height).where(any_of(one.key, keys)):
        address = by_key[row["key"]]
        shown = StoredPicture(row["path"], row["width"], row["height"]) if row["path"] else StoredPicture(address)
        found[address] = WantedPicture(row["id"], shown)
    if any(not one.shown.width for one in found.values()):
        await begin()
    return found


_WANT = """
INSERT INTO picture_fetch (id, key, address, host, state, why, tries, wanted_at, next_at, path, width, height)
SELECT w.id, w.key, w.address, w.host, 'waiting', '', 0, now(), now(), '', 0, 0
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS w(id, key, address, host)
ON CONFLICT (key) DO NOTHING"""


def _key(address: str) -> str:
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "")[:255].lower()
    except ValueError:
        return ""


async def begin() -> None:
    """Have the job look for what waits."""
    await jobs.defer(TASK, lock=TASK, queueing_lock=TASK)


async def resume() -> None:
    """By the clock: whatever stopped the job, it goes on."""
    await show_fetched()
    if await PictureFetch.exists().where(PictureFetch.state == "waiting"):
        await begin()


async def show_fetched() -> None:
    """A picture that was added while its address was being fetched, or brought back after that, still shows the
    address."""
    await database.execute(_SHOW_FETCHED)


_SHOW_FETCHED = """
UPDATE picture p SET path = f.path, width = f.width, height = f.height FROM picture_fetch f
WHERE p.source = f.id AND f.state = 'fetched' AND p.path <> f.path"""


async def brought(product_ids: Sequence[UUID], *, by_import: UUID) -> None:
    """The pictures of these products that were named by an import are counted on that import's page."""
    if product_ids:
        sql = """UPDATE picture SET brought_by = $2
        WHERE product = ANY($1) AND source IS NOT NULL AND brought_by IS DISTINCT FROM $2"""
        await database.execute(sql, list(product_ids), by_import)


async def counts(*, by_import: UUID | None = None) -> PictureCounts:
    """Of one import, or of all of them."""
    (found,) = await database.fetch_as(PictureCounts, _COUNTS, by_import)
    return found


_SHOWN = "EXISTS (SELECT FROM picture p WHERE p.source = f.id AND ($1::uuid IS NULL OR p.brought_by = $1))"
_COUNTS = f"""
SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'fetched') AS fetched,
  count(*) FILTER (WHERE state IN ('refused', 'given_up')) AS failed,
  count(*) FILTER (WHERE state = 'stopped') AS stopped
FROM picture_fetch f WHERE {_SHOWN}"""


async def held_up(*, by_import: UUID | None = None) -> list[HeldUp]:
    """What keeps most of them from coming first."""
    return await database.fetch_as(HeldUp, _HELD_UP, by_import, MOST_REASONS)


_HELD_UP = f"""
SELECT why, count(*) AS count, min(next_at) AS next_at FROM picture_fetch f
WHERE state = 'waiting' AND why <> '' AND {_SHOWN} GROUP BY why ORDER BY count(*) DESC, why LIMIT $2"""


async def missing(*, by_import: UUID | None = None) -> list[MissingPicture]:
    """Those that were refused or given up, by product."""
    return await database.fetch_as(MissingPicture, _MISSING, by_import, MOST_LISTED)


_MISSING = """
SELECT o.slug, o.title, f.address, f.state, f.why FROM picture p
JOIN picture_fetch f ON f.id = p.source JOIN product o ON o.id = p.product
WHERE f.state IN ('refused', 'given_up') AND ($1::uuid IS NULL OR p.brought_by = $1)
ORDER BY o.title, o.id, p.position, p.id LIMIT $2"""


async def of_product(product_id: UUID) -> dict[UUID, FetchState]:
    """By picture."""
    rows = await database.fetch_rows(_OF_PRODUCT, product_id)
    return {picture: FetchState(address, state, why) for picture, address, state, why in rows}


_OF_PRODUCT = """
SELECT p.id, f.address, f.state, f.why FROM picture p JOIN picture_fetch f ON f.id = p.source WHERE p.product = $1"""


async def addresses(product_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Where each picture of these products came from, by picture; without those that were uploaded."""
    sql = """SELECT p.id, f.address FROM picture p JOIN picture_fetch f ON f.id = p.source WHERE p.product = ANY($1)"""
    return dict(await database.fetch_rows(sql, list(product_ids)))


async def stop(*, by: UUID, by_import: UUID | None = None) -> int:
    """Fetch nothing more of what waits; what has been fetched stays. Returns how many were waiting."""
    async with database.transaction():
        stopped = await database.execute(_STOP, by_import)
        if stopped:
            await audit.record(by, "fetching pictures stopped", "catalogue", "pictures", after={"pictures": stopped})
    return stopped


_STOP = f"""
UPDATE picture_fetch SET state = 'stopped' WHERE id IN (
  SELECT f.id FROM picture_fetch f WHERE f.state = 'waiting' AND {_SHOWN} ORDER BY f.id FOR UPDATE)"""


async def try_again(*, by: UUID, by_import: UUID | None = None) -> int:
    """Fetch what was refused, given up or stopped. Returns how many that are."""
    async with database.transaction():
        again = await database.execute(_TRY_AGAIN, by_import)
        if again:
            await audit.record(by, "pictures fetched again", "catalogue", "pictures", after={"pictures": again})
            await begin()
    return again


_TRY_AGAIN = f"""
UPDATE picture_fetch SET state = 'waiting', why = '', tries = 0, wanted_at = now(), next_at = now() WHERE id IN (
  SELECT f.id FROM picture_fetch f WHERE f.state IN ('refused', 'given_up', 'stopped') AND {_SHOWN}
  ORDER BY f.id FOR UPDATE)"""
