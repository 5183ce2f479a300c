"""Gift memberships in the staff area: recipient, state and refund."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get

from components.foundation.formatting import day, money
from components.foundation.money import Money
from components.memberships.grants import gift_codes, gift_memberships, paid_once_refunds, refund_decisions
from components.memberships.grants.tables import PaidOnceRefund
from components.memberships.plans import plan_catalogue
from components.memberships.tables import GiftMembership
from components.payments import payment_refunds
from web.account.membership.gifts_bought import state_of
from web.guards import staff
from web.views import View, page, visitor_of

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
    notes: tuple[str, ...]
    is_left: bool
    is_undecided: bool


@dataclass(frozen=True, kw_only=True)
class StaffGiftsPage(View):
    template: ClassVar[str] = "staff/club/gift_memberships/index.html"
    gifts: tuple[GiftRow, ...]
    may_refund: bool


class StaffGiftMembershipsController(Controller):
    path = LIST
    guards = [staff("members")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        gifts = await gift_memberships.all_gifts()
        undecided = {one.reference for one in await refund_decisions.undecided()}
        made = await paid_once_refunds.of_many([gift.id for gift in gifts])
        rows = tuple(_row(gift, made.get(gift.id, []), is_undecided=gift.id in undecided) for gift in gifts)
        return page(request, StaffGiftsPage(gifts=rows, may_refund=visitor_of(request).may("refunds")))


def _row(gift: GiftMembership, refunds: list[PaidOnceRefund], *, is_undecided: bool) -> GiftRow:
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
        notes=tuple(_note(one) for one in refunds),
        is_left=paid_once_refunds.given_back(refunds) < plan.price.amount,
        is_undecided=is_undecided,
    )


def _note(refund: PaidOnceRefund) -> str:
    """One refund of it in words, with where it was made."""
    how = {"succeeded": "refunded", "failed": "refund failed"}.get(refund.status, "refund on its way")
    where = f", {payment_refunds.MADE_IN_STRIPE.lower().replace('stripe', 'Stripe')}" if refund.by is None else ""
    return f"{money(Money(refund.amount, refund.currency))} {how}, {day(refund.at)}{where}"
