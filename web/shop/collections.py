"""The collections, and the shelf of each."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get
from litestar.params import FromPath
from markupsafe import Markup

from components import catalog
from components.catalog import CollectionView
from components.foundation.refusals import NotFound
from web import ready
from web.guards import anyone
from web.shop import browsing, cards, descriptions
from web.shop.cards import Shown
from web.shop.looks import Look
from web.views import View, visitor_of


@dataclass(frozen=True, slots=True)
class Tile:
    title: str
    href: str
    count: int
    picture: Shown | None


@dataclass(frozen=True, kw_only=True)
class CollectionsPage(View):
    template: ClassVar[str] = "shop/collections/index.html"

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, kw_only=True)
class CollectionPage(View):
    template: ClassVar[str] = "shop/collections/show.html"
    partial: ClassVar[str | None] = "shop/products/_grid.html"

    title: str
    address: str
    lead: Markup
    summary: str
    grid: Markup


class CollectionController(Controller):
    path = "/collections"
    guards = [anyone]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        look = Look.of(visitor_of(request))
        return ready.answer(request, look, lambda: CollectionsPage(tiles=tiles(look)))

    @get("/{slug:str}")
    async def show(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        collection = catalog.snapshot().collection(slug)
        if collection is None:
            raise NotFound("We couldn’t find this collection.")
        action, look = f"/collections/{slug}", Look.of(visitor_of(request))

        def show() -> CollectionPage:
            return CollectionPage(
                title=collection.title,
                address=action,
                lead=descriptions.html(collection.description),
                summary=descriptions.plain(collection.description) or collection.title,
                grid=browsing.grid(request, look, action=action, collection=collection),
            )

        return ready.answer(request, look, show)


def tiles(look: Look) -> tuple[Tile, ...]:
    """Every listed collection that this visitor finds something in."""
    return tuple(_tile(each, look) for each in catalog.shelved(catalog.snapshot(), look.access, look.at))


def _tile(collection: CollectionView, look: Look) -> Tile:
    asked = catalog.Browsing(collection_id=collection.id)
    inside = catalog.browse(catalog.snapshot(), asked, look.access, look.at)
    pictures = (cards.first_picture(product) for product in inside.products)
    first = next((picture for picture in pictures if picture is not None), None)
    return Tile(collection.title, f"/collections/{collection.slug}", inside.total, first)
