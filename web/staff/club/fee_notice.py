"""On Today: fees that were set before they had their tax on top. Whoever edits plans reads it; an owner has it go."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Request, Response, post

from components.foundation.formatting import money
from components.memberships.editing import fee_notices
from web.current_person import person_id_of
from web.guards import owner
from web.replies import see_other, with_notice
from web.visitor import Visitor


@dataclass(frozen=True)
class ShownFeeNotice:
    """Each fee in words: "Circle £4.00"; an owner may close it."""

    fees: tuple[str, ...]
    may_close: bool


async def shown(visitor: Visitor) -> ShownFeeNotice | None:
    found = await fee_notices.fees_concerned() if visitor.may("plans") else ()
    return ShownFeeNotice(tuple(f"{name} {money(fee)}" for name, fee in found), visitor.is_owner) if found else None


class StaffFeeNoticeController(Controller):
    path = "/staff/fee-notice"
    guards = [owner]

    @post()
    async def close(self, request: Request[Any, Any, Any]) -> Response[Any]:
        await fee_notices.mark_read(by=person_id_of(request))
        return with_notice(see_other("/staff"), "The notice about fees is not shown again.")
