"""Looking for products, and for what was written, by words."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, get
from litestar.params import QueryParameter

from components.content import articles
from web.api import shelves
from web.api.answers import answer
from web.api.articles import ListedArticle, listed
from web.api.problems import WrongFields
from web.api.shelves import InStock, Least, Most, Number, Shelf
from web.guards import caller
from web.shop.looks import Look
from web.views import visitor_of

PIECES = 10
Words = Annotated[str, QueryParameter(name="q", max_length=200, description="Finds what contains all of these words.")]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Both best first. An article's body counts only for whoever may read it."""

    shelf: Shelf
    articles: tuple[ListedArticle, ...]


class ApiSearchController(Controller):
    path = "/api/v1/search"
    guards = [caller]
    tags = ["Shop"]

    @get(summary="Search")
    async def index(
        self,
        request: Request[Any, Any, Any],
        q: Words,
        least: Least = "",
        most: Most = "",
        stock: InStock = False,
        page: Number = 1,
    ) -> Response[Found]:
        words = q.strip()
        if not words:
            raise WrongFields({"q": "Enter something to search for."})
        browsing = shelves.asked(
            sort="shelf", least=least, most=most, stock=stock, page=page, collection=None, words=words
        )
        visitor, query = visitor_of(request), list(request.query_params.multi_items())
        read = await articles.search(words, visitor.standing, visitor.at, limit=PIECES)
        found = shelves.shelf(browsing, Look.of(visitor), path="/api/v1/search", query=query)
        return answer(request, Found(shelf=found, articles=tuple(listed(one) for one in read)))
