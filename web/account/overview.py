"""The account's first page: a summary, with links to everything else."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from components import claims
from components.memberships import PlanStanding, savings
from components.orders import listing
from components.orders.listing import OrderRow
from components.people import Address, accounts, addresses
from web.account.whose import person_id_of
from web.guards import signed_in
from web.views import View, page, visitor_of

SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class OverviewPage(View):
    template: ClassVar[str] = "account/overview/show.html"
    plan: PlanStanding | None
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
        person = await accounts.person(person_id)
        kept = () if visitor.preview else await addresses.of(person_id)
        latest = await listing.of_person(person_id)
        return page(
            request,
            OverviewPage(
                plan=plan,
                saved=await savings.total(person_id, since=plan.from_at) if plan else 0,
                gifts=len(await claims.gifts.waiting(person_id, visitor.at)),
                orders=latest.rows[:SHOWN],
                address=kept[0] if kept else None,
                is_confirmed=person is not None and bool(person.email_confirmed_at),
                is_new=not latest.rows and not kept,
            ),
        )
