"""Searching products, articles and pages by words."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get
from markupsafe import Markup

from components.content import articles
from components.content.pages import published_pages
from components.content.pages.published_pages import PublishedPage
from web.guards import anyone
from web.shop import counted
from web.shop.journal.articles import Teaser, teaser_of
from web.shop.products import browsing
from web.shop.viewer import Viewer
from web.views import View, page, visitor_of

PIECES = 3


@dataclass(frozen=True, kw_only=True)
class SearchPage(View):
    """`grid` is None without a query; `pieces` are articles that this visitor may be shown."""

    template: ClassVar[str] = "shop/products/search/index.html"
    partial: ClassVar[str | None] = "shop/products/search/_found.html"

    words: str
    grid: Markup | None
    pieces: tuple[Teaser, ...]
    pages: tuple[PublishedPage, ...]


class SearchController(Controller):
    path = "/search"
    guards = [anyone]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        words = str(request.query_params.get("q", "")).strip()[:200]
        if not words:
            return page(request, SearchPage(words="", grid=None, pieces=(), pages=()))
        visitor = visitor_of(request)
        found = browsing.grid(request, Viewer.of(visitor), action="/search", collection=None)
        read = await articles.search(words, visitor.standing, visitor.at, limit=PIECES)
        pieces = tuple(teaser_of(one) for one in read)
        pages = await published_pages.search(words)
        if set(request.query_params) == {"q"}:
            products = browsing.total(request, Viewer.of(visitor))
            counted.note(request, "search", words, found=products + len(pieces) + len(pages))
        view = SearchPage(words=words, grid=found, pieces=pieces, pages=pages)
        return page(request, view)
