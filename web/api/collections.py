"""The collections that whoever asks finds something in, and the shelf of each."""

from typing import Any

import msgspec
from litestar import Controller, Request, Response, get
from litestar.params import FromPath

from components import catalog
from components.catalog import Browsing, CollectionView
from components.foundation.refusals import NotFound
from web.api import shelves
from web.api.answers import answer
from web.api.shelves import InStock, Least, Most, Number, Shelf, Sort
from web.guards import caller
from web.shop import addresses, descriptions
from web.shop.looks import Look
from web.views import visitor_of


class ListedCollection(msgspec.Struct, frozen=True, kw_only=True):
    """`count` products of it are seen by whoever asks."""

    slug: str
    url: str
    title: str
    count: int


class Collections(msgspec.Struct, frozen=True, kw_only=True):
    collections: tuple[ListedCollection, ...]


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """`description` is harmless HTML."""

    slug: str
    url: str
    title: str
    description: str
    shelf: Shelf


class ApiCollectionsController(Controller):
    path = "/api/v1/collections"
    guards = [caller]
    tags = ["Shop"]

    @get(summary="Collections")
    async def index(self, request: Request[Any, Any, Any]) -> Response[Collections]:
        look = Look.of(visitor_of(request))
        shelved = catalog.shelved(catalog.snapshot(), look.access, look.at)
        return answer(request, Collections(collections=tuple(_listed(one, look) for one in shelved)))

    @get("/{slug:str}", summary="One collection with a page of its products")
    async def show(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        sort: Sort = "shelf",
        least: Least = "",
        most: Most = "",
        stock: InStock = False,
        page: Number = 1,
    ) -> Response[Collection]:
        collection = catalog.snapshot().collection(slug)
        if collection is None:
            raise NotFound("We couldn’t find this collection.")
        browsing = shelves.asked(sort=sort, least=least, most=most, stock=stock, page=page, collection=collection)
        look, query = Look.of(visitor_of(request)), list(request.query_params.multi_items())
        found = Collection(
            slug=collection.slug,
            url=addresses.absolute(f"/collections/{collection.slug}"),
            title=collection.title,
            description=str(descriptions.html(collection.description)),
            shelf=shelves.shelf(browsing, look, path=f"/api/v1/collections/{collection.slug}", query=query),
        )
        return answer(request, found)


def _listed(collection: CollectionView, look: Look) -> ListedCollection:
    inside = catalog.browse(catalog.snapshot(), Browsing(collection_id=collection.id), look.access, look.at)
    return ListedCollection(
        slug=collection.slug,
        url=addresses.absolute(f"/collections/{collection.slug}"),
        title=collection.title,
        count=inside.total,
    )
