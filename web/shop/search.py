"""Looking for products by words."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from web.guards import anyone
from web.shop import browsing
from web.shop.browsing import Listing
from web.shop.looks import Look
from web.views import View, page, visitor_of


@dataclass(frozen=True, kw_only=True)
class SearchPage(View):
    """`listing` is None before anything was asked."""

    template: ClassVar[str] = "shop/search/index.html"
    partial: ClassVar[str | None] = "shop/search/_found.html"

    words: str
    listing: Listing | None


class SearchController(Controller):
    path = "/search"
    guards = [anyone]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        words = str(request.query_params.get("q", "")).strip()[:200]
        if not words:
            return page(request, SearchPage(words="", listing=None))
        look = Look.of(visitor_of(request))
        found = browsing.listing(request, look, action="/search", collection=None)
        return page(request, SearchPage(words=words, listing=found))
