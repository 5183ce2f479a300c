"""What membership has saved: every use of a benefit, compared with the fee."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get

from components.foundation import clock
from components.foundation.formatting import day, money
from components.foundation.languages.words import N_, _
from components.memberships.billing import fee_refunds, paid_periods, payments_due, subscriptions, trials
from components.memberships.billing.states import pause_lengths, pause_periods
from components.memberships.entitlements import savings
from components.memberships.entitlements.savings import Saved
from components.memberships.plans import plan_catalogue
from components.memberships.promises import guarantee_standings
from components.memberships.renewal_credits import renewal_credits
from components.memberships.tables import Subscription
from components.orders import order_list
from web.current_person import person_id_of
from web.guards import signed_in
from web.views import View, page

REVERSALS = {"Refunded": N_("Refunded"), "The refund failed": N_("The refund failed")}
"""As they are written into the savings ledger."""


@dataclass(frozen=True, kw_only=True)
class SavedLine:
    """One line as shown. Amounts in minor units."""

    at: datetime
    words: str
    why: str
    order_number: str
    regular: int
    paid: int
    saved: int


@dataclass(frozen=True, kw_only=True)
class SavingsPage(View):
    template: ClassVar[str] = "account/membership/savings/index.html"
    saved: int
    fee: int
    verdict: str
    period: str
    lines: tuple[SavedLine, ...]
    before: tuple[SavedLine, ...]
    saved_ever: int
    guarantees: tuple[str, ...]


class SavingsController(Controller):
    path = "/account/savings"
    guards = [signed_in]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        person_id = person_id_of(request)
        latest = await subscriptions.latest(person_id)
        since, until, fee = await _paid_last(latest) if latest else (None, None, 0)
        found = await savings.lines(person_id)
        numbers = await order_list.numbers({one.order_id for one in found if one.order_id})
        every = [_line(one, numbers) for one in found]
        lines = tuple(one for one in every if since is None or one.at >= since)
        saved = sum(one.saved for one in lines)
        return page(
            request,
            SavingsPage(
                saved=saved,
                fee=fee,
                verdict=_verdict(saved, fee),
                period=_period(latest, since, until),
                lines=lines,
                before=tuple(every[len(lines) :]),
                saved_ever=await savings.total(person_id),
                guarantees=guarantee_sentences(await guarantee_standings.of_person(person_id)),
            ),
        )


async def _paid_last(latest: Subscription) -> tuple[datetime | None, datetime | None, int]:
    """Since when, until when, and for how much: what was really paid last, a change of plan and what it changed
    together, however a pause has moved the renewal since. What is owed covers nothing yet, and nothing was paid for a
    trial; what was refunded is no fee."""
    paid = await paid_periods.of_subscription(latest.id)
    if paid:
        until = paid[0].ends_at if latest.status in payments_due.OWING else await _covered_until(latest)
        first = next((at for at, one in enumerate(paid) if not one.is_partial), 0)
        last, by_card = paid[: first + 1], sum(one.amount for one in paid[: first + 1])
        return last[-1].starts_at, until, await _paid_for(latest.id, [one.invoice for one in last], by_card)
    if latest.status in payments_due.OWING or await trials.was_refused(latest.id):
        return None, None, 0
    fee = 0 if latest.status == "trialing" else plan_catalogue.by_version(latest.plan_version).price.amount
    return latest.current_period_start, latest.current_period_end, fee


async def _covered_until(latest: Subscription) -> datetime | None:
    """A pause moves the renewal; one that begins where the paid time ends doesn't move that end."""
    pause = await pause_periods.current(latest.id)
    if pause is None or pause_periods.is_credited(pause):
        return latest.current_period_end
    is_after = pause_periods.paid_time_left(pause) < pause_lengths.NEXT_TO_NOTHING
    return pause.from_at if is_after else latest.current_period_end


async def _paid_for(subscription_id: UUID, invoices: list[str], by_card: int) -> int:
    """With store credit, and without what was refunded."""
    credits = await renewal_credits.of_subscription(subscription_id)
    money_back = await fee_refunds.refunded_by_invoice(subscription_id)
    credit_back = await fee_refunds.credit_back_by_invoice(subscription_id)
    spent = sum(credits[one].amount for one in invoices if one in credits and credits[one].status == "spent")
    return by_card + spent - sum(of.get(one, 0) for of in (money_back, credit_back) for one in invoices)


def _period(latest: Subscription | None, since: datetime | None, until: datetime | None) -> str:
    if latest is None or since is None or until is None:
        return ""
    begins, ends = day(since), day(until)
    if latest.status == "trialing":
        return _("In your free trial: %(begins)s to %(ends)s.", begins=begins, ends=ends)
    return _("For the period your fee covers: %(begins)s to %(ends)s.", begins=begins, ends=ends)


def _verdict(saved: int, fee: int) -> str:
    """The headline: "You’ve saved £41.00, more than your £39.00 fee"."""
    if not fee:
        return _("You’ve saved %(sum)s", sum=money(saved))
    if saved > fee:
        return _("You’ve saved %(sum)s, more than your %(fee)s fee", sum=money(saved), fee=money(fee))
    return _("You’ve saved %(sum)s towards your %(fee)s fee", sum=money(saved), fee=money(fee))


def guarantee_sentences(every: list[guarantee_standings.Standing]) -> tuple[str, ...]:
    """What became, or would become, store credit; newest first. One that the member saved is not worth a line
    later, nor one whose fee was refunded."""
    return tuple(_guarantee(one) for one in every if one.given or (not one.settled_at and one.fee))


def _guarantee(one: guarantee_standings.Standing) -> str:
    fee, begins, ends = money(one.fee), day(one.starts_at), day(one.until_at)
    if one.settled_at:
        return _(
            "%(begins)s to %(ends)s: %(sum)s became store credit, because you saved %(saved)s of your %(fee)s fee.",
            begins=begins, ends=ends, sum=money(one.given), saved=money(max(0, one.saved)), fee=fee,
        )  # fmt: skip
    if one.is_over and one.shortfall and one.settled_by <= clock.now():
        return _(
            "%(begins)s to %(ends)s: this period is over and still being checked. At most %(sum)s becomes store "
            "credit.",
            begins=begins, ends=ends, sum=money(one.shortfall),
        )  # fmt: skip
    if one.is_over and one.shortfall:
        return _(
            "%(begins)s to %(ends)s: this period is over, and you saved %(saved)s of your %(fee)s fee. %(sum)s becomes "
            "store credit by %(day)s.",
            begins=begins, ends=ends, saved=money(max(0, one.saved)), fee=fee, sum=money(one.shortfall),
            day=day(one.settled_by),
        )  # fmt: skip
    if one.is_over:
        return _(
            "%(begins)s to %(ends)s: this period is over, and you saved %(saved)s, no less than the %(fee)s for that "
            "time.",
            begins=begins, ends=ends, saved=money(max(0, one.saved)), fee=fee,
        )  # fmt: skip
    if not one.shortfall:
        return _("%(begins)s to %(ends)s: you’ve already saved your %(fee)s fee.", begins=begins, ends=ends, fee=fee)
    return _(
        "%(begins)s to %(ends)s: if you save nothing more, %(sum)s becomes store credit when this period ends.",
        begins=begins, ends=ends, sum=money(one.shortfall),
    )  # fmt: skip


def _line(one: Saved, numbers: dict[UUID, str]) -> SavedLine:
    return SavedLine(
        at=one.at,
        words=one.words,
        why=_(REVERSALS.get(one.why, "")) or one.why,
        order_number=numbers.get(one.order_id, "") if one.order_id else "",
        regular=one.regular,
        paid=one.paid,
        saved=one.saved,
    )
