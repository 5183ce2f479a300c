"""The collections in which the caller can see a product, and the products of each."""

from typing import Any

import msgspec
from litestar import Controller, Request, Response, get
from litestar.params import FromPath

from components.catalog import product_list as catalog_product_list
from components.catalog.product_list import BrowseQuery
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import CollectionView
from components.foundation.refusals import NotFound
from web.api.catalogue import product_list
from web.api.catalogue.product_list import ApiProductPage, InStock, Least, Most, Number, Sort
from web.api.responses import json_response
from web.guards import caller
from web.shop import public_urls
from web.shop.products import descriptions
from web.shop.viewer import Viewer
from web.views import visitor_of


class ListedCollection(msgspec.Struct, frozen=True, kw_only=True):
    """`count` is the number of its products that the caller can see."""

    slug: str
    url: str
    title: str
    count: int


class Collections(msgspec.Struct, frozen=True, kw_only=True):
    collections: tuple[ListedCollection, ...]


class ApiCollection(msgspec.Struct, frozen=True, kw_only=True):
    """`description` is sanitised HTML."""

    slug: str
    url: str
    title: str
    description: str
    shelf: ApiProductPage


class ApiCollectionsController(Controller):
    path = "/api/v1/collections"
    guards = [caller]
    tags = ["Shop"]

    @get(summary="Collections")
    async def index(self, request: Request[Any, Any, Any]) -> Response[Collections]:
        viewer = Viewer.of(visitor_of(request))
        shelved = catalog_product_list.collections_with_products(snapshot_refresh.snapshot(), viewer.access, viewer.at)
        return json_response(request, Collections(collections=tuple(_listed(one, viewer) for one in shelved)))

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
    ) -> Response[ApiCollection]:
        collection = snapshot_refresh.snapshot().collection(slug)
        if collection is None:
            raise NotFound("We couldn’t find this collection.")
        browsing = product_list.query_of(
            sort=sort, least=least, most=most, stock=stock, page=page, collection=collection
        )
        viewer, query = Viewer.of(visitor_of(request)), list(request.query_params.multi_items())
        found = ApiCollection(
            slug=collection.slug,
            url=public_urls.absolute(f"/collections/{collection.slug}"),
            title=collection.title,
            description=str(descriptions.html(collection.description)),
            shelf=product_list.product_page(
                browsing, viewer, path=f"/api/v1/collections/{collection.slug}", query=query
            ),
        )
        return json_response(request, found)


def _listed(collection: CollectionView, viewer: Viewer) -> ListedCollection:
    inside = catalog_product_list.browse(
        snapshot_refresh.snapshot(), BrowseQuery(collection_id=collection.id), viewer.access, viewer.at
    )
    return ListedCollection(
        slug=collection.slug,
        url=public_urls.absolute(f"/collections/{collection.slug}"),
        title=collection.title,
        count=inside.total,
    )
