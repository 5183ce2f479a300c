"""The catalogue for merchants' programs: everything public, with a guest's prices and the club's.

It is written in chunks, so that other requests are answered in the meantime, and cached compressed until something in
it may have changed. Its ETag is made from its content: while that is unchanged, clients need not fetch it again.
"""

import asyncio
import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import ProductView
from components.foundation.languages import language
from components.memberships.plans import lead_plan, plan_offers
from web import templating
from web.guards import anyone
from web.shop.feeds import feed_entries
from web.shop.viewer import Viewer
from web.views import visitor_of
from web.visitor import Visitor

AT_ONCE = 20
GZIP = 16 + zlib.MAX_WBITS
MEDIA_TYPE = "application/rss+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Feed:
    """`packed` is a gzip file; `tag` is made from its uncompressed content."""

    packed: bytes
    tag: str


class _Cache:
    """`pieces` are the compressed chunks of the last feed: a change rewrites only the chunks it affects."""

    key: tuple[object, ...] = ()
    feed: Feed | None = None
    pieces: ClassVar[dict[tuple[object, ...], bytes]] = {}
    writing = asyncio.Lock()


class ProductFeedController(Controller):
    path = "/products/feed.xml"
    guards = [anyone]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The same for every caller: it is for machines, they count as guests, and read what the owner has written."""
        with language.speaking(language.own()), plan_offers.offering(()):
            feed = await current(Viewer.of(Visitor(at=visitor_of(request).at)))
        headers = {"Cache-Control": "public, max-age=0, must-revalidate", "ETag": feed.tag, "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match", "").removeprefix("W/") == feed.tag.removeprefix("W/"):
            return Response(b"", status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(feed.packed, media_type=MEDIA_TYPE, headers={**headers, "Content-Encoding": "gzip"})
        whole = await asyncio.to_thread(zlib.decompress, feed.packed, GZIP)  # 20 MB of 12,000 products
        return Response(whole, media_type=MEDIA_TYPE, headers=headers)


async def current(viewer: Viewer) -> Feed:
    """For a guest viewer. Written once for all who wait for it."""
    key = (snapshot_refresh.snapshot().version, viewer.key)
    async with _Cache.writing:
        if _Cache.feed is None or _Cache.key != key:
            _Cache.feed, _Cache.key = await _write(viewer), key
        return _Cache.feed


async def _write(viewer: Viewer) -> Feed:
    packing, mark, pieces = zlib.compressobj(6, zlib.DEFLATED, GZIP), hashlib.blake2b(digest_size=12), []
    for text in _pieces(viewer):
        mark.update(text.encode())
        pieces.append(packing.compress(text.encode()))
        await asyncio.sleep(0)
    pieces.append(packing.flush())
    # Weak: compressed and uncompressed it is the same feed in different bytes.
    return Feed(b"".join(pieces), f'W/"{mark.hexdigest()}"')


def _pieces(viewer: Viewer) -> Iterator[str]:
    snapshot, plan = snapshot_refresh.snapshot(), lead_plan.current_plan(viewer.at)
    tier = plan.slug if plan else ""
    kept: dict[tuple[object, ...], bytes] = {}
    ids = list(snapshot.shelf(None, "shelf"))
    yield templating.render("shop/feeds/product_feed/begin.xml", {})
    for first in range(0, len(ids), AT_ONCE):
        products = (snapshot.product_by_id(id) for id in ids[first : first + AT_ONCE])
        seen = [product for product in products if product is not None and viewer.standing(product).is_visible]
        mark: tuple[object, ...] = (viewer.key, tier, *((product.id, product.stamp) for product in seen))
        kept[mark] = _Cache.pieces.get(mark) or _piece(seen, viewer, tier)
        yield zlib.decompress(kept[mark]).decode()
    yield templating.render("shop/feeds/product_feed/end.xml", {})
    _Cache.pieces = kept


def _piece(seen: Sequence[ProductView], viewer: Viewer, tier: str) -> bytes:
    entries = [entry for one in seen for entry in feed_entries.entry_for(one, viewer, tier=tier)]
    return zlib.compress(templating.render("shop/feeds/product_feed/_entries.xml", {"entries": entries}).encode(), 1)
