"""Gift memberships in the staff area: recipient, state, refund, and correcting where one is sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.formatting import day, money
from components.foundation.money import Money
from components.foundation.refusals import NotFound, Refusal
from components.memberships.grants import (
    gift_addresses,
    gift_codes,
    gift_memberships,
    paid_once_refunds,
    refund_decisions,
)
from components.memberships.grants.tables import PaidOnceRefund
from components.memberships.plans import plan_catalogue
from components.memberships.tables import GiftMembership
from components.payments import payment_refunds
from web.account.membership.gift_memberships import state_of
from web.current_person import person_id_of
from web.forms.fields import EmailField
from web.forms.form import Form
from web.forms.form_versions import Seen
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page, visitor_of

LIST = "/staff/gift-memberships"


class RecipientAddressForm(Form):
    email = EmailField("E-mail of the recipient")
    seen = Seen()


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
    may_correct: bool


@dataclass(frozen=True, kw_only=True)
class StaffGiftsPage(View):
    template: ClassVar[str] = "staff/club/gift_memberships/index.html"
    gifts: tuple[GiftRow, ...]
    may_refund: bool


@dataclass(frozen=True, kw_only=True)
class StaffGiftAddressPage(View):
    template: ClassVar[str] = "staff/club/gift_memberships/address.html"
    gift: GiftMembership
    form: RecipientAddressForm


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

    @get("/{gift_id:uuid}/address")
    async def address(self, request: Request[Any, Any, Any], gift_id: FromPath[UUID]) -> Response[Any]:
        gift = await _paid(gift_id)
        if not gift_addresses.may_be_corrected(gift):
            return with_refusal(see_other(LIST), str(gift_addresses.AddressIsFixed()))
        form = RecipientAddressForm.blank(email=gift.recipient_email, seen=gift_addresses.as_it_stands(gift))
        return page(request, StaffGiftAddressPage(gift=gift, form=form))

    @post("/{gift_id:uuid}/address")
    async def correct(self, request: Request[Any, Any, Any], gift_id: FromPath[UUID]) -> Response[Any]:
        gift, form = await _paid(gift_id), await RecipientAddressForm.read(request)
        if not form.is_valid:
            return page(request, StaffGiftAddressPage(gift=gift, form=form), status=422)
        try:
            by = person_id_of(request)
            corrected = await gift_addresses.correct(gift_id, email=form.email, by=by, seen=form.seen)
        except Refusal as refusal:
            gift = await _paid(gift_id)
            form.typed["seen"] = [gift_addresses.as_it_stands(gift)]
            shown = StaffGiftAddressPage(gift=gift, form=form.refuse("email", str(refusal)))
            return page(request, shown, status=refusal.status)
        return with_notice(see_other(LIST), _corrected(corrected))


async def _paid(gift_id: UUID) -> GiftMembership:
    gift = await gift_memberships.by_id(gift_id)
    if not gift.paid_at:
        raise NotFound
    return gift


def _corrected(gift: GiftMembership) -> str:
    if gift.sent_at:
        return f"Gift e-mailed to {gift.recipient_email} with a new code. The former code no longer works."
    return f"Address corrected. The gift is e-mailed to {gift.recipient_email} on {day(gift.send_at)}."


def _row(gift: GiftMembership, refunds: list[PaidOnceRefund], *, is_undecided: bool) -> GiftRow:
    plan, (state, look) = plan_catalogue.by_version(gift.plan_version), state_of(gift)
    return GiftRow(
        id=gift.id,
        buyer=gift.buyer,
        holder=gift.redeemed_by,
        giver_name=gift.giver_name,
        recipient=gift.recipient_name or "Erased customer",
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
        may_correct=gift_addresses.may_be_corrected(gift),
    )


def _note(refund: PaidOnceRefund) -> str:
    """One refund of it in words, with where it was made."""
    how = {"succeeded": "refunded", "failed": "refund failed"}.get(refund.status, "refund on its way")
    where = f", {payment_refunds.MADE_IN_STRIPE.lower().replace('stripe', 'Stripe')}" if refund.by is None else ""
    return f"{money(Money(refund.amount, refund.currency))} {how}, {day(refund.at)}{where}"
