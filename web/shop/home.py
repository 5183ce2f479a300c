"""The first page: what is new, what there is, what the club gives, what there is to read."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get
from markupsafe import Markup

from components import catalog
from components.catalog import Browsing
from components.content import articles
from components.memberships import PlanView, club
from web.guards import anyone
from web.shop import cards
from web.shop.articles import Teaser, teaser_of
from web.shop.cards import Shown
from web.shop.collections import Tile, tiles
from web.shop.looks import Look
from web.views import View, page, visitor_of

NEWEST = 8
PIECES = 2


@dataclass(frozen=True, kw_only=True)
class HomePage(View):
    template: ClassVar[str] = "shop/home/show.html"

    picture: Shown | None
    newest: Markup | None
    tiles: tuple[Tile, ...]
    plan: PlanView | None
    journal: tuple[Teaser, ...]


class HomeController(Controller):
    path = "/"
    guards = [anyone]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        visitor = visitor_of(request)
        look = Look.of(visitor)
        newest = catalog.browse(catalog.snapshot(), Browsing(sort="new"), look.access, look.at).products[:NEWEST]
        pictures = (cards.first_picture(product) for product in newest)
        view = HomePage(
            picture=next((picture for picture in pictures if picture is not None), None),
            newest=cards.shelf(newest, look, level="h3") if newest else None,
            tiles=tiles(look),
            plan=None if visitor.is_member else club.plan(look.at),
            journal=tuple(teaser_of(one) for one in await articles.published(visitor.standing, look.at, limit=PIECES)),
        )
        return page(request, view)
