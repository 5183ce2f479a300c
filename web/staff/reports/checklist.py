"""The checklist of a new shop on Today: what is left, and what the shop says it does not need."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Request, Response, post
from litestar.params import FromPath

from components.opening import checklist
from components.opening.checklist import ChecklistItem
from components.people import operators
from web.current_person import person_id_of
from web.forms.sending import read_body
from web.guards import owner
from web.replies import see_other, with_notice
from web.visitor import Visitor


@dataclass(frozen=True)
class ShownItem:
    """`by` is who said that it is not needed; "" while nobody has."""

    item: ChecklistItem
    by: str


@dataclass(frozen=True)
class ShownChecklist:
    items: tuple[ShownItem, ...]
    done: int
    of: int
    may_decide: bool


async def shown(visitor: Visitor) -> ShownChecklist | None:
    """What this member of staff can do of it; nothing once the whole list is done."""
    found = await checklist.current()
    if found is None or found.is_over:
        return None
    names = {one.person_id: one.name or one.email for one in await operators.all_operators()}
    items = tuple(
        ShownItem(item, names.get(item.not_needed.by, "former staff") if item.not_needed else "")
        for item in found.items
        if visitor.may(item.rule.permission)
    )
    return ShownChecklist(items, found.done, len(found.items), visitor.is_owner) if items else None


class StaffChecklistController(Controller):
    path = "/staff/checklist"
    guards = [owner]

    @post("/{item:str}")
    async def update(self, request: Request[Any, Any, Any], item: FromPath[str]) -> Response[Any]:
        is_needed = "needed" in await read_body(request)
        await checklist.decide(item, is_needed=is_needed, by=person_id_of(request))
        words = "It is on the list again." if is_needed else "Marked as not needed, with your name and the date."
        return with_notice(see_other("/staff"), words)
