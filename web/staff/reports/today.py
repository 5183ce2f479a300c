"""The staff home page: to-dos and today's figures."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from components.foundation import clock, database
from components.foundation.database import Query
from components.foundation.formatting import moment
from components.foundation.languages import language
from components.foundation.queue import WorkerPulse, worker_pulse
from components.foundation.shop_settings import shop_settings
from components.insights.access_monitor import access_monitor, access_policy
from components.insights.access_monitor.access_monitor import MonitorRun
from components.insights.metrics import figures as insights_figures
from components.insights.metrics.figures import Sales
from components.insights.periods import programme
from components.insights.rollups import figure_readiness
from components.insights.suggestions import suggestions
from components.insights.suggestions.suggestions import SuggestionView
from components.insights.todo import todo
from components.insights.todo.todo import LOW, LowStock, TodoCounts
from components.keeping import backup_state
from components.messaging.notices import order_withdrawals
from components.payments.stripe_account import key_alarm
from components.payments.stripe_account.key_alarm import KeyAlarm
from components.payments.taxes import tax_alarm
from components.payments.taxes.tax_alarm import TaxAlarm
from web.guards import any_staff
from web.staff.club import fee_notice
from web.staff.club.fee_notice import ShownFeeNotice
from web.staff.reports import checklist
from web.staff.reports.checklist import ShownChecklist
from web.staff.reports.programme import today_glance
from web.staff.reports.programme.today_glance import TodayGlance
from web.views import View, page, visitor_of
from web.visitor import Visitor

SPANS = (1, 7, 30)


@dataclass(frozen=True)
class TodoItem:
    """One thing to do: how many, what it is, and where it is done."""

    count: int
    words: str
    action: str
    href: str
    is_urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class StaffHomePage(View):
    template: ClassVar[str] = "staff/reports/today/show.html"

    checklist: ShownChecklist | None
    leaks: MonitorRun | None
    key_alarm: KeyAlarm | None
    tax_alarms: tuple[TaxAlarm, ...]
    worker: WorkerPulse
    backup_troubles: tuple[str, ...]
    unmonitored: tuple[str, ...]
    fee_notice: ShownFeeNotice | None
    chores: tuple[TodoItem, ...]
    sales: tuple[Sales, ...]
    glance: TodayGlance | None
    awaits_figures: bool
    running_low: tuple[LowStock, ...]
    suggested: tuple[SuggestionView, ...]


class StaffHomeController(Controller):
    path = "/staff"
    guards = [any_staff]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """Operators see the to-dos they may handle; figures only with the metrics permission."""
        visitor = visitor_of(request)
        sees_figures, sees_stock = visitor.may("metrics"), visitor.may("products")
        asked: list[Query[Any]] = [
            todo.query(),
            access_monitor.query(),
            key_alarm.query(),
            tax_alarm.query(),
            worker_pulse(),
            backup_state.query(),
        ]
        if sees_stock:
            asked.append(todo.low_stock())
        if sees_figures:
            usual = await programme.choose({})
            asked += [
                suggestions.for_today(),
                figure_readiness.where_ready(insights_figures.sales(*SPANS)),
                figure_readiness.where_ready(today_glance.query(usual, clock.now())),
            ]
        attention, watched, refused_key, refused_taxes, pulse, backups, *more = await database.batch(*asked)
        asks_tax = shop_settings.current().asks_stripe_tax
        running_low = more.pop(0) if sees_stock else ()
        suggested, sales, glance = more if sees_figures else ((), None, None)
        return page(
            request,
            StaffHomePage(
                checklist=await checklist.shown(visitor),
                leaks=watched if watched is not None and watched.troubles else None,
                key_alarm=refused_key if visitor.may("orders") else None,
                tax_alarms=refused_taxes if asks_tax and visitor.may("settings") else (),
                worker=pulse,
                backup_troubles=backups.troubles if visitor.may("settings") else (),
                unmonitored=access_policy.unmonitored() if visitor.may("plans") else (),
                fee_notice=await fee_notice.shown(visitor),
                chores=tuple(todo_items(attention, visitor, withdrawn=await _withdrawn(attention))),
                sales=sales or (),
                glance=glance,
                awaits_figures=sees_figures and glance is None,
                running_low=running_low,
                suggested=suggested,
            ),
        )


@dataclass(frozen=True)
class TodoRule:
    """What a count of `TodoCounts` means, which permission it needs, and where it is handled."""

    permission: str
    counted: str
    singular: str
    plural: str
    action: str
    href: str
    is_urgent: bool = False

    def chore(self, found: TodoCounts, *, withdrawn: int) -> TodoItem:
        count = getattr(found, self.counted)
        words = self.singular if count == 1 else self.plural
        if self.counted == "to_ship" and found.oldest_to_ship_days:
            words = f"{words}, the oldest placed {_days(found.oldest_to_ship_days)} ago"
        if self.counted == "to_ship" and withdrawn:
            words = f"{words}; withdrawn from, don’t send: {withdrawn}"
        if self.counted == "disputes_open" and found.first_answer_by:
            words = f"{words} by {moment(found.first_answer_by)}"
        if self.counted == "email_texts_unusable" and len(language.offered()) > 1:
            words = f"{words}: {', '.join(map(language.own_name, found.email_texts_languages.split()))}"
        return TodoItem(count, words, self.action, self.href, self.is_urgent)


DUTIES = (
    TodoRule(
        "members",
        "cancellations_said",
        "cancellation received without signing in",
        "cancellations received without signing in",
        "Review",
        "/staff/cancellations",
        True,
    ),
    TodoRule(
        "members",
        "erasures_waiting",
        "account waits to be deleted for more than a week",
        "accounts wait to be deleted for more than a week",
        "Review",
        "/staff/erasures",
        True,
    ),
    TodoRule(
        "orders",
        "withdrawals_open",
        "withdrawal from a contract received",
        "withdrawals from contracts received",
        "Review",
        "/staff/withdrawals",
        True,
    ),
    TodoRule(
        "orders",
        "disputes_open",
        "disputed payment to answer",
        "disputed payments to answer, the first",
        "Review",
        "/staff/payments/disputes?show=answer",
        True,
    ),
    TodoRule(
        "refunds",
        "disputes_lost",
        "lost dispute to decide on",
        "lost disputes to decide on",
        "Decide",
        "/staff/payments/disputes?show=lost",
        True,
    ),
    TodoRule(
        "refunds",
        "fraud_warnings",
        "payment that may be fraudulent: refund it, or leave it",
        "payments that may be fraudulent: refund them, or leave them",
        "Decide",
        "/staff/payments/fraud-warnings",
        True,
    ),
    TodoRule(
        "orders",
        "differences",
        "difference between the shop and Stripe",
        "differences between the shop and Stripe",
        "Review",
        "/staff/payments/differences",
        True,
    ),
    TodoRule(
        "orders",
        "mismatches",
        "payment doesn’t match the agreed amount",
        "payments don’t match the agreed amount",
        "Review",
        "/staff/payments",
        True,
    ),
    TodoRule(
        "orders",
        "flagged",
        "order needs attention",
        "orders need attention",
        "Review",
        "/staff/orders?show=flagged",
        True,
    ),
    TodoRule(
        "refunds",
        "taxes_to_enter",
        "sale or refund to enter in Stripe Tax by hand",
        "sales and refunds to enter in Stripe Tax by hand",
        "Enter",
        "/staff/payments/taxes",
        True,
    ),
    TodoRule(
        "refunds",
        "refunds_failed",
        "refund failed",
        "refunds failed",
        "Review",
        "/staff/orders?show=refunded",
        True,
    ),
    TodoRule(
        "refunds",
        "fee_refunds_failed",
        "refund of a membership fee failed",
        "refunds of membership fees failed",
        "Review",
        "/staff/payments#failed-refunds",
        True,
    ),
    TodoRule(
        "refunds",
        "term_refunds_failed",
        "refund of a membership paid once failed",
        "refunds of memberships paid once failed",
        "Review",
        "/staff/payments#failed-refunds",
        True,
    ),
    TodoRule(
        "refunds",
        "gift_refunds_failed",
        "refund of a gift membership failed",
        "refunds of gift memberships failed",
        "Review",
        "/staff/gift-memberships",
        True,
    ),
    TodoRule(
        "refunds",
        "gifts_refunded_in_use",
        "gift refunded after it was redeemed: decide about the membership",
        "gifts refunded after they were redeemed: decide about the memberships",
        "Decide",
        "/staff/gift-memberships",
        True,
    ),
    TodoRule(
        "refunds",
        "terms_refunded",
        "membership paid once was refunded in Stripe: decide about it",
        "memberships paid once were refunded in Stripe: decide about them",
        "Decide",
        "/staff/term-refunds",
        True,
    ),
    TodoRule(
        "refunds",
        "fees_refunded",
        "membership fee was refunded in Stripe: decide about the membership",
        "membership fees were refunded in Stripe: decide about the memberships",
        "Decide",
        "/staff/term-refunds",
        True,
    ),
    TodoRule("jobs", "jobs_parked", "background job failed", "background jobs failed", "Review", "/staff/jobs", True),
    TodoRule(
        "orders",
        "payments_parked",
        "payment event failed",
        "payment events failed",
        "Review",
        "/staff/payments/events",
        True,
    ),
    TodoRule(
        "orders",
        "requests_unsettled",
        "change at Stripe without an answer for hours",
        "changes at Stripe without an answer for hours",
        "Review",
        "/staff/payments#unsettled",
        True,
    ),
    TodoRule(
        "orders",
        "webhooks_refused",
        "refused webhook in the last day",
        "refused webhooks in the last day",
        "Review",
        "/staff/payments#refused-deliveries",
        True,
    ),
    TodoRule(
        "emails",
        "emails_failed",
        "e-mail could not be sent",
        "e-mails could not be sent",
        "Review",
        "/staff/emails",
        True,
    ),
    TodoRule(
        "content",
        "email_texts_unusable",
        "e-mail could not use your text and was sent with the original one",
        "e-mails could not use your texts and were sent with the original ones",
        "Review",
        "/staff/email-texts",
        True,
    ),
    TodoRule("orders", "to_ship", "order to ship", "orders to ship", "Ship", "/staff/orders?show=to-ship"),
    TodoRule(
        "refunds",
        "refunds_pending",
        "refund in progress",
        "refunds in progress",
        "View",
        "/staff/orders?show=refunded",
    ),
    TodoRule(
        "members",
        "renewals_failing",
        "renewal payment failing",
        "renewal payments failing",
        "View",
        "/staff/members?show=grace",
    ),
    TodoRule(
        "products",
        "pictures_missing",
        "picture of an import could not be fetched",
        "pictures of imports could not be fetched",
        "Review",
        "/staff/imports/pictures",
    ),
    TodoRule(
        "products",
        "pictures_waiting",
        "picture is being fetched",
        "pictures are being fetched",
        "View",
        "/staff/imports/pictures",
    ),
    TodoRule(
        "plans",
        "experiments_stopped",
        "experiment that stopped by itself",
        "experiments that stopped by themselves",
        "Look",
        "/staff/experiments",
        True,
    ),
    TodoRule(
        "products",
        "low_stock",
        f"variant with {LOW} or fewer left in stock",
        f"variants with {LOW} or fewer left in stock",
        "Restock",
        "#running-low",
    ),
)
"""In order of urgency."""


async def _withdrawn(found: TodoCounts) -> int:
    """How many of the orders to ship somebody has withdrawn from."""
    return await order_withdrawals.count_unsent() if found.to_ship else 0


def todo_items(found: TodoCounts, visitor: Visitor, *, withdrawn: int = 0) -> list[TodoItem]:
    """The to-dos this operator may handle; those with a count of zero are left out."""
    permitted = [duty.chore(found, withdrawn=withdrawn) for duty in DUTIES if visitor.may(duty.permission)]
    return [chore for chore in permitted if chore.count]


def _days(days: int) -> str:
    return f"{days} day{'s' if days != 1 else ''}"
