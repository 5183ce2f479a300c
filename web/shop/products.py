"""Everything the shop sells, and the page of each thing."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get
from litestar.params import FromPath, FromQuery
from markupsafe import Markup

from components import catalog
from components.foundation.refusals import NotFound
from web import ready
from web.guards import anyone
from web.shop import browsing, offers
from web.shop.looks import Look
from web.shop.offers import Offered
from web.views import View, page, visitor_of


@dataclass(frozen=True, kw_only=True)
class ProductsPage(View):
    template: ClassVar[str] = "shop/products/index.html"
    partial: ClassVar[str | None] = "shop/products/_grid.html"

    grid: Markup


@dataclass(frozen=True, kw_only=True)
class ProductPage(View):
    template: ClassVar[str] = "shop/products/show.html"
    partial: ClassVar[str | None] = "shop/products/_buy.html"

    offered: Offered


class ProductController(Controller):
    path = "/products"
    guards = [anyone]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        look = Look.of(visitor_of(request))
        return ready.answer(
            request,
            look,
            lambda: ProductsPage(grid=browsing.grid(request, look, action="/products", collection=None)),
        )

    @get("/{slug:str}")
    async def show(
        self, request: Request[Any, Any, Any], slug: FromPath[str], variant: FromQuery[str] = ""
    ) -> Response[Any]:
        visitor = visitor_of(request)
        product, look = catalog.snapshot().product(slug), Look.of(visitor)
        if product is None or not look.standing(product).is_visible:
            raise NotFound("We couldn’t find this product. It may no longer be available.")
        offered = await offers.offered(product, look, variant, visitor.is_member, visitor.person_id)
        return page(request, ProductPage(offered=offered))
