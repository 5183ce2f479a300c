"""The account's first page: a summary, with links to everything else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get

from components.foundation.languages.words import _
from components.memberships.billing import subscriptions
from components.memberships.billing.states import awaited_payments, current_states
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import MembershipState
from components.memberships.entitlements import membership_history, savings
from components.memberships.entitlements.customer_entitlements import HeldPlan
from components.orders import order_list
from components.orders.order_list import OrderRow
from components.people import addresses, customer_accounts
from components.people.tables import Address
from components.rewards import free_products
from web.account.membership.membership import HEADINGS
from web.account.membership.membership_panels import PlannedChange, planned_change
from web.account.membership.membership_text import as_told
from web.account.membership.state_panel import StatePanel, panel
from web.account.membership.waiting_lists import WaitingPlace, waiting_places
from web.current_person import person_id_of
from web.guards import signed_in
from web.views import View, page, visitor_of

SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class OverviewPage(View):
    """`state` says more where not all is as usual; `resting` is a membership whose benefits are off.

    `awaited` says what became of the payment of who is joining.
    """

    template: ClassVar[str] = "account/overview/show.html"
    plan: HeldPlan | None
    state: StatePanel
    resting: StatePanel | None
    planned: PlannedChange | None
    awaited: str
    waiting: tuple[WaitingPlace, ...]
    since: datetime | None
    saved: int
    gifts: int
    orders: tuple[OrderRow, ...]
    address: Address | None
    is_confirmed: bool
    is_new: bool


class OverviewController(Controller):
    path = "/account"
    guards = [signed_in]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        visitor = visitor_of(request)
        person_id, plan = person_id_of(request), visitor.standing.plan
        person = await customer_accounts.by_id(person_id)
        kept = () if visitor.preview else await addresses.of_person(person_id)
        latest = await order_list.of_person(person_id)
        current = await current_states.of_person(person_id, plan)
        state = panel(current)
        resting = state if plan is None and _is_on_hold(current, state) else None
        since = await membership_history.member_since(plan.membership_id) if plan else None
        running = await subscriptions.running(person_id) if plan and plan.renews else None
        return page(
            request,
            OverviewPage(
                plan=as_told(plan, current.shared),
                state=state,
                resting=resting,
                planned=await planned_change(running) if running else None,
                awaited="" if plan or resting else await _awaited(person_id),
                waiting=await waiting_places(person_id),
                since=since,
                saved=await savings.total(person_id, since=since) if plan else 0,
                gifts=len(await free_products.waiting_gifts(person_id, visitor.at)),
                orders=latest.rows[:SHOWN],
                address=kept[0] if kept else None,
                is_confirmed=person is not None and bool(person.email_confirmed_at),
                is_new=not latest.rows and not kept,
            ),
        )


def _is_on_hold(current: CurrentState, state: StatePanel) -> bool:
    return state.is_running or current.state is MembershipState.SEAT_ON_HOLD


async def _awaited(person_id: UUID) -> str:
    found = await awaited_payments.of_person(person_id)
    return _(HEADINGS[found.state]) if found else ""
