"""The programme on Today: whether it is healthy and why, as Metrics says it, and its figures beside a month ago."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from components.foundation import formatting
from components.foundation.database import Query
from components.foundation.formatting import money
from components.insights.periods import plan_flow_queries
from components.insights.periods.chosen_period import ChosenPeriod
from components.insights.periods.plan_flows import Flows
from components.insights.periods.programme import INSTANT
from web.staff.reports.programme import health_verdict
from web.staff.reports.programme.glance import ARROWS, FigureTile
from web.staff.reports.programme.health_verdict import Beginning, HealthVerdict

LATELY = timedelta(days=30)
AGO = "30 days ago"


@dataclass(frozen=True, slots=True)
class TodayGlance:
    """`lately` says how the last 30 days went, whatever the year was like. No verdict before the first fee."""

    verdict: HealthVerdict | None
    lately: str
    tiles: tuple[FigureTile, ...]


def query(usual: ChosenPeriod, now: datetime) -> Query[TodayGlance]:
    """Of the period that Metrics opens on."""
    from_at = usual.days.from_at
    asked = plan_flow_queries.query((from_at, now - LATELY, now + INSTANT))
    return Query(asked.sql, asked.args, lambda found: of_flows(asked.read(found), from_at, now))


def of_flows(flows: Flows, from_at: datetime, now: datetime) -> TodayGlance:
    ago, end = now - LATELY, now + INSTANT
    first = formatting.day(from_at)
    members, before = flows.members(end), flows.members(ago)
    mrr, mrr_before = flows.mrr(end), flows.mrr(ago)
    return TodayGlance(
        verdict=health_verdict.between(flows, from_at, end, began=Beginning(f"since {first}", first, ""))
        if flows.rows
        else None,
        lately=_lately(mrr_before, mrr),
        tiles=(
            _tile("members", "Paying members", str(members), members - before, str(abs(members - before)), str(before)),
            _tile("mrr", "MRR", money(mrr), mrr - mrr_before, money(abs(mrr - mrr_before)), money(mrr_before)),
        ),
    )


def _lately(before: int, now: int) -> str:
    if health_verdict.is_steady(before, now):
        return f"In the last 30 days it hardly changed: MRR was {money(before)} then."
    return f"In the last 30 days MRR {'rose' if now > before else 'fell'} by {money(abs(now - before))}."


def _tile(key: str, title: str, value: str, by: int, difference: str, before: str) -> FigureTile:
    more = "more" if by > 0 else "fewer" if key == "members" else "less"
    return FigureTile(
        key=key,
        title=title,
        value=value,
        href=f"/staff/metrics#{key}",
        change=f"{difference} {more} than {AGO} ({before})" if by else f"Same as {AGO}",
        arrow=ARROWS[(by > 0) - (by < 0)],
        mood="good" if by > 0 else "bad" if by < 0 else "even",
        note="Ex tax" if key == "mrr" else "",
    )
