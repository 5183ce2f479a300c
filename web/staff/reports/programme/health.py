"""The health of the programme on one page: who renews, who is kept, why they go, what they bring."""

import asyncio
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get
from litestar.params import FromQuery

from components.foundation import formatting
from components.foundation.database import Query
from components.foundation.refusals import NotFound
from components.insights.metrics import plan_results
from components.insights.metrics.figures import DEFINITIONS
from components.insights.metrics.plan_results import PlanResult
from components.insights.periods import plan_flow_queries
from components.insights.programme import (
    cancel_figures,
    dunning,
    lifetime_value,
    member_lift,
    movement_rates,
    renewal_rate,
    trial_rates,
)
from components.insights.programme.cancel_figures import CancelCount
from components.insights.programme.dunning import Recovery
from components.insights.programme.member_lift import Buying, MemberLift
from components.insights.programme.movement_rates import MovementRates
from components.insights.programme.renewal_rate import RenewalCount
from components.insights.programme.trial_rates import TrialCount
from components.insights.rollups import figure_readiness
from web.guards import staff
from web.staff.reports.figure_pages import WHERE_AWAITED
from web.staff.reports.programme import health_filter, health_verdict, lifetime_page, programme_spans, renewal_words
from web.staff.reports.programme.health_filter import HealthFilter
from web.staff.reports.programme.health_verdict import HealthVerdict
from web.staff.reports.programme.programme_cells import attempts_words, reason_words
from web.staff.reports.programme.programme_spans import CHOICES, WholeMonths, amount, share, times
from web.staff.reports.programme.trial_words import trial_words
from web.views import View, page

SOME = ", of people who had paid a fee: only they are in a country"
"""A save rate of a country is of others than that of everybody."""


@dataclass(frozen=True)
class Ratio:
    """One of the figures, and how it came about; `href` leads to its definition and rows."""

    name: str
    value: str
    more: str
    href: str


@dataclass(frozen=True)
class BoughtRow:
    """People who are compared; `average` and `again` in words."""

    name: str
    found: Buying
    average: str
    again: str


@dataclass(frozen=True, kw_only=True)
class ProgrammePage(View):
    template: ClassVar[str] = "staff/reports/programme/index.html"

    verdict: HealthVerdict | None
    weak: str
    months: WholeMonths
    choices: tuple[str, ...]
    ratios: tuple[Ratio, ...]
    renewals: tuple[tuple[str, RenewalCount, str], ...]
    churned: tuple[tuple[str, int, int], ...]
    reasons: tuple[tuple[str, CancelCount, str], ...]
    lift: tuple[BoughtRow, ...]
    plans: tuple[PlanResult, ...]
    cltv: str
    only: HealthFilter
    definitions: dict[str, str]


class StaffProgrammeController(Controller):
    path = "/staff/metrics/programme"
    guards = [staff("metrics")]
    exception_handlers = WHERE_AWAITED

    @get()
    async def index(
        self,
        request: Request[Any, Any, Any],
        months: FromQuery[str] = "",
        country: FromQuery[str] = "",
        segment: FromQuery[str] = "",
    ) -> Response[bytes]:
        """Of the last twelve whole months, the last three or one, or this month so far; of everybody, or of one
        country or segment."""
        chosen = programme_spans.read(months)
        if chosen is None:
            raise NotFound
        await figure_readiness.require()
        only = await health_filter.read(country, segment)
        return page(request, await _page(chosen, only), status=422 if only.wrong else 200)


async def _page(months: WholeMonths, only: HealthFilter) -> ProgrammePage:
    """Two statements side by side: neither figure of the one has to agree with any of the other."""
    span, year, some = (months.from_at, months.until), programme_spans.whole(12), await only.people()
    whom, of_country = some.whom, bool(some.whom and only.country)
    (failed, *lift), (rates, renewals, cancelled, flows, *others) = await asyncio.gather(
        some.batch(dunning.query(*span, whom=whom), *([] if of_country else [member_lift.query(*span, whom=whom)])),
        some.batch(
            movement_rates.query(*span, whom=whom),
            renewal_rate.query(*span, whom=whom),
            cancel_figures.query(*span, whom=whom, of_country=of_country),
            plan_flow_queries.query_of(span, whom) if whom else plan_flow_queries.query(span),
            *([] if of_country else [trial_rates.query(*span, whom=whom)]),
            *([] if whom else _of_all(months, year)),
        ),
    )
    trials, of_all = others[:1], others[1:]
    return ProgrammePage(
        only=only,
        verdict=None if only.segment and whom else health_verdict.between(flows, *span),
        weak=renewal_words.weakest(renewals),
        cltv=lifetime_page.cltv_words(lifetime_value.of_answers(*of_all[1:])) if of_all else "",
        months=months,
        choices=CHOICES,
        ratios=(
            *_revenue(rates, months),
            *_people(renewals, cancelled, failed, months, of_country=of_country),
            *(_tried(one, months) for one in trials),
        ),
        renewals=tuple((_length(one), one, share(one.rate)) for one in renewals),
        churned=tuple((name.capitalize(), one.members, one.amount) for name, one in rates.churned.items()),
        reasons=tuple((reason_words(one.reason), one, share(one.rate)) for one in cancelled),
        lift=_lift_rows(*lift),
        plans=of_all[0] if of_all else (),
        definitions=DEFINITIONS,
    )  # fmt: skip


def _tried(trials: TrialCount, months: WholeMonths) -> Ratio:
    """Not of a country either: only those who converted have paid from one."""
    return _ratio("Trial conversion", trials.rate, trial_words(trials), "tried", months)


def _lift_rows(*found: MemberLift) -> tuple[BoughtRow, ...]:
    """None of a country: whoever never paid a fee is of none."""
    named = ("Members", "Everybody else", "Who joined, before", "Who joined, since")
    parts = ((one.members, one.others, one.before, one.since) for one in found)
    return tuple(_bought(name, bought) for part in parts for name, bought in zip(named, part, strict=True))


def _of_all(months: WholeMonths, year: WholeMonths) -> tuple[Query[Any], ...]:
    """What is known of everybody only: profit and loss of plans, and CLTV."""
    return (
        plan_results.query_between(*_both_ends(months)),
        *lifetime_value.queries(year.from_at, year.until),
    )


def _both_ends(months: WholeMonths) -> Any:
    return months.from_at, months.until - lifetime_value.A_MOMENT


def _length(one: RenewalCount) -> str:
    return f"{one.plan}, {formatting.interval(one.interval, one.interval_count)}"


def _ratio(name: str, found: Fraction | None, more: str, key: str, months: WholeMonths) -> Ratio:
    return Ratio(name, share(found), more, f"/staff/metrics/figures/{key}-{months.key}")


def _revenue(rates: MovementRates, months: WholeMonths) -> tuple[Ratio, ...]:
    quick = Ratio(
        "Quick ratio", times(rates.quick_ratio), "Won ÷ lost MRR", f"/staff/metrics/figures/quick-{months.key}"
    )
    start = formatting.money(rates.period.start)
    return (
        _ratio("Gross revenue retention", rates.grr, f"of {start} MRR at the start", "grr", months),
        _ratio("Net revenue retention", rates.nrr, "The same members, with what they pay more", "nrr", months),
        quick,
    )


def _people(
    renewals: tuple[RenewalCount, ...],
    cancelled: tuple[CancelCount, ...],
    failed: Recovery,
    months: WholeMonths,
    *,
    of_country: bool,
) -> tuple[Ratio, ...]:
    due, asked = renewal_rate.together(renewals), cancel_figures.together(cancelled)
    recovered = f"{formatting.number(failed.recovered)} of {formatting.number(failed.failed)} failed renewals"
    return (
        _ratio("Renewal rate", due.rate, renewal_words.by_length(renewals), "renewals", months),
        _ratio("Save rate", asked.rate, f"{attempts_words(asked)}{SOME if of_country else ''}", "saved", months),
        _ratio("Dunning recovery", failed.rate, recovered, "recovery", months),
    )


def _bought(name: str, found: Buying) -> BoughtRow:
    return BoughtRow(name, found, amount(found.average), share(found.repeat_rate))
