"""The account's first page: a summary, with links to everything else."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from components.memberships.entitlements import savings
from components.memberships.entitlements.customer_entitlements import HeldPlan
from components.orders import order_list
from components.orders.order_list import OrderRow
from components.people import addresses, customer_accounts
from components.people.tables import Address
from components.rewards import free_products
from web.current_person import person_id_of
from web.guards import signed_in
from web.views import View, page, visitor_of

SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class OverviewPage(View):
    template: ClassVar[str] = "account/overview/show.html"
    plan: HeldPlan | None
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
        return page(
            request,
            OverviewPage(
                plan=plan,
                saved=await savings.total(person_id, since=plan.from_at) if plan else 0,
                gifts=len(await free_products.waiting_gifts(person_id, visitor.at)),
                orders=latest.rows[:SHOWN],
                address=kept[0] if kept else None,
                is_confirmed=person is not None and bool(person.email_confirmed_at),
                is_new=not latest.rows and not kept,
            ),
        )
