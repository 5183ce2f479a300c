"""What staff deleted in the last month, and bringing it back."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.catalog.snapshot import snapshot_refresh
from components.checkout.taxes import tax_rates
from components.content.site import menu_editing, site_content
from components.foundation.operations import deletions
from components.foundation.operations.deletions import Deleted
from components.foundation.refusals import NotAllowed
from components.memberships.plans import plan_cache
from components.people import operators
from web.current_person import person_id_of
from web.guards import any_staff
from web.replies import see_other, with_notice
from web.views import View, page, visitor_of
from web.visitor import Visitor

LIST = "/staff/deleted"


AREAS = {
    "product": "products",
    "collection": "products",
    "picture": "products",
    "coupon": "products",
    "benefit": "plans",
    "article": "content",
    "content picture": "content",
    "menu": "content",
    "home section": "content",
    "delivery zone": "settings",
    "closed days": "settings",
    "tax rate": "settings",
}
"""Whoever may delete a kind may bring it back: the area that the pages of each are in."""
OF_THEIR_OWN = {"menu": menu_editing.bring_back, "tax rate": tax_rates.bring_back}
"""Kinds that are brought back by more than their rows."""


@dataclass(frozen=True, kw_only=True)
class DeletedPage(View):
    template: ClassVar[str] = "staff/system/deleted/index.html"

    things: tuple[tuple[Deleted, str], ...]
    days: int


def _may(visitor: Visitor, thing: Deleted) -> bool:
    return visitor.may(AREAS[thing.kind])


class StaffDeletedController(Controller):
    path = LIST
    guards = [any_staff]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Each member of staff sees what they could have deleted themselves."""
        visitor = visitor_of(request)
        found = [thing for thing in await deletions.recent() if _may(visitor, thing)]
        names = {one.person_id: one.name or one.email for one in await operators.all_operators()}
        things = tuple((one, names.get(one.deleted_by, "") if one.deleted_by else "") for one in found)
        return page(request, DeletedPage(things=things, days=deletions.KEPT.days))

    @post("/{deletion_id:uuid}")
    async def restore(self, request: Request[Any, Any, Any], deletion_id: FromPath[UUID]) -> Response[Any]:
        known = await deletions.by_id(deletion_id)
        if not _may(visitor_of(request), known):
            raise NotAllowed
        bring_back = OF_THEIR_OWN.get(known.kind, deletions.restore)
        restored = await bring_back(deletion_id, by=person_id_of(request))
        thing, parts = restored.thing, ("picture", "collection_product")
        products = restored.ids_in("product", "id").union(*(restored.ids_in(part, "product") for part in parts))
        await snapshot_refresh.catch_up(list(products))
        await site_content.refresh()
        await plan_cache.refresh()
        return with_notice(see_other(thing.path), f"“{thing.name}” is back.")
