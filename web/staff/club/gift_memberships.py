"""Gift memberships in the staff area: recipient, state and refund."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import clock
from components.foundation.formatting import day, money
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.grants import gift_codes, gift_memberships
from components.memberships.plans import plan_catalogue
from components.memberships.tables import GiftMembership
from web.account.membership.gifts_bought import state_of
from web.account.security.confirm_refund import confirm_refund
from web.current_person import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.staff.members.act_consequences import Consequences
from web.staff.members.membership_act_pages import MembershipActPage
from web.views import View, page

LIST = "/staff/gift-memberships"


@dataclass(frozen=True, kw_only=True)
class GiftRow:
    id: UUID
    buyer: UUID
    holder: UUID | None
    giver_name: str
    recipient: str
    recipient_email: str
    plan_name: str
    price: Money
    paid_at: datetime
    send_at: datetime
    code: str
    state: str
    look: str
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class StaffGiftsPage(View):
    template: ClassVar[str] = "staff/club/gift_memberships/index.html"
    gifts: tuple[GiftRow, ...]


class StaffGiftMembershipsController(Controller):
    path = LIST
    guards = [staff("members")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, StaffGiftsPage(gifts=tuple(_row(gift) for gift in await gift_memberships.all_gifts())))

    @get("/{gift_id:uuid}/refund")
    async def before_refund(self, request: Request[Any, Any, Any], gift_id: FromPath[UUID]) -> Response[Any]:
        gift = await gift_memberships.by_id(gift_id)
        if not gift.paid_at or gift.redeemed_at or gift.refunded_at:
            return with_refusal(see_other(LIST), "Only a paid gift that hasn’t been opened can be refunded.")
        action = f"{LIST}/{gift_id}/refund"
        return page(request, MembershipActPage(name="Gift memberships", back=LIST, action=action, act=_refunding(gift)))

    @post("/{gift_id:uuid}/refund")
    async def refund(self, request: Request[Any, Any, Any], gift_id: FromPath[UUID]) -> Response[Any]:
        gift = await gift_memberships.by_id(gift_id)
        if asked := await confirm_refund(request, refund=plan_catalogue.by_version(gift.plan_version).price):
            return asked
        try:
            await gift_memberships.refund(gift_id, by=person_id_of(request))
        except Refusal as refusal:
            return with_refusal(see_other(LIST), str(refusal))
        return with_notice(see_other(LIST), "Gift refunded. The code can no longer be used.")


def _refunding(gift: GiftMembership) -> Consequences:
    price = money(plan_catalogue.by_version(gift.plan_version).price)
    is_sent = gift.send_at <= clock.now()
    sent = f"was e-mailed to them on {day(gift.send_at)} and" if is_sent else "won’t be e-mailed to them and"
    said = (
        f"{price} goes back to the card of {gift.giver_name}, who bought this gift for {gift.recipient_name}.",
        f"The code {sent} can no longer be used.",
        f"{gift.giver_name} is e-mailed about the refund. {gift.recipient_name} isn’t: tell them yourself if they know "
        "of the gift.",
        "This can’t be undone.",
    )
    return Consequences(heading="Refund this gift?", sentences=said, label=f"Refund {price}", is_grave=True)


def _row(gift: GiftMembership) -> GiftRow:
    plan, (state, look) = plan_catalogue.by_version(gift.plan_version), state_of(gift)
    return GiftRow(
        id=gift.id,
        buyer=gift.buyer,
        holder=gift.redeemed_by,
        giver_name=gift.giver_name,
        recipient=gift.recipient_name,
        recipient_email=gift.recipient_email,
        plan_name=plan.name,
        price=plan.price,
        paid_at=gift.paid_at,
        send_at=gift.send_at,
        code=gift_codes.code_of(gift)[-4:],
        state=state,
        look=look,
        is_open=not gift.redeemed_at and not gift.refunded_at,
    )
