"""Save offers in the staff area: what is offered beside the cancel button, and what came of it."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import formatting
from components.foundation.refusals import Refusal
from components.memberships.billing.cancellations import REASONS
from components.memberships.keeping_members import save_offers, save_results
from components.memberships.keeping_members.offer_terms import OfferTerms
from components.memberships.keeping_members.save_results import OfferResult, ReasonCount
from components.memberships.plans import plan_catalogue
from web.current_person import person_id_of
from web.forms.fields import Choice
from web.forms.form import Form
from web.forms.numbers import Percent, Whole
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.staff import filled_in
from web.views import View, page

LIST = "/staff/save-offers"
KINDS = (
    ("pause", "A pause, as long as they choose"),
    ("downgrade", "A plan that costs less"),
    ("discount", "A discount on their next payments"),
)


class SaveOfferForm(Form):
    reason = Choice("For the reason", REASONS)
    kind = Choice("Offer", KINDS)
    plan = Choice("Plan", required=False, help="For a plan that costs less.")
    percent = Percent("Percentage off", required=False, help="For a discount.")
    payments = Whole("Off how many payments", least=1, most=60, required=False)
    every_months = Whole("Once per person in how many months", least=1, most=120, required=False)


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One offer with what came of it."""

    result: OfferResult
    reason: str
    words: str


@dataclass(frozen=True, kw_only=True)
class SaveOffersPage(View):
    template: ClassVar[str] = "staff/club/save_offers/index.html"
    form: SaveOfferForm
    offers: tuple[OfferRow, ...]
    reasons: tuple[tuple[str, int], ...]


class StaffSaveOffersController(Controller):
    path = LIST
    guards = [staff("plans")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _page(request, filled_in.by_address(_blank(), request))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await SaveOfferForm.read(request, choices=_choices())
        if form.is_valid:
            try:
                await save_offers.add(
                    reason=form.reason,
                    kind=form.kind,
                    percent_bp=form.percent or 0,
                    payments=form.payments or 1,
                    every_months=form.every_months or 12,
                    to_plan=UUID(form.plan) if form.plan else None,
                    by=person_id_of(request),
                )
                return with_notice(see_other(LIST), "Added. Members who are about to cancel see it from now on.")
            except Refusal as refusal:
                return await _page(request, form.refuse(None, str(refusal)), status=refusal.status)
        return await _page(request, form, status=422)

    @post("/{offer_id:uuid}/end")
    async def destroy(self, request: Request[Any, Any, Any], offer_id: FromPath[UUID]) -> Response[Any]:
        try:
            await save_offers.end(offer_id, by=person_id_of(request))
        except save_offers.OfferTried as refusal:
            return with_refusal(see_other(LIST), str(refusal))
        return with_notice(see_other(LIST), "Ended. Nobody sees it any more; what was accepted stays.")


async def _page(request: Request[Any, Any, Any], form: SaveOfferForm, *, status: int = 200) -> Response[Any]:
    offers, reasons = await offer_rows(), await save_results.by_reason()
    return page(request, SaveOffersPage(form=form, offers=offers, reasons=reasons_said(reasons)), status=status)


def _blank() -> SaveOfferForm:
    return SaveOfferForm.blank(choices=_choices(), payments=2, every_months=12)


def _choices() -> dict[str, Any]:
    return {"plan": tuple((str(plan.id), plan.name) for plan in plan_catalogue.active_plans() if plan.renews)}


async def offer_rows() -> tuple[OfferRow, ...]:
    named = dict(REASONS)
    return tuple(OfferRow(one, named.get(one.reason, one.reason), _said(one)) for one in await save_results.by_offer())


def reasons_said(found: list[ReasonCount]) -> tuple[tuple[str, int], ...]:
    named = dict(REASONS)
    return tuple((named.get(one.reason, one.reason) or "No reason given", one.cancelled) for one in found)


def _said(one: OfferResult) -> str:
    terms = OfferTerms(one.kind, one.percent_bp, one.payments, one.every_months)
    return f"{terms_said(terms, one.plan)}{' (tried in an experiment)' if one.is_tried else ''}"


def terms_said(one: OfferTerms, plan: str) -> str:
    if one.kind == "pause":
        return "A pause"
    if one.kind == "downgrade":
        return f"Change to {plan}"
    times = "1 payment" if one.payments == 1 else f"{one.payments} payments"
    return f"{formatting.percent(one.percent_bp)} off {times}, once in {one.every_months} months"
