"""The home page: new products, collections, the club's benefits, articles."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get
from markupsafe import Markup

from components.catalog import product_list
from components.catalog.product_list import BrowseQuery
from components.catalog.snapshot import snapshot_refresh
from components.content import articles
from components.memberships.benefits.kinds import rank_of
from components.memberships.plans import lead_plan
from components.memberships.plans.plan_catalogue import PlanView
from web.guards import anyone
from web.shop.journal.articles import Teaser, teaser_of
from web.shop.products import cards
from web.shop.products.cards import CardPicture
from web.shop.products.collections import Tile, tiles
from web.shop.viewer import Viewer
from web.views import View, page, visitor_of

NEWEST = 8
PIECES = 2
POINTS = 3


@dataclass(frozen=True, kw_only=True)
class HomePage(View):
    template: ClassVar[str] = "shop/home/show.html"

    picture: CardPicture | None
    newest: Markup | None
    tiles: tuple[Tile, ...]
    plan: PlanView | None
    points: tuple[str, ...]
    journal: tuple[Teaser, ...]


def _points(plan: PlanView) -> tuple[str, ...]:
    """The most important benefits for a newcomer, one of each kind, by their rank."""
    of_a_kind = {benefit.kind: benefit for benefit in reversed(plan.benefits)}
    ordered = sorted(of_a_kind.values(), key=lambda benefit: rank_of(benefit.kind))
    return tuple(benefit.words for benefit in ordered)[:POINTS]


class HomeController(Controller):
    path = "/"
    guards = [anyone]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        visitor = visitor_of(request)
        viewer = Viewer.of(visitor)
        newest = product_list.browse(
            snapshot_refresh.snapshot(), BrowseQuery(sort="new"), viewer.access, viewer.at
        ).products[:NEWEST]
        pictures = (cards.first_picture(product) for product in newest)
        plan = None if visitor.is_member else lead_plan.current_plan(viewer.at)
        view = HomePage(
            picture=next((picture for picture in pictures if picture is not None), None),
            newest=cards.card_grid(newest, viewer, level="h3") if newest else None,
            tiles=tiles(viewer),
            plan=plan,
            points=_points(plan) if plan else (),
            journal=tuple(
                teaser_of(one) for one in await articles.published(visitor.standing, viewer.at, limit=PIECES)
            ),
        )
        return page(request, view)
