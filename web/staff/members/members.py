"""Members in the staff area: the list, and one person's membership now or on any date."""

import contextlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery

from components.foundation import clock
from components.foundation.refusals import NotFound, Refusal
from components.insights import payment_subjects
from components.insights.behaviour_figures import engagement
from components.insights.behaviour_figures.engagement import EngagedMember
from components.memberships.billing import cancellations, payments_due, subscriptions
from components.memberships.billing.payments_due import PaymentDue
from components.memberships.billing.states import awaited_payments, cancel_attempts, current_states
from components.memberships.billing.states.awaited_payments import AwaitedPayment
from components.memberships.billing.tables import CancelAttempt
from components.memberships.entitlements import entitlements, member_directory, membership_history, savings
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.memberships.entitlements.entitlement_history import EntitlementAnswer
from components.memberships.entitlements.entitlement_history import at_instant as entitled
from components.memberships.entitlements.member_directory import STANDINGS, DirectoryPage
from components.memberships.entitlements.membership_history import MembershipSpan
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from components.messaging.notices import settled_withdrawals
from components.messaging.notices.settled_withdrawals import WithdrawalRow
from components.payments.dispute_answers.fraud_warnings import FraudWarning
from components.payments.disputes import DisputeView
from components.people import customer_accounts
from components.people.tables import Person
from components.segments import customer_tags, segments
from components.segments.customer_tags import TagPanel
from components.segments.segments import SegmentView, UnknownSegment
from web.account.membership.membership_payments import Paid, paid_by
from web.account.membership.membership_text import Charge, began, charge_of
from web.current_person import person_id_of
from web.forms.fields import Choice, Text
from web.forms.form import Form
from web.forms.times import Moment
from web.guards import staff
from web.pager import Pager, page_asked
from web.replies import see_other, with_notice
from web.staff.fee_discounts.discount_panel import DiscountPanel, discount_panel
from web.staff.members.fee_refund_rows import HeldByBank, RefundRow, disputes_of, held_by_bank, refunds_of, warnings_of
from web.staff.members.household_rows import HouseholdRows, household_rows
from web.staff.members.staff_state_panel import StaffStatePanel, staff_panel
from web.staff.old_shop.earlier_records import EarlierShop, earlier_shop
from web.staff.reports import member_makeup_words
from web.views import View, page, visitor_of

LIST = "/staff/members"
WORDS = {
    "running": "Members",
    "ending": "Ending",
    "paused": "Paused",
    "grace": "Past due",
    "given": "Complimentary",
    "free": "Free plan",
    "ended": "Ended",
}
Tab = tuple[str, str, int | None]


class CompForm(Form):
    plan = Choice("Plan")
    until = Moment("Until", required=False, help="Leave empty for no end date.")
    note = Text("Reason", longest=200, required=False, help="Only visible to staff.")


class AsOfForm(Form):
    at = Moment("On date")


@dataclass(frozen=True, kw_only=True)
class MembersPage(View):
    template: ClassVar[str] = "staff/members/index.html"
    partial: ClassVar[str | None] = "staff/members/_list.html"
    people: DirectoryPage
    disputed: dict[UUID, str]
    warned: frozenset[UUID]
    tabs: list[Tab]
    tab: str
    makeup: str
    segment: SegmentView | None
    segments: tuple[SegmentView, ...]
    search: str
    state: str
    plan: str
    plans: tuple[tuple[str, str], ...]
    pages: Pager


@dataclass(frozen=True, kw_only=True)
class MemberPage(View):
    template: ClassVar[str] = "staff/members/show.html"
    person: Person
    standing: CustomerEntitlements
    state: StaffStatePanel
    charge: Charge | None
    due: PaymentDue | None
    awaited: AwaitedPayment | None
    attempts: list[CancelAttempt]
    reasons: dict[str, str]
    household: HouseholdRows
    paid: tuple[Paid, ...]
    stretches: tuple[MembershipSpan, ...]
    saved: int
    as_of: AsOfForm
    asked_at: datetime
    answers: tuple[EntitlementAnswer, ...]
    comp: CompForm
    now: datetime
    since: datetime | None
    refunds: tuple[RefundRow, ...]
    disputes: tuple[DisputeView, ...]
    fraud_warnings: list[FraudWarning]
    held_back: dict[str, HeldByBank]
    withdrawn: tuple[WithdrawalRow, ...]
    may_see_orders: bool
    may_refund: bool
    earlier: EarlierShop
    discounts: DiscountPanel
    tags: TagPanel
    engaged: EngagedMember | None


class StaffMembersController(Controller):
    path = LIST
    guards = [staff("members")]

    @get()
    async def index(
        self,
        request: Request[Any, Any, Any],
        show: FromQuery[str] = "running",
        q: FromQuery[str] = "",
        plan: FromQuery[str] = "",
        segment: FromQuery[str] = "",
    ) -> Response[Any]:
        state = show if show in STANDINGS or show == "all" else "running"
        within = await _segment(segment)
        among = segments.compiled(within.rules, at=visitor_of(request).at) if within else None
        async with segments.patiently() if within else contextlib.nullcontext():
            found = await member_directory.people(
                search=q[:100],
                plan=plan,
                standing="" if state == "all" else state,
                page=page_asked(request),
                among=among,
            )
        counts = await member_directory.counts()
        is_all = state == "running" and not (q or plan or within)
        query = {"show": state, "q": q[:100], "plan": plan, "segment": str(within.id) if within else ""}
        return page(
            request,
            MembersPage(
                people=found,
                disputed=await payment_subjects.disputed(row.person_id for row in found.rows),
                warned=await payment_subjects.warned(row.person_id for row in found.rows),
                tabs=[
                    *((WORDS[one], _tab(one, within), None if within else counts[one]) for one in STANDINGS),
                    ("All customers", _tab("all", within), None),
                ],
                tab=_tab(state, within),
                makeup=await member_makeup_words.if_ready() if is_all else "",
                segment=within,
                segments=await segments.active(),
                search=q[:100],
                state=state,
                plan=plan,
                plans=tuple((one.slug, one.name) for one in plan_catalogue.all_plans()),
                pages=Pager(page=found.number, pages=found.last, path=LIST, query=query),
            ),
        )

    @get("/{person_id:uuid}")
    async def show(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        as_of = AsOfForm.of_query(request) if request.query_params.get("at") else None
        return await _shown(request, person_id, as_of=as_of, status=422 if as_of and not as_of.is_valid else 200)

    @post("/{person_id:uuid}/comps")
    async def create(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        form = await CompForm.read(request, choices={"plan": _paid_plans()})
        if await customer_accounts.by_id(person_id) is None:
            raise NotFound("There is no customer at this address.")
        if form.is_valid:
            try:
                plan, by = plan_catalogue.by_slug(form.plan), person_id_of(request)
                await complimentary.grant(person_id, plan, until=form.until, by=by, note=form.note)
                return with_notice(see_other(f"{LIST}/{person_id}"), f"{plan.name} membership given.")
            except complimentary.EndsTooSoon as refusal:
                form.refuse("until", str(refusal))
            except Refusal as refusal:
                form.refuse("plan", str(refusal))
        return await _shown(request, person_id, comp=form, status=422)


async def _found(person_id: UUID) -> Person:
    person = await customer_accounts.by_id(person_id)
    if person is None:
        raise NotFound("There is no customer at this address.")
    return person


async def _shown(
    request: Request[Any, Any, Any],
    person_id: UUID,
    *,
    as_of: AsOfForm | None = None,
    comp: CompForm | None = None,
    status: int = 200,
) -> Response[Any]:
    person, now = await _found(person_id), clock.now()
    standing, disputed = await _standing(person_id, now), await disputes_of(person_id)
    current = await current_states.of_person(person_id, standing.plan)
    state, latest = await staff_panel(current, person_id), current.subscription
    asked_at, may = as_of.at if as_of and as_of.is_valid else now, visitor_of(request).may
    view = MemberPage(
        person=person,
        standing=standing,
        state=state,
        charge=await charge_of(latest) if latest and state.is_running else None,
        due=await payments_due.of_person(person_id),
        awaited=None if standing.plan or state.is_running else await awaited_payments.of_person(person_id),
        attempts=await cancel_attempts.of_person(person_id),
        reasons=dict(cancellations.REASONS),
        household=await household_rows(person_id),
        paid=await paid_by(person_id),
        stretches=await membership_history.spans(person_id),
        saved=await savings.total(person_id),
        as_of=as_of or AsOfForm.blank(at=now),
        asked_at=asked_at,
        answers=await entitled(person_id, asked_at),
        comp=comp or CompForm.blank(choices={"plan": _paid_plans()}),
        now=now,
        since=await began(current, standing.plan),
        refunds=await refunds_of(person_id),
        disputes=disputed,
        fraud_warnings=await warnings_of(person_id),
        held_back=await held_by_bank(disputed),
        withdrawn=await settled_withdrawals.waiting_of(person.email or ""),
        may_see_orders=may("orders"),
        may_refund=may("refunds"),
        earlier=await earlier_shop(person),
        discounts=await discount_panel(person_id, latest),
        tags=await customer_tags.panel(person_id),
        engaged=await engagement.of_person(person_id) if standing.is_member else None,
    )
    return page(request, view, status=status)


async def _standing(person_id: UUID, at: datetime) -> CustomerEntitlements:
    """With what Stripe has reported meanwhile."""
    if (running := await subscriptions.running(person_id)) is not None:
        await subscriptions.catch_up(running.id)
    return await entitlements.for_person(person_id, at)


def _paid_plans() -> tuple[tuple[str, str], ...]:
    return tuple((plan.slug, plan.name) for plan in plan_catalogue.all_plans() if not plan.is_free)


def _tab(state: str, within: SegmentView | None = None) -> str:
    return f"{LIST}?show={state}" + (f"&segment={within.id}" if within else "")


async def _segment(wanted: str) -> SegmentView | None:
    """Raises `UnknownSegment` for an id that is none."""
    if not wanted:
        return None
    try:
        return await segments.by_id(UUID(wanted))
    except ValueError:
        raise UnknownSegment from None
