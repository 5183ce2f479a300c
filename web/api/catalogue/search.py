"""Searching products and articles by words."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, get
from litestar.params import QueryParameter

from components.content import articles
from web.api.catalogue import product_list
from web.api.catalogue.articles import ListedArticle, article_list
from web.api.catalogue.product_list import ApiProductPage, InStock, Least, Most, Number
from web.api.problems import WrongFields
from web.api.responses import json_response
from web.guards import caller
from web.shop.viewer import Viewer
from web.views import visitor_of

PIECES = 10
Words = Annotated[str, QueryParameter(name="q", max_length=200, description="Finds what contains all of these words.")]


class ApiSearchResults(msgspec.Struct, frozen=True, kw_only=True):
    """Both best first. An article's body is searched only if the caller may read it."""

    shelf: ApiProductPage
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
    ) -> Response[ApiSearchResults]:
        words = q.strip()
        if not words:
            raise WrongFields({"q": "Enter something to search for."})
        browsing = product_list.query_of(
            sort="shelf", least=least, most=most, stock=stock, page=page, collection=None, words=words
        )
        visitor, query = visitor_of(request), list(request.query_params.multi_items())
        read = await articles.search(words, visitor.standing, visitor.at, limit=PIECES)
        found = product_list.product_page(browsing, Viewer.of(visitor), path="/api/v1/search", query=query)
        return json_response(request, ApiSearchResults(shelf=found, articles=tuple(article_list(one) for one in read)))
