"""The figures of the shop beside the same figures worked out again; each difference is one sentence."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import asyncpg

from components.foundation import clock, database
from components.insights.metrics import (
    agreed_rows,
    figures,
    metric_rows,
    metrics,
    money_in,
    plan_results,
    retention,
    row_pages,
    yearly_fees,
)
from components.insights.movements.mrr import MrrPeriod
from components.insights.programme import trial_rates
from tests.figures import (
    lost_rows,
    order_figures,
    programme_figures,
    promise_figures,
    raw_rows,
    worth_figures,
)
from tests.figures.recomputation import LONDON, Books, month_starts, yearly

A_MOMENT = timedelta(microseconds=1)


class Differences:
    """What is compared, and what differs."""

    def __init__(self) -> None:
        self.compared, self.found = 0, list[str]()
        self.months: tuple[MrrPeriod, ...] = ()

    def same(self, name: str, shown: Any, expected: Any) -> None:
        self.compared += 1
        if shown != expected:
            self.found.append(f"{name}: shown {shown}, but {expected} by the raw rows")


async def compare(*, number: int | None = 24, rate_bp: int = 0) -> Differences:
    """Every metric that exists, at the present instant and for the months before."""
    now, found = clock.now(), Differences()
    connection = await asyncpg.connect(database.dsn())
    try:
        known = await raw_rows.books(connection, now)
        months = await metrics.months(number=number)
        edges = month_starts(now, len(months.months))
        found.months = months.months
        _months(found, known, months, edges)
        _cohorts(found, known, months, edges)
        await _members(found, known, connection, months, now, rate_bp)
        await _plans(found, connection, now, rate_bp)
        await order_figures.compare_orders(found.same, connection, now)
        await order_figures.compare_benefits(found.same, connection, now)
        await promise_figures.compare_promises(found.same, connection, now)
        await programme_figures.compare_programme(found.same, connection, known, now)
        await worth_figures.compare_worth(found.same, connection, known, now, rate_bp)
    finally:
        await connection.close()
    return found


def _months(found: Differences, known: Books, months: metrics.Months, edges: Sequence[datetime]) -> None:
    for month, left, from_at, until in zip(months.months, months.churned, edges[:-1], edges[1:], strict=True):
        name = f"{from_at:%Y-%m}"
        start = sum(known.balances(from_at).values())
        end = sum(known.balances(until).values())
        moved = known.moved(from_at, until)
        found.same(f"{name} start", month.start, start)
        found.same(f"{name} end", month.end, end)
        if until <= known.now < until + timedelta(days=60):
            found.same(f"{name} end, seen that day", end, sum(known.balances_by_looking(until - A_MOMENT).values()))
        for kind, amount in moved.items():
            found.same(f"{name} {kind}", month.moved[kind], amount)
        lost = -moved["churn"] - moved["contraction"]
        found.same(f"{name} gross churn", month.gross_churn, lost / start if start else None)
        net = lost - moved["expansion"] - moved["reactivation"]
        found.same(f"{name} net churn", month.net_churn, net / start if start else None)
        found.same(f"{name} members and churned", (left.members, left.left), known.left(from_at, until))


def _cohorts(found: Differences, known: Books, months: metrics.Months, edges: Sequence[datetime]) -> None:
    shown = {one.from_at: one for one in months.cohorts}
    ends = [known.balances(min(until, known.now)) for until in edges[1:]]
    for place, (from_at, until) in enumerate(pairwise(edges)):
        began = known.cohort(from_at, until)
        cohort = shown.get(from_at)
        if cohort is None or not began:
            found.same(f"cohort {from_at:%Y-%m}", cohort is not None, bool(began))
            continue
        found.same(f"cohort {from_at:%Y-%m} MRR at first", cohort.first, sum(began.values()))
        paying = tuple(len(began.keys() & end.keys()) for end in ends[place:])
        worth = tuple(sum(end.get(person, 0) for person in began) for end in ends[place:])
        found.same(f"cohort {from_at:%Y-%m} people", (cohort.size, cohort.paying), (len(began), paying))
        found.same(f"cohort {from_at:%Y-%m} MRR", cohort.mrr, worth)


async def _members(
    found: Differences,
    known: Books,
    connection: asyncpg.Connection,
    months: metrics.Months,
    now: datetime,
    rate_bp: int,
) -> None:
    (shown,) = await database.batch(figures.members())
    balances = known.balances_by_looking(now)
    mrr = sum(balances.values())
    found.same("MRR", shown.mrr, mrr)
    found.same("MRR of all rows", sum([one.a_month async for one in metric_rows.paying().every()]), mrr)
    found.same("paying members", shown.paying, len(balances))
    a_year = sum(one.pays(now, yearly) for known_of in known.people.values() for one in known_of)
    (arr,) = await database.batch(yearly_fees.arr())
    found.same("ARR", arr, a_year)
    found.same("ARR of all rows", sum([one.a_year async for one in metric_rows.paying().every()]), a_year)
    found.same("ARPU", shown.arpu, round(mrr / len(balances)) if balances else None)
    found.same("CMRR", shown.cmrr, await raw_rows.committed(connection, balances, now, rate_bp))
    agreed = [one async for one in agreed_rows.every()]
    paged, after = list[agreed_rows.AgreedRow](), row_pages.FIRST
    while after is not None:
        page = await agreed_rows.page(after, size=3)
        paged, after = [*paged, *page.rows], page.following  # type: ignore[assignment]
    found.same("rows of CMRR, some at a time", paged, agreed)
    found.same("rows of CMRR", shown.mrr + sum(one.after - one.before for one in agreed), shown.cmrr)
    found.same("given", shown.given, await raw_rows.held_by(connection, now, "comp", "gift"))
    found.same("free", shown.free, await raw_rows.held_by(connection, now, "free"))
    found.same("fee LTV", retention.fee_ltv(shown.mrr, shown.paying, months.complete), known.fee_ltv())
    reasons = await connection.fetch(
        """SELECT because, count(*) AS times FROM movement WHERE kind = 'churn'
        AND epoch = (SELECT coalesce(max(number), 1) FROM movement_epoch) GROUP BY because"""
    )
    found.same("reasons of churn", {row["because"]: row["times"] for row in reasons}, known.reasons())
    span = trial_rates.last_days(365)
    states = [one.state async for one in trial_rates.rows(*span).every()]
    (counted,) = await database.batch(trial_rates.query(*span))
    rows = (len(states), states.count("converted"), states.count("waiting"))
    found.same("trials counted", (counted.started, counted.converted, counted.waiting), rows)
    found.same("trials", rows, await raw_rows.trials(connection, *span))


async def _plans(found: Differences, connection: asyncpg.Connection, now: datetime, rate_bp: int) -> None:
    expected = await raw_rows.fees_by_plan(connection, now, rate_bp)
    disputed = await lost_rows.by_plan(connection, now - timedelta(days=365), now, rate_bp)
    for one in await plan_results.by_plan(365):
        found.same(f"lost disputes of {one.plan}", one.disputed, disputed.get(one.plan, 0))
        found.same(f"fees of {one.plan}", (one.fees, one.once, one.refunds), expected[one.plan])
    local = now.astimezone(LONDON) - timedelta(days=29)
    since = datetime(local.year, local.month, local.day, tzinfo=LONDON)
    parts = await money_in.parts(30)
    shown = (sum(one.amount for one in parts), sum(one.tax for one in parts))
    paid, lost = (
        await raw_rows.money_in(connection, since, now, rate_bp),
        await lost_rows.lost(connection, since, now, rate_bp),
    )
    taken = (sum(one.amount for one in lost), sum(one.tax for one in lost))
    found.same("money in, 30 days", shown, (paid[0] - taken[0], paid[1] - taken[1]))
