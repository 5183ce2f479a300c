"""The whole catalogue as staff see it, with drafts and stock: for programs that synchronise it with another system."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get

from components.catalog.products import stored_products
from components.catalog.products.stored_products import StoredProduct, StoredVariant
from web.api import cursors
from web.api.amounts import ApiAmount
from web.api.cursors import Cursor, Limit
from web.api.responses import json_response
from web.guards import program

Status = Literal["draft", "active", "archived"]


class ApiStoredPrice(msgspec.Struct, frozen=True, kw_only=True):
    """As set by staff: between `sale_from` and `sale_until` `sale` is charged instead of `price`."""

    price: ApiAmount
    compare_at: ApiAmount | None
    sale: ApiAmount | None
    sale_from: datetime | None
    sale_until: datetime | None


class ApiStockCount(msgspec.Struct, frozen=True, kw_only=True):
    """`reserved` of `on_hand` are reserved for orders being paid. `is_counted` is False for unlimited stock."""

    is_counted: bool
    sells_when_out: bool
    on_hand: int
    reserved: int


class StockedVariant(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    sku: str | None
    barcode: str
    title: str
    options: tuple[str, ...]
    price: ApiStoredPrice
    stock: ApiStockCount
    weight_grams: int
    is_taxable: bool
    tax_category: str
    needs_delivery: bool


class StockedProduct(msgspec.Struct, frozen=True, kw_only=True):
    """`description` is as written by staff: Markdown or HTML."""

    id: UUID
    slug: str
    status: Status
    title: str
    description: str
    maker: str
    kind: str
    tags: tuple[str, ...]
    option_names: tuple[str, ...]
    collections: tuple[str, ...]
    public_from: datetime | None
    members_only: bool
    variants: tuple[StockedVariant, ...]


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """In the order of creation. `next` is None at the end."""

    products: tuple[StockedProduct, ...]
    next: str | None


class ApiCatalogueController(Controller):
    path = "/api/v1/catalogue"
    guards = [program("catalogue:read")]
    tags = ["With a key"]
    security = [{"key": []}]

    @get(summary="All products, including drafts and stock")
    async def index(
        self, request: Request[Any, Any, Any], cursor: Cursor = "", limit: Limit = 50
    ) -> Response[Catalogue]:
        """Needs “catalogue:read”."""
        after = cursors.decode(cursor, UUID) if cursor else None
        found = await stored_products.page_after(after, limit=limit + 1)
        place = cursors.encode(found[limit - 1].id) if len(found) > limit else None
        return json_response(request, Catalogue(products=tuple(_product(one) for one in found[:limit]), next=place))


def _product(stored: StoredProduct) -> StockedProduct:
    own = stored.details
    return StockedProduct(
        id=stored.id,
        slug=stored.slug,
        status=msgspec.convert(own.status, Status),
        title=own.title,
        description=own.description,
        maker=own.vendor,
        kind=own.kind,
        tags=own.tags,
        option_names=own.option_names,
        collections=own.collections,
        public_from=own.public_from,
        members_only=own.members_only,
        variants=tuple(_variant(one) for one in stored.variants),
    )


def _variant(stored: StoredVariant) -> StockedVariant:
    own = stored.details
    return StockedVariant(
        id=stored.id,
        sku=own.sku,
        barcode=own.barcode,
        title=own.title,
        options=own.options,
        price=ApiStoredPrice(
            price=ApiAmount.of(own.price),
            compare_at=_maybe(own.compare_at),
            sale=_maybe(own.sale_price),
            sale_from=own.sale_from,
            sale_until=own.sale_until,
        ),
        stock=ApiStockCount(
            is_counted=own.tracks_stock,
            sells_when_out=own.sells_when_out,
            on_hand=own.on_hand,
            reserved=stored.reserved,
        ),
        weight_grams=own.weight_grams,
        is_taxable=own.is_taxable,
        tax_category=own.tax_category,
        needs_delivery=own.needs_delivery,
    )


def _maybe(minor: int | None) -> ApiAmount | None:
    return None if minor is None else ApiAmount.of(minor)
