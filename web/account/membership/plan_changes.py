"""Changing plan: what exactly changes in benefits and money, and the change as it was shown."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import formatting
from components.foundation.languages import enumerations
from components.foundation.languages.kept_sentences import KeptSentences
from components.foundation.languages.words import N_, _
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.billing import plan_changes, subscriptions
from components.memberships.billing.plan_changes import Difference
from components.memberships.discounts import fee_discounts
from components.memberships.plans import plan_catalogue, reverse_charges
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Subscription
from components.payments.payment_refusals import OutcomeUnknown
from web.account.membership.coming_charges import ends_without_card
from web.account.membership.household_text import Losing, losing_sentences
from web.account.waiting import see_waiting
from web.current_person import person_id_of
from web.forms.fields import Text, Wrong
from web.forms.form import Form
from web.forms.numbers import Whole
from web.guards import signed_in
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page

HERE = "/account/membership"
STRIPE_LINES = KeptSentences(
    N_("Unused time on %(plan)s after %(day)s"), N_("Remaining time on %(plan)s after %(day)s")
)
"""As Stripe words the lines of an invoice."""
WHOLE_PERIOD = re.compile(r"\d+ × .+ \(at .+ / .+\)")
"""As it words a new period, with the price as English writes it."""


class HiddenText(Text):
    kind = "hidden"


class Instant(HiddenText):
    """The instant an amount was calculated for, to the second."""

    def read(self, typed: str) -> str:
        try:
            is_an_instant = datetime.fromisoformat(typed).tzinfo is not None
        except ValueError:
            is_an_instant = False
        if not is_an_instant:
            raise Wrong(_("Check the amount again."))
        return typed


class HiddenWhole(Whole):
    kind = "hidden"


class ChangeForm(Form):
    """What was shown: for which instant, which version of the plan and which amount."""

    at = Instant("Instant", longest=40)
    due = HiddenWhole("Sum", most=100_000_000)
    version = HiddenText("Price", longest=40)


@dataclass(frozen=True, kw_only=True)
class PlanChoicePage(View):
    template: ClassVar[str] = "account/membership/plan_changes/index.html"
    held: PlanView
    others: tuple[PlanView, ...]


@dataclass(frozen=True, kw_only=True)
class ChangePage(View):
    template: ClassVar[str] = "account/membership/plan_changes/show.html"
    change: Difference
    form: ChangeForm
    refusal: str
    losing: tuple[str, ...]
    discounted: str
    """What is paid first with a discount that goes on; empty without one."""
    needs_card: bool
    """In a trial without a card it begins only with one."""


class PlanChangesController(Controller):
    path = f"{HERE}/plan"
    guards = [signed_in]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        running = await _running(request)
        if running is None:
            return see_other("/join")
        try:
            plan_changes.require_changeable(running)
        except plan_changes.CannotChange as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        held = plan_catalogue.by_version(running.plan_version)
        return page(request, PlanChoicePage(held=held, others=await plan_changes.choices(running)))

    @get("/{slug:str}")
    async def show(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        running = await _running(request)
        if running is None:
            return see_other("/join")
        try:
            return await _shown(request, running, plan_catalogue.by_slug(slug))
        except (plan_changes.CannotChange, plan_changes.SamePlan) as refusal:
            return with_refusal(see_other(HERE), str(refusal))

    @post("/{slug:str}")
    async def create(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        plan, form, running = plan_catalogue.by_slug(slug), await ChangeForm.read(request), await _running(request)
        if running is None:
            return with_refusal(see_other(HERE), _("You don’t have an active membership to change."))
        plan = await reverse_charges.plan_for(plan, running.payer)
        if not form.is_valid or form.version != str(plan.version_id):
            return await _shown(request, running, plan, refusal=str(plan_changes.PreviewOutdated()), status=409)
        agreed = Money(form.due, plan.price.currency)
        try:
            made = await plan_changes.apply(running.id, plan, at=datetime.fromisoformat(form.at), agreed=agreed)
        except (plan_changes.PreviewOutdated, plan_changes.Declined) as refusal:
            return await _shown(request, running, plan, refusal=str(refusal), status=refusal.status)
        except OutcomeUnknown as unknown:
            return see_waiting(unknown, back=HERE)
        except Refusal as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        if made.confirm_until:
            return see_other(f"{HERE}/plan/confirmation")
        if made.is_now:
            return with_notice(see_other(HERE), _("You’re now on %(plan)s.", plan=plan.name))
        words = _("You’ll move to %(plan)s on %(day)s.", plan=plan.name, day=formatting.day(made.due_at))
        return with_notice(see_other(HERE), words)

    @post("/withdrawal")
    async def destroy(self, request: Request[Any, Any, Any]) -> Response[Any]:
        running = await _running(request)
        if running is None:
            return see_other(HERE)
        try:
            await plan_changes.cancel(running.id)
        except Refusal as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        held = plan_catalogue.by_version((await subscriptions.by_id(running.id)).plan_version)
        if held.version_id != running.plan_version:
            words = _("The change had already been confirmed: you’re on %(plan)s.", plan=held.name)
            return with_notice(see_other(HERE), words)
        return with_notice(see_other(HERE), _("You’re staying on %(plan)s.", plan=held.name))


async def _running(request: Request[Any, Any, Any]) -> Subscription | None:
    return await subscriptions.running(person_id_of(request))


async def _shown(
    request: Request[Any, Any, Any], running: Subscription, plan: PlanView, *, refusal: str = "", status: int = 200
) -> Response[Any]:
    found = await plan_changes.difference(running.id, plan)
    plan = found.after
    form = ChangeForm.blank(at=found.at.isoformat(), due=found.due.amount, version=str(plan.version_id))
    losing = await losing_sentences(running.id, plan, when=Losing.NOW if found.is_now else found.begins_at)
    lines = tuple(replace(line, words=_line_words(line.words, plan)) for line in found.lines)
    discounted = await _discounted(running.id, found)
    change, needs_card = replace(found, lines=lines), found.is_trial and await ends_without_card(running)
    view = ChangePage(
        change=change, form=form, refusal=refusal, losing=losing, discounted=discounted, needs_card=needs_card
    )
    return page(request, view, status=status)


async def _discounted(subscription_id: UUID, change: Difference) -> str:
    """Of what is paid then. One payment of the discount may go off what is paid today, so that nothing is said where
    that is the last, nor of how many are left."""
    discount = await fee_discounts.running(subscription_id)
    if discount is None or (change.is_now and discount.left == 1):
        return ""
    sum = formatting.money(discount.terms.left(change.after.price))
    if change.is_now:
        return _("%(sum)s, with %(off)s off", sum=sum, off=discount.terms.off_words)
    return _("%(sum)s, with %(discount)s", sum=sum, discount=discount.words)


def _line_words(by_stripe: str, plan: PlanView) -> str:
    if WHOLE_PERIOD.fullmatch(by_stripe):
        return enumerations.with_detail(plan.name, plan.price_words)
    return STRIPE_LINES.said(by_stripe.replace(" on 1 × ", " on "))
