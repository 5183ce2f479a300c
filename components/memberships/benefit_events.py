"""Benefits that act on events. Every event is passed to every kind; each may be passed twice."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from components.foundation import clock, database
from components.foundation.operations import one_by_one
from components.foundation.shop_settings import shop_settings
from components.memberships.benefits.events import DayStarted, Holding, PeriodPaid, Purchase, PurchaseRefunded
from components.memberships.benefits.kinds import all_kinds
from components.memberships.billing import paid_periods
from components.memberships.facts import MembershipStarted
from components.memberships.tables import Membership
from components.payments.facts import InvoicePaid
from components.people import customer_accounts

PAID_ONCE = ("term", "gift")
"""Memberships that are already paid for when they start, without invoices of their own."""

_HOLDINGS = """
SELECT DISTINCT ON (b.kind, e.person, b.id) e.person, b.id AS benefit, b.kind, b.name, v.settings::text AS settings, (
    SELECT min(o.from_at) FROM entitlement o JOIN membership om ON om.id = o.membership
    WHERE o.person = e.person AND o.benefit = e.benefit AND om.source_id = m.source_id AND o.from_at <= $1) AS since
FROM entitlement e JOIN membership m ON m.id = e.membership JOIN benefit b ON b.id = e.benefit
JOIN benefit_version v ON v.benefit = b.id AND holds(v.from_at, v.until_at, $1)
WHERE {where} ORDER BY b.kind, e.person, b.id, since
"""
_AT = "holds(e.from_at, e.until_at, $1)"

_INSTANT = """SELECT GREATEST((SELECT paid_at FROM paid_period WHERE id = $1), $3::timestamptz,
  (SELECT min(starts_at) FROM membership WHERE source_id = $2))"""


async def order_paid(purchase: Purchase) -> None:
    """A person who held a benefit when they paid gets its effect, even if the fact arrives later."""
    rows = await _rows(f"e.person = $2 AND {_AT}", purchase.paid_at, purchase.person_id)
    for kind, held in _by_kind(rows):
        await all_kinds()[kind].on_order_paid(held, purchase)


async def order_refunded(given: PurchaseRefunded) -> None:
    """Passed to every kind: what was earned is reversed even when the benefit is no longer held."""
    for kind in all_kinds().values():
        await kind.on_order_refunded(given)


async def membership_started(fact: MembershipStarted) -> None:
    """What the person held when it started, as it was then: benefits added later give no joining gift."""
    begun = await Membership.objects().where(Membership.id == fact.membership_id).first()
    if begun is None:
        return
    rows = await _rows(f"e.membership = $2 AND {_AT}", begun.starts_at, begun.id)
    paid = None
    if begun.source in PAID_ONCE:
        paid = PeriodPaid(
            period_id=begun.id, source_id=begun.source_id, starts_at=begun.starts_at, ends_at=begun.ends_at, turn=1
        )
    for kind, held in _by_kind(rows):
        for one in held:
            await all_kinds()[kind].on_membership_started(one)
            if paid is not None:
                await all_kinds()[kind].on_period_paid(one, paid)


async def invoice_paid(fact: InvoicePaid) -> None:
    """The period it paid for; makes sure that it is stored."""
    await paid_periods.record(fact.local_id, fact.invoice_id)
    period = await database.fetch_one_as(PeriodPaid, _PERIOD, fact.invoice_id)
    if period is not None:
        await period_paid(period)


_PERIOD = """
SELECT id AS period_id, subscription AS source_id, starts_at, ends_at, (SELECT count(*) FROM paid_period o
  WHERE o.subscription = p.subscription AND o.starts_at <= p.starts_at AND NOT o.is_partial) AS turn
FROM paid_period p WHERE invoice = $1 AND NOT is_partial
"""


async def period_paid(paid: PeriodPaid) -> None:
    """Those who held something because of this subscription at the instant the period was paid, as it was then.

    A first period may be paid a moment before its membership starts: then that start counts.
    """
    instant = await database.fetch_value(_INSTANT, paid.period_id, paid.source_id, paid.starts_at)
    rows = await _rows(f"m.source_id = $2 AND {_AT}", instant, paid.source_id)
    for kind, held in _by_kind(rows):
        for one in held:
            await all_kinds()[kind].on_period_paid(one, paid)


async def day_started() -> None:
    """Scheduled once a day; a missed day is caught up on by the next ones."""
    at = clock.now()
    wanted = [key for key, kind in all_kinds().items() if kind.acts_daily]
    rows = await _rows(f"b.kind = ANY($2) AND {_AT}", at, wanted)
    people = {row.person for row in rows}
    day = DayStarted(at=at, today=_today(at), birthdays=await customer_accounts.birthdays(people))

    async def begin(row: _Held) -> None:
        await all_kinds()[row.kind].on_day_started(_holding(row), day)

    await one_by_one.each(rows, begin, what="daily benefit")


def return_deadline(paid_at: datetime, days: int | None = None) -> datetime:
    """The end of the return window of an order: of the days that were said with it, else of the shop's now."""
    return paid_at + timedelta(days=shop_settings.current().return_days if days is None else days)


def _today(at: datetime) -> Any:
    return at.astimezone(ZoneInfo(shop_settings.current().time_zone)).date()


class _Held(NamedTuple):
    person: UUID
    benefit: UUID
    kind: str
    name: str
    settings: str
    since: datetime


async def _rows(where: str, *args: Any) -> list[_Held]:
    return await database.fetch_as(_Held, _HOLDINGS.format(where=where), *args)


def _by_kind(rows: Iterable[_Held]) -> Iterable[tuple[str, tuple[Holding[Any], ...]]]:
    for kind, found in groupby(rows, key=lambda row: row.kind):
        if kind in all_kinds():
            yield kind, tuple(_holding(row) for row in found)


def _holding(row: _Held) -> Holding[Any]:
    return Holding(row.person, row.benefit, row.name, all_kinds()[row.kind].load(row.settings), row.since)
