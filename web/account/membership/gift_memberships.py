"""Gift memberships this person has bought, their status, and correcting where one is sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.formatting import day
from components.foundation.languages.words import N_, _
from components.foundation.refusals import NotFound, Refusal
from components.memberships.grants import gift_addresses, gift_codes, gift_memberships
from components.memberships.plans import plan_catalogue
from components.memberships.tables import GiftMembership
from components.messaging.notices import own_withdrawals
from components.messaging.notices.own_withdrawals import OwnWithdrawal
from components.people import rate_limits
from web.current_person import person_id_of
from web.forms.fields import EmailField
from web.forms.form import Form
from web.forms.form_versions import Seen
from web.guards import signed_in
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page

HERE = "/account/given"
CORRECTIONS = rate_limits.RateLimit("gift address corrected", 5, timedelta(days=1))
"""Of one gift: each may be an e-mail to somebody who has not asked for one."""


class GiftAddressForm(Form):
    email = EmailField(N_("Their e-mail"))
    seen = Seen()


@dataclass(frozen=True, kw_only=True)
class GivenRow:
    id: UUID
    recipient_name: str
    recipient_email: str
    plan_name: str
    send_at: datetime
    code: str
    state: str
    look: str
    until: datetime | None
    may_correct: bool
    may_refund: bool


@dataclass(frozen=True, kw_only=True)
class GivenPage(View):
    template: ClassVar[str] = "account/membership/gift_memberships/index.html"
    given: tuple[GivenRow, ...]
    withdrawals: tuple[OwnWithdrawal, ...]


@dataclass(frozen=True, kw_only=True)
class GiftAddressPage(View):
    template: ClassVar[str] = "account/membership/gift_memberships/address.html"
    gift: GiftMembership
    form: GiftAddressForm


class GivenController(Controller):
    path = HERE
    guards = [signed_in]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        person_id = person_id_of(request)
        rows = tuple(_row(gift) for gift in await gift_memberships.bought_by(person_id))
        withdrawals = tuple(one for one in await own_withdrawals.of_member(person_id) if one.is_gift)
        return page(request, GivenPage(given=rows, withdrawals=withdrawals))

    @get("/{gift_id:uuid}/address")
    async def address(self, request: Request[Any, Any, Any], gift_id: FromPath[UUID]) -> Response[Any]:
        gift = await _theirs(request, gift_id)
        if not gift_addresses.may_be_corrected(gift):
            return with_refusal(see_other(HERE), str(gift_addresses.AddressIsFixed()))
        form = GiftAddressForm.blank(email=gift.recipient_email, seen=gift_addresses.as_it_stands(gift))
        return page(request, GiftAddressPage(gift=gift, form=form))

    @post("/{gift_id:uuid}/address")
    async def correct(self, request: Request[Any, Any, Any], gift_id: FromPath[UUID]) -> Response[Any]:
        gift, form = await _theirs(request, gift_id), await GiftAddressForm.read(request)
        if not form.is_valid:
            return page(request, GiftAddressPage(gift=gift, form=form), status=422)
        try:
            await rate_limits.hit(CORRECTIONS, str(gift_id))
            by = person_id_of(request)
            corrected = await gift_addresses.correct(gift_id, email=form.email, by=by, seen=form.seen)
        except Refusal as refusal:
            gift = await _theirs(request, gift_id)
            form.typed["seen"] = [gift_addresses.as_it_stands(gift)]
            shown = GiftAddressPage(gift=gift, form=form.refuse("email", str(refusal)))
            return page(request, shown, status=refusal.status)
        return with_notice(see_other(HERE), _corrected(corrected))


async def _theirs(request: Request[Any, Any, Any], gift_id: UUID) -> GiftMembership:
    gift = await gift_memberships.by_id(gift_id)
    if gift.buyer != person_id_of(request) or not gift.paid_at:
        raise NotFound
    return gift


def _corrected(gift: GiftMembership) -> str:
    if gift.sent_at:
        return _("We’ve e-mailed your gift to %(email)s, with a new code.", email=gift.recipient_email)
    return _("We’ll e-mail your gift to %(email)s on %(day)s.", email=gift.recipient_email, day=day(gift.send_at))


def state_of(gift: GiftMembership) -> tuple[str, str]:
    """Its status, as text and the badge's look."""
    if gift.refunded_at and gift.redeemed_at:
        return _("Redeemed, refunded %(day)s", day=day(gift.refunded_at)), "plain"
    if gift.refunded_at:
        return _("Refunded %(day)s", day=day(gift.refunded_at)), "plain"
    if gift.voided_at:
        return _("Stopped %(day)s", day=day(gift.voided_at)), "plain"
    if gift.redeemed_at:
        return _("Redeemed"), "good"
    if gift_memberships.has_expired(gift):
        return _("Expired"), "plain"
    return (_("Sent"), "club") if gift.sent_at else (_("Scheduled"), "plain")


def _row(gift: GiftMembership) -> GivenRow:
    state, look = state_of(gift)
    return GivenRow(
        id=gift.id,
        recipient_name=gift.recipient_name,
        recipient_email=gift.recipient_email,
        plan_name=plan_catalogue.by_version(gift.plan_version).name,
        send_at=gift.send_at,
        code=gift_codes.code_of(gift),
        state=state,
        look=look,
        until=None if gift.refunded_at or gift.voided_at else gift_memberships.redeem_by(gift),
        may_correct=gift_addresses.may_be_corrected(gift),
        may_refund=not (gift.redeemed_at or gift.refunded_at or gift.voided_at),
    )
