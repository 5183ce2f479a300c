"""All products of the shop, and the page of each product."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get
from litestar.params import FromPath, FromQuery
from markupsafe import Markup

from components.catalog.snapshot import snapshot_refresh
from components.foundation.languages.words import _
from components.foundation.refusals import NotFound
from web.guards import anyone
from web.shop import page_cache
from web.shop.for_you import together_shelf
from web.shop.products import browsing, product_offer
from web.shop.products.product_offer import ProductOffer
from web.shop.viewer import Viewer
from web.views import View, page, visitor_of, wants_partial


@dataclass(frozen=True, kw_only=True)
class ProductsPage(View):
    template: ClassVar[str] = "shop/products/index.html"
    partial: ClassVar[str | None] = "shop/products/_grid.html"

    grid: Markup


@dataclass(frozen=True, kw_only=True)
class ProductPage(View):
    template: ClassVar[str] = "shop/products/show.html"
    partial: ClassVar[str | None] = "shop/products/_buy.html"

    offered: ProductOffer
    together: Markup | None


class ProductController(Controller):
    path = "/products"
    guards = [anyone]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        viewer = Viewer.of(visitor_of(request))
        return page_cache.respond(
            request,
            viewer,
            lambda: ProductsPage(grid=browsing.grid(request, viewer, action="/products", collection=None)),
        )

    @get("/{slug:str}")
    async def show(
        self, request: Request[Any, Any, Any], slug: FromPath[str], variant: FromQuery[str] = ""
    ) -> Response[Any]:
        visitor = visitor_of(request)
        product, viewer = snapshot_refresh.snapshot().product(slug), Viewer.of(visitor)
        if product is None or not viewer.standing(product).is_visible:
            raise NotFound(_("We couldn’t find this product. It may no longer be available."))
        offered = await product_offer.offer_for(product, viewer, variant, visitor.standing, visitor.person_id)
        together = None if wants_partial(request) else await together_shelf.with_product(product, viewer)
        return page(request, ProductPage(offered=offered, together=together))
