"""The collections, and the products of each."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get
from litestar.params import FromPath
from markupsafe import Markup

from components.catalog import product_list
from components.catalog.product_list import BrowseQuery
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import CollectionView
from components.foundation.languages.words import _
from components.foundation.refusals import NotFound
from web.guards import anyone
from web.shop import page_cache
from web.shop.products import browsing, cards, descriptions
from web.shop.products.cards import CardPicture
from web.shop.viewer import Viewer
from web.views import View, visitor_of


@dataclass(frozen=True, slots=True)
class Tile:
    title: str
    href: str
    count: int
    picture: CardPicture | None


@dataclass(frozen=True, kw_only=True)
class CollectionsPage(View):
    template: ClassVar[str] = "shop/products/collections/index.html"

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, kw_only=True)
class CollectionPage(View):
    template: ClassVar[str] = "shop/products/collections/show.html"
    partial: ClassVar[str | None] = "shop/products/_grid.html"

    title: str
    slug: str
    address: str
    lead: Markup
    summary: str
    grid: Markup


class CollectionController(Controller):
    path = "/collections"
    guards = [anyone]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        viewer = Viewer.of(visitor_of(request))
        return page_cache.respond(request, viewer, lambda: CollectionsPage(tiles=tiles(viewer)))

    @get("/{slug:str}")
    async def show(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        collection = snapshot_refresh.snapshot().collection(slug)
        if collection is None:
            raise NotFound(_("We couldn’t find this collection."))
        action, viewer = f"/collections/{slug}", Viewer.of(visitor_of(request))

        def show() -> CollectionPage:
            return CollectionPage(
                title=collection.title,
                slug=slug,
                address=action,
                lead=descriptions.html(collection.description),
                summary=descriptions.plain(collection.description) or collection.title,
                grid=browsing.grid(request, viewer, action=action, collection=collection),
            )

        return page_cache.respond(request, viewer, show)


def tiles(viewer: Viewer) -> tuple[Tile, ...]:
    """Every listed collection in which this visitor can see a product."""
    return tuple(
        _tile(each, viewer)
        for each in product_list.collections_with_products(snapshot_refresh.snapshot(), viewer.access, viewer.at)
    )


def _tile(collection: CollectionView, viewer: Viewer) -> Tile:
    asked = BrowseQuery(collection_id=collection.id)
    inside = product_list.browse(snapshot_refresh.snapshot(), asked, viewer.access, viewer.at)
    pictures = (cards.first_picture(product) for product in inside.products)
    first = next((picture for picture in pictures if picture is not None), None)
    return Tile(collection.title, f"/collections/{collection.slug}", inside.total, first)
