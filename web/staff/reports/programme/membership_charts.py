"""Charts of the memberships: MRR and members by plan, what moved, and what was lost."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from components.insights.metrics.figures import DEFINITIONS
from components.insights.periods.period_figures import CHURN, OF_MOVEMENTS
from components.insights.periods.plan_flows import Flows, narrowed
from components.insights.periods.programme import Programme
from components.memberships.plans import plan_catalogue
from web.staff.reports.charts import columns, units
from web.staff.reports.charts.columns import ChartColumn, WaterfallStep
from web.staff.reports.programme.chart import Chart, Head, part_names, plain_names

MOST_PLANS = 5
OTHERS, NO_PLAN = "Other plans", "Unknown plan"
MOVEMENTS = {
    "new": "New",
    "adopted": "Adopted",
    "reactivation": "Reactivation",
    "resume": "Resume",
    "expansion": "Expansion",
    "switched in": "From other plans",
    "switched out": "To other plans",
    "contraction": "Contraction",
    "pause": "Pause",
    "churn": "Churn",
}
WATERFALL = (
    "MRR at the start of the period, each kind of movement, and MRR at its end, excluding tax. Start + movements = "
    "end, to the penny. Movements are dated by what was paid, paused or ended."
)
LOST = f"{OF_MOVEMENTS['churn']} {CHURN}"


def mrr(found: Programme) -> Chart:
    return _by_plan(found, "mrr", "MRR by plan", DEFINITIONS["MRR"], "money", lambda flows, at: flows.mrr(at))


def members(found: Programme) -> Chart:
    return _by_plan(
        found, "members", "Paying members by plan", DEFINITIONS["paying members"], "count",
        lambda flows, at: flows.members(at),
    )  # fmt: skip


def _by_plan(
    found: Programme, key: str, title: str, definition: str, unit: str, value: Callable[[Flows, datetime], int]
) -> Chart:
    parts = found.chosen.days.parts()
    ends = [found.end_of(part) for part in parts]
    names = part_names(found.chosen.days, is_under_way=found.is_under_way(found.chosen.days))
    series = [(name, [sum(value(one, end) for one in of_them) for end in ends]) for name, of_them in _plans(found)]
    known = [(name, values) for name, values in series if any(values)] or series[:1] or [(OTHERS, [0 for _ in ends])]
    stacked = [
        ChartColumn(name, short, tuple(values[n] for _, values in known)) for n, (name, short) in enumerate(names)
    ]
    called = tuple(name for name, _ in known)
    return Chart(
        key=key,
        title=title,
        definition=definition,
        drawings=columns.bars(stacked, called, units.of(unit)),
        series=called,
        heads=(
            Head("Day" if not found.chosen.days.is_of_months else "Month"),
            *(Head(name, unit) for name in called),
            *([Head("All", unit)] if len(called) > 1 else []),
        ),
        rows=tuple((one.name, *one.values, *([one.total] if len(called) > 1 else [])) for one in reversed(stacked)),
        file_names=plain_names(found.chosen.days)[::-1],
        note=_at_end(found),
        rows_href="/staff/metrics/figures/" + ("mrr" if key == "mrr" else "paying"),
    )


def _at_end(found: Programme) -> str:
    each = "month" if found.chosen.days.is_of_months else "day"
    return (
        f"At the end of each {each}; the last bar is today."
        if found.is_under_way(found.chosen.days)
        else (f"At the end of each {each}.")
    )


def _plans(found: Programme) -> list[tuple[str, list[Flows]]]:
    """Those with the most at the end of the period, in the order of the shop; the others together."""
    plans = found.flows.plans()
    end = found.end_of(found.chosen.days)
    by_size = sorted(plans, key=lambda plan: -abs(found.flows.of(plan=plan).mrr(end)) if plan else 1)
    shown = set(by_size if len(by_size) <= MOST_PLANS + 1 else by_size[:MOST_PLANS])
    listed = [(plan.name, plan.id) for plan in plan_catalogue.all_plans() if plan.id in shown]
    one_by_one = [(name, [_only(found.flows, id)]) for name, id in listed]
    rest = [plan for plan in plans if plan not in {id for _, id in listed}]
    return [
        *one_by_one,
        *([(OTHERS if any(rest) else NO_PLAN, [_only(found.flows, plan) for plan in rest])] if rest else []),
    ]


def _only(flows: Flows, plan: UUID | None) -> Flows:
    return Flows(flows.edges, tuple(one for one in flows.rows if one.plan == plan), narrowed(flows.part, plan=True))


def movements(found: Programme) -> Chart:
    days = found.chosen.days
    start, moved, end = found.mrr_at_start(days), found.moved(days), found.mrr(days)
    steps = [
        WaterfallStep("MRR at the start", "Start", start, is_level=True),
        *(WaterfallStep(MOVEMENTS[kind], MOVEMENTS[kind], amount) for kind, amount in moved.items()),
        WaterfallStep("MRR at the end", "End", end, is_level=True),
    ]
    return Chart(
        key="movements",
        title="What moved the MRR",
        definition=WATERFALL,
        drawings=columns.waterfall(steps, units.money()),
        series=(),
        heads=(Head("Movement"), Head("MRR", "money")),
        rows=tuple((one.name, one.value) for one in steps),
        kind="waterfall",
    )


def churn(found: Programme) -> Chart:
    """What was lost in each part, by why."""
    days = found.chosen.days
    parts = days.parts()
    names = part_names(days, is_under_way=found.is_under_way(days))
    lost = [found.flows.churn(part.from_at, found.end_of(part)) for part in parts]
    less = [-found.flows.moved(part.from_at, found.end_of(part)).get("contraction", 0) for part in parts]
    called = ("Cancelled", "Payment failed", "Contraction")
    stacked = [
        ChartColumn(
            name, short,
            (sum(one.values()) - one.get("payment failed", 0), one.get("payment failed", 0), less[n]),
        )
        for n, ((name, short), one) in enumerate(zip(names, lost, strict=True))
    ]  # fmt: skip
    rates = _rates(found) if days.is_of_months else {}
    return Chart(
        key="churn",
        title="MRR lost",
        definition=LOST,
        drawings=columns.bars(stacked, called, units.money()),
        series=called,
        heads=(
            Head("Month" if days.is_of_months else "Day"), *(Head(name, "money") for name in called),
            Head("All", "money"), *([Head("Member churn", "share")] if rates else []),
        ),
        rows=tuple(
            (one.name, *one.values, one.total, *([rates.get(n)] if rates else []))
            for n, one in reversed(list(enumerate(stacked)))
        ),
        file_names=plain_names(days)[::-1],
        note="Contraction is what members who stayed pay less.",
        rows_href="/staff/metrics/figures/churn",
    )  # fmt: skip


def _rates(found: Programme) -> dict[int, int | None]:
    """Member churn of each part that is a whole month and over."""
    whole = {month: found.churned_members(month) for month in found.churn_months(found.chosen.days)}
    places = {part.first: n for n, part in enumerate(found.chosen.days.parts())}
    return {
        places[month]: round(left * 10_000 / members) if members else None
        for month, (members, left) in whole.items()
        if month in places
    }
