"""The staff's front door: what needs doing, and today's figures."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from components import insights
from components.foundation import database
from components.insights.attention import LOW, Attention, RunningLow
from components.insights.figures import Members, Sales
from web.guards import any_staff
from web.views import View, page, visitor_of
from web.visitor import Visitor

SPANS = (1, 7, 30)


@dataclass(frozen=True)
class Chore:
    """One thing to do: how many, what it is, and where it is done."""

    count: int
    words: str
    action: str
    href: str
    is_urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class StaffHomePage(View):
    template: ClassVar[str] = "staff/home/show.html"

    chores: tuple[Chore, ...]
    sales: tuple[Sales, ...]
    members: Members | None
    running_low: tuple[RunningLow, ...]


class StaffHomeController(Controller):
    path = "/staff"
    guards = [any_staff]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """Everybody sees the work that is theirs; figures only who may see figures."""
        visitor = visitor_of(request)
        sees_figures = visitor.may("metrics")
        asked = [insights.attention.question()]
        if sees_figures:
            asked += [insights.figures.sales(*SPANS), insights.figures.members()]  # type: ignore[list-item]
        answers = await database.together(*asked)
        return page(
            request,
            StaffHomePage(
                chores=tuple(chores(answers[0], visitor)),
                sales=answers[1] if sees_figures else (),
                members=answers[2] if sees_figures else None,
                running_low=await insights.attention.running_low() if visitor.may("products") else (),
            ),
        )


def chores(found: Attention, visitor: Visitor) -> list[Chore]:
    """What this operator may see to, urgent things first."""
    waits = f", the first for {_days(found.oldest_to_ship_days)}" if found.oldest_to_ship_days else ""
    known = (
        ("orders", Chore(found.mismatches, _one(found.mismatches, "payment differs", "payments differ") + " from what was agreed",
                         "Look", "/staff/payments", True)),
        ("orders", Chore(found.flagged, _one(found.flagged, "order needs", "orders need") + " a decision", "Decide", "/staff/orders?show=flagged", True)),
        ("refunds", Chore(found.refunds_failed, _one(found.refunds_failed, "refund did", "refunds did") + " not go through", "Look", "/staff/orders?show=refunded", True)),
        ("jobs", Chore(found.jobs_parked, _one(found.jobs_parked, "job was", "jobs were") + " given up", "Look", "/staff/jobs", True)),
        ("orders", Chore(found.payments_parked, _one(found.payments_parked, "payment event is", "payment events are") + " stuck",
                         "Look", "/staff/payments/events", True)),
        ("letters", Chore(found.letters_failed, _one(found.letters_failed, "letter", "letters") + " could not be posted", "Look", "/staff/letters", True)),
        ("orders", Chore(found.to_ship, _one(found.to_ship, "order", "orders") + f" to ship{waits}", "Ship", "/staff/orders?show=to-ship")),
        ("refunds", Chore(found.refunds_pending, _one(found.refunds_pending, "refund is", "refunds are") + " on the way", "See", "/staff/orders?show=refunded")),
        ("members", Chore(found.renewals_failing, _one(found.renewals_failing, "renewal is", "renewals are") + " failing", "See", "/staff/members?show=past-due")),
        ("products", Chore(found.low_stock, _one(found.low_stock, "variant has", "variants have") + f" {LOW} or fewer left", "Restock", "#running-low")),
    )  # fmt: skip
    return [chore for permission, chore in known if chore.count and visitor.may(permission)]


def _one(count: int, singular: str, plural: str) -> str:
    return singular if count == 1 else plural


def _days(days: int) -> str:
    return f"{days} day{'s' if days != 1 else ''}"
