"""All products of the shop, and each product with its variants."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get
from litestar.params import FromPath, QueryParameter

from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import ProductView, VariantView
from components.foundation.refusals import NotFound
from web.api.amounts import ApiPrice
from web.api.catalogue import product_list
from web.api.catalogue.availability import Selling, Stock
from web.api.catalogue.pictures import ApiPicture
from web.api.catalogue.product_list import ApiProductPage, InStock, Least, Most, Number, Sort
from web.api.responses import json_response
from web.guards import caller
from web.shop import public_urls
from web.shop.products import descriptions
from web.shop.viewer import Viewer
from web.views import visitor_of

Collection = Annotated[str, QueryParameter(name="collection", max_length=255, description="A collection’s slug.")]


class ApiVariant(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    sku: str | None
    title: str
    options: dict[str, str]
    url: str
    price: ApiPrice
    stock: Stock
    selling: Selling

    @classmethod
    def of(cls, product: ProductView, variant: VariantView, viewer: Viewer) -> "ApiVariant":
        return cls(
            id=variant.id,
            sku=variant.sku,
            title=variant.title,
            options=dict(zip(product.option_names, variant.options, strict=False)),
            url=public_urls.of_variant(product, variant),
            price=ApiPrice.of(viewer.prices(variant)),
            stock=Stock.of(variant),
            selling=Selling.of(viewer.standing_of(product, variant), product, viewer),
        )


class ApiProduct(msgspec.Struct, frozen=True, kw_only=True):
    """`description` is sanitised HTML, `summary` its first words. `collections` are slugs."""

    id: UUID
    slug: str
    url: str
    title: str
    summary: str
    description: str
    maker: str
    kind: str
    tags: tuple[str, ...]
    collections: tuple[str, ...]
    pictures: tuple[ApiPicture, ...]
    selling: Selling
    variants: tuple[ApiVariant, ...]


class ApiProductsController(Controller):
    path = "/api/v1/products"
    guards = [caller]
    tags = ["Shop"]

    @get(summary="Products, filtered and sorted as on the product list")
    async def index(
        self,
        request: Request[Any, Any, Any],
        sort: Sort = "shelf",
        least: Least = "",
        most: Most = "",
        stock: InStock = False,
        page: Number = 1,
        collection: Collection = "",
    ) -> Response[ApiProductPage]:
        within = product_list.collection_named(collection)
        browsing = product_list.query_of(sort=sort, least=least, most=most, stock=stock, page=page, collection=within)
        viewer, query = Viewer.of(visitor_of(request)), request.query_params.multi_items()
        return json_response(
            request, product_list.product_page(browsing, viewer, path="/api/v1/products", query=list(query))
        )

    @get("/{slug:str}", summary="One product with its variants")
    async def show(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[ApiProduct]:
        viewer = Viewer.of(visitor_of(request))
        return json_response(request, _product(visible_product(slug, viewer), viewer))


def visible_product(slug: str, viewer: Viewer) -> ProductView:
    """Raises `NotFound` for a hidden product, as for one that does not exist."""
    product = snapshot_refresh.snapshot().product(slug)
    if product is None or not viewer.standing(product).is_visible:
        raise NotFound("We couldn’t find this product. It may no longer be available.")
    return product


def visible_variants(product: ProductView, viewer: Viewer) -> tuple[VariantView, ...]:
    return tuple(one for one in product.variants if viewer.standing_of(product, one).is_visible)


def _product(product: ProductView, viewer: Viewer) -> ApiProduct:
    homes = [
        one for one in snapshot_refresh.snapshot().collections if one.id in product.collection_ids and one.is_listed
    ]
    return ApiProduct(
        id=product.id,
        slug=product.slug,
        url=public_urls.of_product(product),
        title=product.title,
        summary=descriptions.plain(product.description),
        description=str(descriptions.html(product.description)),
        maker=product.vendor,
        kind=product.kind,
        tags=product.tags,
        collections=tuple(home.slug for home in homes),
        pictures=tuple(ApiPicture.of(picture) for picture in product.pictures_here),
        selling=Selling.of(viewer.standing(product), product, viewer),
        variants=tuple(ApiVariant.of(product, one, viewer) for one in visible_variants(product, viewer)),
    )
