"""Everything the shop sells, and each thing with all its variants."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get
from litestar.params import FromPath, QueryParameter

from components import catalog
from components.catalog import ProductView, VariantView
from components.foundation.refusals import NotFound
from web.api import shelves
from web.api.amounts import Price
from web.api.answers import answer
from web.api.pictures import Picture
from web.api.selling import Selling, Stock
from web.api.shelves import InStock, Least, Most, Number, Shelf, Sort
from web.guards import caller
from web.shop import addresses, descriptions
from web.shop.looks import Look
from web.views import visitor_of

Collection = Annotated[str, QueryParameter(name="collection", max_length=255, description="A collection’s slug.")]


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    sku: str | None
    title: str
    options: dict[str, str]
    url: str
    price: Price
    stock: Stock
    selling: Selling

    @classmethod
    def of(cls, product: ProductView, variant: VariantView, look: Look) -> "Variant":
        return cls(
            id=variant.id,
            sku=variant.sku,
            title=variant.title,
            options=dict(zip(product.option_names, variant.options, strict=False)),
            url=addresses.of_variant(product, variant),
            price=Price.of(look.prices(variant)),
            stock=Stock.of(variant),
            selling=Selling.of(look.standing_of(product, variant), product, look),
        )


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """`description` is harmless HTML, `summary` its first words. `collections` are slugs."""

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
    pictures: tuple[Picture, ...]
    selling: Selling
    variants: tuple[Variant, ...]


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
    ) -> Response[Shelf]:
        within = shelves.collection_named(collection)
        browsing = shelves.asked(sort=sort, least=least, most=most, stock=stock, page=page, collection=within)
        look, query = Look.of(visitor_of(request)), request.query_params.multi_items()
        return answer(request, shelves.shelf(browsing, look, path="/api/v1/products", query=list(query)))

    @get("/{slug:str}", summary="One product with its variants")
    async def show(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Product]:
        look = Look.of(visitor_of(request))
        return answer(request, _product(seen(slug, look), look))


def seen(slug: str, look: Look) -> ProductView:
    """Raises `NotFound` for what is hidden as for what never was."""
    product = catalog.snapshot().product(slug)
    if product is None or not look.standing(product).is_visible:
        raise NotFound("We couldn’t find this product. It may no longer be available.")
    return product


def variants_seen(product: ProductView, look: Look) -> tuple[VariantView, ...]:
    return tuple(one for one in product.variants if look.standing_of(product, one).is_visible)


def _product(product: ProductView, look: Look) -> Product:
    homes = [one for one in catalog.snapshot().collections if one.id in product.collection_ids and one.is_listed]
    return Product(
        id=product.id,
        slug=product.slug,
        url=addresses.of_product(product),
        title=product.title,
        summary=descriptions.plain(product.description),
        description=str(descriptions.html(product.description)),
        maker=product.vendor,
        kind=product.kind,
        tags=product.tags,
        collections=tuple(home.slug for home in homes),
        pictures=tuple(Picture.of(picture) for picture in product.pictures_here),
        selling=Selling.of(look.standing(product), product, look),
        variants=tuple(Variant.of(product, one, look) for one in variants_seen(product, look)),
    )
