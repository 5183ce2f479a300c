"""A household: whom the payer shares the membership with; and accepting an invitation by the link in the e-mail."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.languages.words import N_, _
from components.foundation.refusals import NotFound, Refusal
from components.memberships.entitlements.customer_entitlements import HeldPlan
from components.memberships.grants import seats
from components.memberships.grants.seats import Household, Invitation
from web.current_person import person_id_of
from web.forms.fields import EmailField
from web.forms.form import Form
from web.guards import anyone, signed_in
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page, visitor_of

HERE = "/account/household"
MEMBERSHIP = "/account/membership"


class SeatForm(Form):
    email = EmailField(N_("E-mail"), help=N_("We’ll e-mail them an invitation. They need an account of their own."))


@dataclass(frozen=True, kw_only=True)
class HouseholdPage(View):
    template: ClassVar[str] = "account/membership/household/index.html"
    household: Household
    form: SeatForm


@dataclass(frozen=True, kw_only=True)
class SeatPage(View):
    template: ClassVar[str] = "account/membership/household/show.html"
    offer: Invitation
    address: str
    held: HeldPlan | None


class HouseholdController(Controller):
    path = HERE
    guards = [signed_in]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _shown(request, SeatForm.blank())

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await SeatForm.read(request)
        if not form.is_valid:
            return await _shown(request, form, status=422)
        try:
            await seats.invite(person_id_of(request), email=form.email, own_email=visitor_of(request).email)
        except seats.PlanWithoutSeats as refusal:
            return with_refusal(see_other(MEMBERSHIP), str(refusal))
        except Refusal as refusal:
            return await _shown(request, form.refuse("email", str(refusal)), status=422)
        return with_notice(see_other(HERE), _("Invitation sent to %(email)s.", email=form.email))

    @post("/{seat_id:uuid}/removal")
    async def destroy(self, request: Request[Any, Any, Any], seat_id: FromPath[UUID]) -> Response[Any]:
        try:
            await seats.revoke(seat_id, payer=person_id_of(request))
        except NotFound as refusal:
            return with_refusal(see_other(MEMBERSHIP), str(refusal))
        household = await seats.household(person_id_of(request))
        may_invite = household is not None and household.left > 0 and not household.is_on_hold
        return with_notice(see_other(HERE), _("Removed. You can invite someone else.") if may_invite else _("Removed."))

    @post("/leaving")
    async def leave(self, request: Request[Any, Any, Any]) -> Response[Any]:
        held = await seats.seats_held(person_id_of(request))
        if held is None:
            return with_refusal(see_other(MEMBERSHIP), _("You aren’t part of a shared membership."))
        await seats.leave(held.id, holder=person_id_of(request))
        return with_notice(see_other(MEMBERSHIP), _("You’ve left the shared membership."))


class SeatController(Controller):
    """The link in the e-mail. Looking changes nothing; accepting needs an account."""

    path = "/household/{seat_id:uuid}/{token:str}"
    guards = [anyone]

    @get()
    async def show(
        self, request: Request[Any, Any, Any], seat_id: FromPath[UUID], token: FromPath[str]
    ) -> Response[Any]:
        offer, visitor = await seats.invitations(seat_id, token), visitor_of(request)
        if offer.seat.holder:
            if offer.seat.holder != visitor.person_id:
                raise seats.SeatGone
            return see_other(MEMBERSHIP)
        return page(request, SeatPage(offer=offer, address=f"/household/{seat_id}/{token}", held=visitor.standing.plan))

    @post(guards=[signed_in])
    async def create(
        self, request: Request[Any, Any, Any], seat_id: FromPath[UUID], token: FromPath[str]
    ) -> Response[Any]:
        try:
            await seats.accept(seat_id, token, holder=person_id_of(request))
        except seats.OwnSeat as refusal:
            return with_refusal(see_other(MEMBERSHIP), str(refusal))
        return with_notice(
            see_other(MEMBERSHIP), _("You’ve joined. Your member prices and benefits apply from now on.")
        )


async def _shown(request: Request[Any, Any, Any], form: SeatForm, *, status: int = 200) -> Response[Any]:
    household = await seats.household(person_id_of(request))
    if household is None:
        return with_refusal(see_other(MEMBERSHIP), str(seats.PlanWithoutSeats()))
    return page(request, HouseholdPage(household=household, form=form), status=status)
