"""The staff home page: to-dos and today's figures."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from components.foundation import database
from components.foundation.database import Query
from components.insights.access_monitor import access_monitor
from components.insights.access_monitor.access_monitor import MonitorRun
from components.insights.metrics import figures as insights_figures
from components.insights.metrics.figures import Members, Sales
from components.insights.todo import todo
from components.insights.todo.todo import LOW, RunningLow, TodoCounts
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
    template: ClassVar[str] = "staff/reports/today/show.html"

    leaks: MonitorRun | None
    chores: tuple[Chore, ...]
    sales: tuple[Sales, ...]
    members: Members | None
    running_low: tuple[RunningLow, ...]


class StaffHomeController(Controller):
    path = "/staff"
    guards = [any_staff]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """Operators see the to-dos they may handle; figures only with the metrics permission."""
        visitor = visitor_of(request)
        sees_figures = visitor.may("metrics")
        asked: list[Query[Any]] = [todo.query(), access_monitor.query()]
        if sees_figures:
            asked += [insights_figures.sales(*SPANS), insights_figures.members()]
        attention, watched, *figures = await database.batch(*asked)
        return page(
            request,
            StaffHomePage(
                leaks=watched if watched is not None and watched.troubles else None,
                chores=tuple(chores(attention, visitor)),
                sales=figures[0] if sees_figures else (),
                members=figures[1] if sees_figures else None,
                running_low=await todo.running_low() if visitor.may("products") else (),
            ),
        )


@dataclass(frozen=True)
class Duty:
    """What a count of `Attention` means, which permission it needs, and where it is handled."""

    permission: str
    counted: str
    singular: str
    plural: str
    action: str
    href: str
    is_urgent: bool = False

    def chore(self, found: TodoCounts) -> Chore:
        count = getattr(found, self.counted)
        words = self.singular if count == 1 else self.plural
        if self.counted == "to_ship" and found.oldest_to_ship_days:
            words = f"{words}, the oldest placed {_days(found.oldest_to_ship_days)} ago"
        return Chore(count, words, self.action, self.href, self.is_urgent)


DUTIES = (
    Duty(
        "orders",
        "mismatches",
        "payment doesn’t match the agreed amount",
        "payments don’t match the agreed amount",
        "Review",
        "/staff/payments",
        True,
    ),
    Duty(
        "orders",
        "flagged",
        "order needs attention",
        "orders need attention",
        "Review",
        "/staff/orders?show=flagged",
        True,
    ),
    Duty(
        "refunds",
        "refunds_failed",
        "refund failed",
        "refunds failed",
        "Review",
        "/staff/orders?show=refunded",
        True,
    ),
    Duty("jobs", "jobs_parked", "background job failed", "background jobs failed", "Review", "/staff/jobs", True),
    Duty(
        "orders",
        "payments_parked",
        "payment event failed",
        "payment events failed",
        "Review",
        "/staff/payments/events",
        True,
    ),
    Duty(
        "letters",
        "letters_failed",
        "e-mail could not be sent",
        "e-mails could not be sent",
        "Review",
        "/staff/letters",
        True,
    ),
    Duty("orders", "to_ship", "order to ship", "orders to ship", "Ship", "/staff/orders?show=to-ship"),
    Duty(
        "refunds",
        "refunds_pending",
        "refund in progress",
        "refunds in progress",
        "View",
        "/staff/orders?show=refunded",
    ),
    Duty(
        "members",
        "renewals_failing",
        "renewal payment failing",
        "renewal payments failing",
        "View",
        "/staff/members?show=past-due",
    ),
    Duty(
        "products",
        "low_stock",
        f"variant with {LOW} or fewer left in stock",
        f"variants with {LOW} or fewer left in stock",
        "Restock",
        "#running-low",
    ),
)
"""In order of urgency."""


def chores(found: TodoCounts, visitor: Visitor) -> list[Chore]:
    """The to-dos this operator may handle; those with a count of zero are left out."""
    permitted = [duty.chore(found) for duty in DUTIES if visitor.may(duty.permission)]
    return [chore for chore in permitted if chore.count]


def _days(days: int) -> str:
    return f"{days} day{'s' if days != 1 else ''}"
