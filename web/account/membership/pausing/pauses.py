"""Pausing a membership: when and for how long, a page that names the dates, and the pause."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.foundation import clock, formatting
from components.foundation.languages.words import _
from components.foundation.refusals import Refusal
from components.memberships.billing import pauses, plan_confirmations
from components.memberships.billing.states import current_states, next_charges, pause_lengths, pause_refusals
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import MemberAction
from components.memberships.billing.states.next_charges import NextCharge
from components.memberships.discounts import fee_discounts
from components.memberships.grants import seat_carriers
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Pause, Subscription
from components.payments.payment_refusals import OutcomeUnknown
from web.account.membership.household_text import resting_sentence
from web.account.membership.membership_text import BenefitHeld, held_of
from web.account.membership.pausing.pause_forms import TODAY, PauseForm, begins_at, choices_of, local_day
from web.account.waiting import see_waiting
from web.current_person import person_id_of
from web.guards import signed_in
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page, visitor_of

HERE = "/account/membership"


@dataclass(frozen=True, kw_only=True)
class PausePage(View):
    """The lengths name the days they end on if the pause begins at `begins`."""

    template: ClassVar[str] = "account/membership/pauses/new.html"
    partial: ClassVar[str | None] = "account/membership/pauses/_lengths.html"
    plan: PlanView
    benefits: tuple[BenefitHeld, ...]
    paid_until: datetime | None
    begins: datetime
    price_words: str
    household: str
    form: PauseForm


@dataclass(frozen=True, kw_only=True)
class PauseConfirmationPage(View):
    """`charge` is the renewal after it. `has_moved` when it named other dates before, `is_unread`
    when the pause was asked for without having seen them."""

    template: ClassVar[str] = "account/membership/pauses/confirmation.html"
    plan: PlanView
    begins: datetime
    is_now: bool
    found: pause_lengths.PausePreview
    charge: NextCharge
    household: str
    has_moved: bool
    is_unread: bool
    form: PauseForm


class PauseController(Controller):
    path = f"{HERE}/pause"
    guards = [signed_in]

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """With the start in the address the lengths are those from it."""
        return await _shown(request, await current_of(request), None)

    @get("/confirmation")
    async def confirmation(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """What the pause will mean, with its dates."""
        current = await current_of(request)
        if current.subscription is None or MemberAction.PAUSE not in current.actions:
            return with_refusal(see_other(HERE), str(pause_refusals.why_not(current)))
        form = PauseForm.of_query(request, choices=choices_of(current.subscription))
        if not form.is_valid:
            return await _shown(request, current, form, status=422)
        return await _confirmation(request, current.subscription, form)

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        current = await current_of(request)
        if current.subscription is None or MemberAction.PAUSE not in current.actions:
            return with_refusal(see_other(HERE), str(pause_refusals.why_not(current)))
        form = await PauseForm.read(request, choices=choices_of(current.subscription))
        if not form.is_valid:
            return await _shown(request, current, form, status=422)
        begins = begins_at(form.start, form.on, current.subscription)
        until = pause_lengths.end_of(begins, int(form.months))
        if form.until != local_day(until):
            return await _confirmation(request, current.subscription, form, status=409)
        try:
            pause = await pauses.start(current.subscription.id, from_at=begins, until=until)
        except (pause_lengths.PauseTooLate, pause_lengths.PauseTooLong) as refusal:
            form.refuse("on", str(refusal))
            return await _shown(request, current, form, status=422)
        except plan_confirmations.ChangeAwaited as refusal:
            return with_refusal(see_other(f"{HERE}/plan/confirmation"), str(refusal))
        except OutcomeUnknown as unknown:
            return see_waiting(unknown, back=HERE)
        except Refusal as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        return with_notice(see_other(HERE), pause_words(pause))


def pause_words(pause: Pause) -> str:
    until = formatting.day(pause.until_at)
    if pause.from_at > clock.now():
        begins = formatting.day(pause.from_at)
        return _("Your pause is planned: from %(begins)s until %(ends)s.", begins=begins, ends=until)
    return _("Your membership is on hold until %(day)s.", day=until)


async def current_of(request: Request[Any, Any, Any]) -> CurrentState:
    return await current_states.of_person(person_id_of(request), visitor_of(request).standing.plan)


async def _shown(
    request: Request[Any, Any, Any], current: CurrentState, form: PauseForm | None, *, status: int = 200
) -> Response[Any]:
    running = current.subscription
    if running is None or MemberAction.PAUSE not in current.actions:
        return with_refusal(see_other(HERE), str(pause_refusals.why_not(current)))
    if await plan_confirmations.awaited(running.id) is not None:
        return with_refusal(see_other(f"{HERE}/plan/confirmation"), str(plan_confirmations.ChangeAwaited()))
    form = form or _started(request, running)
    begins = begins_at(form.start, form.on, running)
    form.choices = choices_of(running, begins)
    held = plan_catalogue.by_version(running.plan_version)
    return page(
        request,
        PausePage(
            plan=held,
            benefits=held_of(visitor_of(request).standing),
            paid_until=running.current_period_end,
            begins=begins,
            price_words=await fee_discounts.coming_words(running.id, held.price, held.price_words),
            household=resting_sentence(await seat_carriers.open_seats(running.id)),
            form=form,
        ),
        status=status,
    )


def _started(request: Request[Any, Any, Any], running: Subscription) -> PauseForm:
    """A form without refusals, with whatever of the start was chosen already."""
    sent = PauseForm.of_query(request, choices=choices_of(running))
    start = sent.start or TODAY
    return PauseForm.blank(start=start, on=sent.on, months=sent.months or "1")


async def _confirmation(
    request: Request[Any, Any, Any], running: Subscription, form: PauseForm, *, status: int = 200
) -> Response[Any]:
    begins = begins_at(form.start, form.on, running)
    try:
        found = pause_lengths.preview(begins, int(form.months), paid_until=running.current_period_end)
    except pause_lengths.PauseTooLate as refusal:
        return await _shown(request, await current_of(request), form.refuse("on", str(refusal)), status=422)
    agreed = PauseForm.blank(start=form.start, on=form.on, months=form.months, until=local_day(found.until))
    return page(
        request,
        PauseConfirmationPage(
            plan=plan_catalogue.by_version(running.plan_version),
            begins=begins,
            is_now=begins <= clock.now(),
            found=found,
            charge=await next_charges.of_renewal(running, at=found.renews_at),
            household=resting_sentence(await seat_carriers.open_seats(running.id)),
            has_moved=status == 409 and form.until is not None,
            is_unread=status == 409 and form.until is None,
            form=agreed,
        ),
        status=status,
    )
