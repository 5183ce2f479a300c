"""Why this price? Each variant's prices with the complete decision behind them, for the caller and for members."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get
from litestar.params import FromPath

from components.catalog.views import VariantView
from web.api.amounts import ApiPrice, Reason, reasons
from web.api.catalogue.products import visible_product, visible_variants
from web.api.responses import json_response
from web.guards import caller
from web.shop.viewer import Viewer
from web.views import visitor_of


class VariantPrice(msgspec.Struct, frozen=True, kw_only=True):
    """`trace` explains `price.now`, `member_trace` explains `price.member`."""

    variant: UUID
    sku: str | None
    title: str
    price: ApiPrice
    trace: tuple[Reason, ...]
    member_trace: tuple[Reason, ...]

    @classmethod
    def of(cls, variant: VariantView, viewer: Viewer) -> "VariantPrice":
        pair = viewer.prices(variant)
        lower = pair.club if pair.club.now <= pair.yours.now else pair.yours
        return cls(
            variant=variant.id,
            sku=variant.sku,
            title=variant.title,
            price=ApiPrice.of(pair),
            trace=reasons(pair.yours.trace),
            member_trace=reasons(lower.trace),
        )


class ProductPrices(msgspec.Struct, frozen=True, kw_only=True):
    product: str
    variants: tuple[VariantPrice, ...]


class ApiPricesController(Controller):
    path = "/api/v1/products/{slug:str}/prices"
    guards = [caller]
    tags = ["Shop"]

    @get(summary="Every variant’s prices, and why")
    async def show(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[ProductPrices]:
        viewer = Viewer.of(visitor_of(request))
        product = visible_product(slug, viewer)
        prices = tuple(VariantPrice.of(variant, viewer) for variant in visible_variants(product, viewer))
        return json_response(request, ProductPrices(product=product.slug, variants=prices))
