"""Why this price? The decision behind it, as a page for browsers without popovers."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get
from litestar.params import FromPath, FromQuery

from components.catalog.snapshot import snapshot_refresh
from components.foundation.languages.words import _
from components.foundation.refusals import NotFound
from components.pricing.traces import Step, about_this
from web.guards import anyone
from web.shop.products import cards, variant_choice
from web.shop.viewer import Viewer
from web.views import View, page, visitor_of


@dataclass(frozen=True, kw_only=True)
class WhyPage(View):
    template: ClassVar[str] = "shop/products/why/show.html"
    title: str
    variant_title: str
    href: str
    price_now: int
    steps: tuple[Step, ...]
    member_price: int | None
    member_steps: tuple[Step, ...]
    is_for_members: bool
    club: str


class WhyController(Controller):
    path = "/products/{slug:str}/why"
    guards = [anyone]

    @get()
    async def show(
        self, request: Request[Any, Any, Any], slug: FromPath[str], variant: FromQuery[str] = ""
    ) -> Response[Any]:
        product, viewer = snapshot_refresh.snapshot().product(slug), Viewer.of(visitor_of(request))
        if product is None or not viewer.standing(product).is_visible:
            raise NotFound(_("We couldn’t find this product. It may no longer be available."))
        chosen = variant_choice.chosen_variant(product, variant, cards.lead_variant(product, viewer))
        pair = viewer.prices(chosen)
        tells_both = pair.is_the_same or (pair.shows_both and not pair.is_yours)
        return page(
            request,
            WhyPage(
                title=product.title,
                variant_title=" ".join(filter(None, chosen.options)),
                href=f"/products/{slug}?variant={variant_choice.option_key(chosen)}",
                price_now=pair.now,
                steps=about_this(pair.yours.trace),
                member_price=pair.member if tells_both else None,
                member_steps=about_this(pair.club.trace) if tells_both else (),
                is_for_members=product.members_only,
                club=viewer.name_at_prices,
            ),
        )
