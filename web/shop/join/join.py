"""Joining: the club's page, one plan, and the way to its payment. After the payment follows `welcome`."""

from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath
from markupsafe import Markup

from components.content.pages import agreements
from components.content.pages.agreements import AskedConsent
from components.foundation import formatting
from components.foundation.languages.words import _
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.billing import trials
from components.memberships.billing.subscription_start import AlreadySubscribed
from components.memberships.entitlements.customer_entitlements import HeldPlan
from components.memberships.plans import plan_catalogue, reverse_charges
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.promises.early_start_requests import EarlyStartAsked
from components.people import rate_limits
from web.entry.account_entry import ask_for_account
from web.guards import anyone
from web.replies import see_other, with_refusal
from web.shop.join import fee_tax, held_prices
from web.shop.join.fee_code_part import FeeCodeForm, FeeCodePart, code_part
from web.shop.join.join_forms import JoinForm, NewcomerForm
from web.shop.join.join_words_part import JoinWordsPart, with_years, words_for
from web.shop.join.membership_estimate import Estimate, estimate
from web.shop.join.on_hold_text import OnHoldText, has_subscription, is_awaited, on_hold_of
from web.shop.join.plan_cards import PlanCard, cards, held_beside, stands_in_the_way
from web.shop.join.plan_comparison import ComparisonRow, comparison
from web.shop.join.plan_offer_text import offer_words
from web.shop.join.plan_places import PlacesShown, places_shown, places_words
from web.shop.join.way_to_pay import early_start_asked, way_to_pay
from web.shop.products import json_ld
from web.views import View, page, visitor_of
from web.visitor import Visitor


@dataclass(frozen=True, kw_only=True)
class ClubPage(View):
    template: ClassVar[str] = "shop/join/index.html"
    plans: tuple[PlanCard, ...]
    rows: tuple[ComparisonRow, ...]
    estimate: Estimate | None
    words: JoinWordsPart | None
    on_hold: OnHoldText | None
    has_subscription: bool
    may_give: bool
    structured: Markup


@dataclass(frozen=True, kw_only=True)
class JoinPage(View):
    template: ClassVar[str] = "shop/join/show.html"
    plan: PlanView
    fee: Money
    fee_sum: str
    tax_words: str
    consent: AskedConsent | None
    early_start: EarlyStartAsked | None
    form: JoinForm
    is_member: bool
    beside: HeldPlan | None
    on_hold: OnHoldText | None
    is_off: bool
    is_awaited: bool
    trial_days: int
    length: str
    code: FeeCodePart | None
    places: PlacesShown | None
    offer_said: str


class JoinController(Controller):
    path = "/join"
    guards = [anyone]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        visitor = visitor_of(request)
        found = await estimate(visitor) if not visitor.has_membership else None
        active, held = plan_catalogue.active_plans(visitor.at), {one.source for one in visitor.standing.plans}
        active = await held_prices.as_agreed(active, visitor.standing)
        offers = {plan.slug: await offer_words(plan, visitor.person_id) for plan in active}
        free_days = {plan.slug: await trials.days_for(visitor.person_id, plan) for plan in active}
        advises, places = found is None or found.is_yes, await places_words(active, visitor.person_id)
        sums = await fee_tax.fee_sums(active, visitor.person_id)
        plans = cards(
            active, visitor.standing, advises=advises, trials=free_days, places=places, sums=sums, offers=offers
        )
        rows, may_give = comparison(visitor.at), any(plan.is_giftable for plan in active)
        shown = ClubPage(
            plans=with_years(plans, found), rows=rows, estimate=found, on_hold=on_hold_of(visitor), may_give=may_give,
            words=await words_for(visitor), structured=json_ld.club(), has_subscription="subscription" in held,
        )  # fmt: skip
        return page(request, shown)

    @get("/{plan:str}")
    async def show(self, request: Request[Any, Any, Any], plan: FromPath[str]) -> Response[Any]:
        visitor, typed = visitor_of(request), FeeCodeForm.of_query(request).code or ""
        chosen = await _chosen(visitor, plan)
        return await _shown(request, chosen, _form_for(visitor).blank(version=str(chosen.version_id), code=typed))

    @post("/{plan:str}")
    async def create(self, request: Request[Any, Any, Any], plan: FromPath[str]) -> Response[Any]:
        visitor = visitor_of(request)
        chosen, form = await _chosen(visitor, plan), await _form_for(visitor).read(request)
        if form.version and form.version != str(chosen.version_id):
            form.typed["version"] = [str(chosen.version_id)]
            form.refuse(None, _changed(form.version, chosen))
        if not form.is_valid:
            return await _shown(request, chosen, form, status=422)
        if isinstance(form, NewcomerForm):
            return await _newcomer(request, chosen, form)
        return await _joined(request, chosen, form)


def _changed(version: str, plan: PlanView) -> str:
    """A version is a price, or the benefits that somebody was offered at the same one."""
    read = next((one for one in plan_catalogue.all_versions(plan.id) if str(one.id) == version), None)
    if read is not None and read.variant and read.price == plan.price.amount:
        return _("What this plan includes for you has changed. Please check again.")
    return _("The price has changed: it is now %(price)s. Please check again.", price=plan.price_words)


async def _chosen(visitor: Visitor, slug: str) -> PlanView:
    return await reverse_charges.plan_for(plan_catalogue.by_slug(slug, visitor.at), visitor.person_id)


def _form_for(visitor: Visitor) -> type[JoinForm]:
    """One field for a new visitor, none for a known one."""
    return JoinForm if visitor.is_signed_in else NewcomerForm


async def _joined(request: Request[Any, Any, Any], plan: PlanView, form: JoinForm) -> Response[Any]:
    """A known person joins with one confirmation."""
    try:
        return see_other(await way_to_pay(request, plan, form.consent, form.code or "", begins_now=form.begins_now))
    except AlreadySubscribed as refusal:
        return with_refusal(see_other("/account/membership"), str(refusal))
    except Refusal as refusal:
        return await _shown(request, plan, form.refuse(None, str(refusal)), status=refusal.status)


async def _newcomer(request: Request[Any, Any, Any], plan: PlanView, form: NewcomerForm) -> Response[Any]:
    """One field, then the code from the e-mail, and back here: whoever the e-mail belongs to is then signed in."""
    try:
        with_code = f"?code={quote(form.code)}" if form.code else ""
        return await ask_for_account(request, form.email, next=f"/join/{plan.slug}{with_code}")
    except rate_limits.TooManyTries as refusal:
        return await _shown(request, plan, form.refuse(None, str(refusal)), status=429)


async def _shown(
    request: Request[Any, Any, Any], plan: PlanView, form: JoinForm, *, status: int = 200
) -> Response[Any]:
    visitor = visitor_of(request)
    running, days = visitor.standing.plan, await trials.days_for(visitor.person_id, plan)
    typed = (form.typed.get("code") or [""])[0]
    code = await code_part(request, visitor, plan, typed, trial_days=days)
    first = code.found.first_fee if code and code.found else plan.price
    if not (code and (code.found or code.waits)):
        form.typed["code"] = [""]  # one that was refused is not sent along
    return page(
        request,
        JoinPage(
            plan=plan,
            fee=plan.price,
            fee_sum=await fee_tax.plan_sum_text(plan, visitor.person_id),
            consent=agreements.asked() if visitor.is_signed_in else None,
            early_start=await early_start_asked(visitor, plan),
            tax_words=await fee_tax.tax_words(plan, first, visitor.person_id),
            form=form,
            is_member=stands_in_the_way(running, plan),
            beside=held_beside(running, plan),
            on_hold=on_hold_of(visitor) if plan.renews else None,
            is_off=plan.renews and await has_subscription(visitor),
            is_awaited=await is_awaited(visitor),
            trial_days=days,
            length=formatting.length(plan.interval, plan.interval_count),
            code=code,
            places=await places_shown(plan, visitor.person_id),
            offer_said=await offer_words(plan, visitor.person_id),
        ),
        status=status,
    )
