"""Your membership: the plan, its next charge, the benefits held, and the ways to change it. Also the welcome page."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post

from components.content.site import site_content
from components.foundation import ids
from components.foundation.formatting import money
from components.foundation.languages.words import N_, _
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import shop_settings
from components.memberships.billing import payments_due, subscriptions, trials
from components.memberships.billing.states import awaited_payments, current_states
from components.memberships.billing.states.awaited_payments import AwaitedPayment
from components.memberships.billing.states.membership_states import MemberAction
from components.memberships.discounts import discount_upkeep
from components.memberships.entitlements.customer_entitlements import HeldPlan
from components.memberships.grants import complimentary
from components.memberships.grants.seats import SharedMembership
from components.messaging.notices.own_withdrawals import OwnWithdrawal
from components.payments.checkout_sessions import pages
from components.payments.payment_refusals import StripeUnavailable
from components.payments.values import Payer
from web.account.membership.coming_charges import welcome_charges
from web.account.membership.membership_panels import Ended, MembershipPanels, ended_of, panels, withdrawals_of
from web.account.membership.membership_payments import Paid, paid_by
from web.account.membership.membership_text import (
    BenefitHeld,
    Charge,
    as_told,
    began,
    charge_of,
    held_of,
)
from web.account.membership.state_panel import StatePanel, panel
from web.account.payment_returns import settle, settle_awaited, settle_term
from web.current_person import person_id_of
from web.guards import signed_in
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page, visitor_of

HERE = "/account/membership"
WELCOME = f"{HERE}/welcome"
HEADINGS = {
    "unknown": N_("We’re checking your payment"),
    "unfinished": N_("You haven’t finished joining"),
    "declined": N_("Your card was declined"),
    "on its way": N_("Your payment is on its way"),
    "refused": N_("Your payment didn’t go through"),
}


@dataclass(frozen=True, kw_only=True)
class MembershipPage(View):
    template: ClassVar[str] = "account/membership/show.html"
    plan: HeldPlan | None
    member_since: datetime | None
    standing: StatePanel
    shared: SharedMembership | None
    charge: Charge | None
    benefits: tuple[BenefitHeld, ...]
    paid: tuple[Paid, ...]
    beside: MembershipPanels
    awaited: AwaitedPayment | None
    awaited_heading: str
    ended: Ended | None
    withdrawals: tuple[OwnWithdrawal, ...]


@dataclass(frozen=True, kw_only=True)
class WelcomePage(View):
    """`plan` is None while the first payment is awaited; `charges` says what is charged from now on, and when."""

    template: ClassVar[str] = "account/membership/welcome.html"
    plan: HeldPlan | None
    benefits: tuple[BenefitHeld, ...] = ()
    charges: tuple[str, ...] = ()
    awaited: AwaitedPayment | None = None
    awaited_heading: str = ""
    has_journal: bool = False


class MembershipController(Controller):
    path = HERE
    guards = [signed_in]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        person_id, standing = person_id_of(request), visitor_of(request).standing
        if (session_id := request.query_params.get("session_id", "")) and not visitor_of(request).preview:
            return await _card_kept(person_id, session_id)
        plan = standing.plan
        current = await current_states.of_person(person_id, plan)
        if current.subscription and await subscriptions.catch_up(current.subscription.id):
            return see_other(HERE)
        latest, shown = current.subscription, panel(current)
        awaited = None if plan or shown.is_running else await awaited_payments.of_person(person_id)
        return page(
            request,
            MembershipPage(
                plan=as_told(plan, current.shared),
                member_since=await began(current, plan),
                standing=shown,
                shared=current.shared,
                charge=await charge_of(latest) if shown.is_running and latest else None,
                benefits=held_of(standing, current),
                paid=await paid_by(person_id),
                beside=await panels(person_id, plan, current),
                awaited=awaited,
                awaited_heading=_(HEADINGS[awaited.state]) if awaited else "",
                ended=None if shown.is_running else await ended_of(person_id),
                withdrawals=await withdrawals_of(person_id),
            ),
        )

    @get("/welcome")
    async def welcome(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Where the payment page returns to. It looks the payment up and never trusts the address."""
        person_id, standing = person_id_of(request), visitor_of(request).standing
        if session_id := request.query_params.get("session_id", ""):
            return await _paid(person_id, session_id)
        if not standing.plans or standing.is_on_free_tier:
            has_begun = await settle_awaited(person_id)
            if has_begun:
                return see_other(WELCOME)
            if (awaited := await awaited_payments.of_person(person_id)) is not None:
                if has_begun is None and awaited.pay_url:
                    awaited = replace(awaited, state="unknown", pay_url="")
                heading = _(HEADINGS[awaited.state])
                return page(request, WelcomePage(plan=None, awaited=awaited, awaited_heading=heading))
            if not standing.plans:
                return see_other("/join")
        newest = max(standing.plans, key=lambda plan: (not plan.is_free, plan.from_at))
        charges = await welcome_charges(await current_states.of_person(person_id, newest), newest)
        read = site_content.current().has_articles
        return page(request, WelcomePage(plan=newest, benefits=held_of(standing), charges=charges, has_journal=read))

    @post("/card")
    async def card(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Another card, on the hosted page. Any outstanding payment is retried with it."""
        visitor, person_id = visitor_of(request), person_id_of(request)
        if MemberAction.CHANGE_CARD not in (await current_states.of_person(person_id, visitor.standing.plan)).actions:
            return with_refusal(see_other(HERE), _("There is no membership to change the card of."))
        try:
            opened = await pages.open(
                "card",
                ids.new(),
                payer=Payer(person_id, visitor.email, visitor.name),
                currency=shop_settings.current().currency,
                success_path=HERE,
                cancel_path=HERE,
            )
        except StripeUnavailable as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        return see_other(opened.url or HERE)

    @post("/free/end")
    async def leave_free(self, request: Request[Any, Any, Any]) -> Response[Any]:
        current = await current_states.of_person(person_id_of(request), visitor_of(request).standing.plan)
        if MemberAction.LEAVE_FREE not in current.actions:
            return with_refusal(see_other(HERE), _("You aren’t on a free plan."))
        await complimentary.leave_free(person_id_of(request))
        return with_notice(see_other(HERE), _("You’ve left the free plan."))


async def _paid(person_id: UUID, session_id: str) -> Response[Any]:
    """Back from the payment page. Somebody else's session counts as not found."""
    found = await pages.by_session(session_id)
    if found is None or found.purpose not in ("joining", "term") or found.person_id != person_id:
        raise NotFound
    if found.purpose == "term":
        await settle_term(found.reference_id)
        return see_other(WELCOME)
    await settle(found.reference_id)
    if await trials.was_refused(found.reference_id):
        return with_refusal(
            see_other(HERE), _("Your trial was not started because this card or e-mail has already had one.")
        )
    await discount_upkeep.look_at(found.reference_id)
    return see_other(WELCOME)


async def _card_kept(person_id: UUID, session_id: str) -> Response[Any]:
    found = await pages.by_session(session_id)
    if found is None or found.purpose != "card" or found.person_id != person_id:
        raise NotFound
    try:
        found = await pages.sync(found)
    except StripeUnavailable:
        words = _("We don’t know yet whether your new card was saved. If it was, it’s shown here in a few minutes.")
        return with_notice(see_other(HERE), words)
    if not found.is_complete:
        return with_refusal(see_other(HERE), _("No new card was saved. Your previous card stays in use."))
    owed = await payments_due.of_person(person_id)
    if owed is None:
        return with_notice(see_other(HERE), _("Your new card has been saved."))
    words = _("Your new card has been saved. We’ll charge the %(sum)s that’s due to it.", sum=money(owed.amount))
    return with_notice(see_other(HERE), words)
