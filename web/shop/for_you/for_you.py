"""What is chosen for whoever is signed in: a page of its own, and the small shelf that lists of products ask for."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get
from litestar.params import FromQuery

from components.catalog.snapshot import snapshot_refresh
from components.recommendations import personal_choices, personal_history
from web.guards import anyone
from web.shop.for_you import personal_shelf
from web.shop.for_you.personal_shelf import ChosenCard
from web.shop.viewer import Viewer
from web.views import View, page, visitor_of, wants_partial

ON_LISTS = 4


@dataclass(frozen=True, kw_only=True)
class ForYouPage(View):
    """`is_on` for the shop, `is_wanted` by whoever is signed in. The part is a small shelf, or nothing at all."""

    template: ClassVar[str] = "shop/for_you/show.html"
    partial: ClassVar[str | None] = "shop/for_you/_shelf.html"

    chosen: tuple[ChosenCard, ...]
    is_on: bool
    is_wanted: bool


class ForYouController(Controller):
    path = "/for-you"
    guards = [anyone]

    @get()
    async def show(self, request: Request[Any, Any, Any], collection: FromQuery[str] = "") -> Response[Any]:
        """`collection` is the one whose list asks; what is unknown limits nothing."""
        visitor = visitor_of(request)
        inside = snapshot_refresh.snapshot().collection(collection)
        most = ON_LISTS if wants_partial(request) else personal_choices.MOST
        chosen = await personal_shelf.chosen_for(
            visitor, Viewer.of(visitor), most=most, collection=inside.id if inside else None
        )
        view = ForYouPage(chosen=chosen, is_on=personal_history.is_on(), is_wanted=visitor.wants_personal)
        return page(request, view)
