"""For crawlers: every public page, and which addresses to leave out."""

import asyncio
from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get
from litestar.params import FromQuery

from components.catalog import product_list, visibility
from components.catalog.product_list import BrowseQuery
from components.catalog.snapshot import snapshot_refresh
from components.catalog.snapshot.snapshots import Snapshot
from components.catalog.visibility import Access
from components.content import articles
from components.content.site import site_content
from components.foundation import settings, text
from components.foundation.languages import language
from components.foundation.refusals import NotFound
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from web import templating
from web.guards import anyone
from web.views import visitor_of

MOST = 45_000
ALWAYS = ("/", "/products", "/collections", "/journal", "/join", "/contact")
PRIVATE = ("/account", "/api", "/basket", "/checkout", "/orders", "/search", "/staff")
ROBOTS = """User-agent: *
{disallowed}
Sitemap: {base_url}/sitemap.xml
"""


class SitemapController(Controller):
    path = "/"
    guards = [anyone]

    @get("/sitemap.xml")
    async def index(self, request: Request[Any, Any, Any], part: FromQuery[int] = 0) -> Response[Any]:
        """One list; where that would exceed the protocol's limit, a list of lists."""
        at = visitor_of(request).at
        return await asyncio.to_thread(_written, part, at, await _articles(at))

    @get("/robots.txt")
    async def show(self) -> Response[Any]:
        prefixes = [prefix for _, prefix in language.prefixes()] or [""]
        disallowed = "\n".join(f"Disallow: {prefix}{path}" for prefix in prefixes for path in PRIVATE)
        text = ROBOTS.format(disallowed=disallowed, base_url=settings.current().base_url)
        return Response(text, media_type="text/plain; charset=utf-8", headers={"Cache-Control": "public, max-age=3600"})


def _written(part: int, at: datetime, of_articles: list[str]) -> Response[Any]:
    """In a thread: of twenty thousand products it takes a while, and others are answered in the meantime."""
    pages = [page.href for page in site_content.current().pages]
    paths = [*ALWAYS, *pages, *_collections(at), *_products(snapshot_refresh.snapshot(), at), *of_articles]
    paths = [text.in_address(path) for path in paths]
    languages = language.prefixes()
    most = MOST // max(len(languages), 1) ** 2
    parts = -(-len(paths) // most)
    if part > parts or part < 0:
        raise NotFound
    if parts > 1 and part == 0:
        return _xml("shop/feeds/sitemap/parts.xml", {"parts": range(1, parts + 1)})
    first = max(part - 1, 0) * most
    return _xml("shop/feeds/sitemap/show.xml", {"paths": paths[first : first + most], "languages": languages})


def _products(snapshot: Snapshot, at: datetime) -> list[str]:
    """Products a guest can see, including announced and locked ones: their pages are public."""
    found = (snapshot.product_by_id(id) for id in snapshot.shelf(None, BrowseQuery().sort))
    seen = (product for product in found if product and visibility.is_for_all(product, at))
    return [f"/products/{product.slug}" for product in seen]


def _collections(at: datetime) -> list[str]:
    return [
        f"/collections/{each.slug}"
        for each in product_list.collections_with_products(snapshot_refresh.snapshot(), Access.NONE, at)
    ]


async def _articles(at: datetime) -> list[str]:
    return [
        f"/journal/{one.article.slug}" for one in await articles.published(CustomerEntitlements.NONE, at, limit=1_000)
    ]


def _xml(template: str, context: dict[str, Any]) -> Response[Any]:
    written = templating.render(template, context).encode()
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(written, media_type="application/xml; charset=utf-8", headers=headers)
