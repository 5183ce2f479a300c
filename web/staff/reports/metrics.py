"""The metrics, with their definitions and details."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from litestar import Controller, Request, Response, get
from litestar.params import FromPath, FromQuery

from components.foundation import formatting
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import shop_settings
from components.insights.metrics import figures, member_makeup, metrics, plan_results, retention
from components.insights.metrics.figures import DEFINITIONS, Members, Sales
from components.insights.metrics.metrics import MrrMovement
from components.insights.metrics.plan_results import PlanResult
from components.insights.metrics.row_pages import read_key
from components.insights.movements.mrr import KINDS, MrrPeriod
from components.insights.periods import programme
from components.insights.programme import trial_rates
from components.insights.rollups import figure_readiness, month_figures
from components.memberships.keeping_members import save_results
from components.memberships.plans import plan_catalogue
from components.memberships.promises import guarantee_standings
from web.guards import staff
from web.staff.reports import member_makeup_words
from web.staff.reports.programme import glance, health_verdict, membership_charts, period_bar, retention_charts
from web.staff.reports.programme.chart import Chart
from web.staff.reports.programme.chart_pages import WHERE_CHOSEN, chart_tabs
from web.staff.reports.programme.glance import FigureTile
from web.staff.reports.programme.health_verdict import HealthVerdict
from web.staff.reports.programme.period_bar import PeriodBar
from web.staff.reports.programme.programme_spans import share
from web.staff.reports.programme.trial_words import trial_words
from web.staff.reports.row_figures import TRIAL_DAYS
from web.views import View, page

SPANS = (1, 7, 30, 365)
A_YEAR = 365


@dataclass(frozen=True)
class Month:
    """One row of the table. `gross` and `net` churn in basis points of the MRR at the start."""

    name: str
    key: str
    period: MrrPeriod
    gross: int | None
    net: int | None


@dataclass(frozen=True, kw_only=True)
class MetricsPage(View):
    template: ClassVar[str] = "staff/reports/metrics/index.html"

    bar: PeriodBar
    verdict: HealthVerdict
    tiles: tuple[FigureTile, ...]
    charts: tuple[Chart, ...]
    cohorts: Chart
    tabs: tuple[tuple[str, str, None], ...]
    query: str
    sales: tuple[Sales, ...]
    members: Members
    makeup: str
    arr: int
    months: tuple[Month, ...]
    kinds: tuple[str, ...]
    ltv: int | None
    trials: tuple[str, str]
    plans: tuple[PlanResult, ...]
    uses: tuple[tuple[str, str], ...]
    definitions: dict[str, str]
    moved: int
    guarantees: int
    has_guarantees: bool
    offers: int
    saved_of: tuple[int, int]
    saved_share: str


@dataclass(frozen=True, kw_only=True)
class MonthPage(View):
    template: ClassVar[str] = "staff/reports/metrics/show.html"

    month: Month
    moved: tuple[MrrMovement, ...]
    kinds: tuple[str, ...]
    following: str


class StaffMetricsController(Controller):
    path = "/staff/metrics"
    guards = [staff("metrics")]
    exception_handlers = WHERE_CHOSEN

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """Whether the programme is healthy, and why, in the period that the address asks for."""
        await figure_readiness.require()
        shown, sales, members, makeup, found, trials, plans, offers = await programme.load_with(
            await period_bar.chosen(request),
            figures.sales(*SPANS),
            figures.members(),
            member_makeup.query(),
            month_figures.query(),
            trial_rates.query(*trial_rates.last_days(TRIAL_DAYS)),
            plan_results.query(A_YEAR),
            save_results.counted(),
        )
        guaranteed = await guarantee_standings.unsettled()
        months = tuple(_month(period) for period in found.months)
        query = shown.chosen.query()
        view = MetricsPage(
            bar=period_bar.bar(shown.chosen, shown.all_flows),
            verdict=health_verdict.of_period(shown),
            tiles=glance.tiles(shown),
            charts=(membership_charts.mrr(shown), membership_charts.movements(shown)),
            cohorts=retention_charts.cohort_map(shown),
            tabs=chart_tabs(query),
            query=query,
            sales=sales,
            members=members,
            makeup=member_makeup_words.sentence(makeup),
            arr=members.arr,
            months=months,
            kinds=kinds_in(months),
            ltv=retention.fee_ltv(members.mrr, members.paying, found.complete),
            trials=(share(trials.rate), trial_words(trials)),
            plans=plans,
            uses=plan_results.use_columns(plans),
            definitions=DEFINITIONS,
            guarantees=guarantee_standings.owed(guaranteed),
            has_guarantees=bool(guaranteed) or any(plan.guarantees_fee for plan in plan_catalogue.all_plans()),
            offers=offers[0],
            saved_of=offers[1:],
            saved_share=share(Fraction(*offers[1:]) if offers[2] else None),
            moved=sum(sum(month.period.moved.values()) for month in months),
        )
        return page(request, view)

    @get("/{month:str}")
    async def show(
        self, request: Request[Any, Any, Any], month: FromPath[str], after: FromQuery[str] = ""
    ) -> Response[bytes]:
        """The movements of one month, such as 2027-03."""
        await figure_readiness.require()
        found = {made.key: made for made in map(_month, (await metrics.months(number=None)).months)}
        if month not in found or (begin := read_key(after)) is None:
            raise NotFound
        chosen = found[month]
        moved = await metrics.movements_in(chosen.period.from_at, chosen.period.until).page(begin)
        following = moved.following.words if moved.following else ""
        return page(request, MonthPage(month=chosen, moved=moved.rows, kinds=KINDS, following=following))


def kinds_in(months: tuple[Month, ...]) -> tuple[str, ...]:
    """New and churn always, the others only if they occurred."""
    happened = {kind for month in months for kind, amount in month.period.moved.items() if amount}
    return tuple(kind for kind in KINDS if kind in happened | {"new", "churn"})


def _month(period: MrrPeriod) -> Month:
    local = period.from_at.astimezone(ZoneInfo(shop_settings.current().time_zone))
    name = formatting.month(period.from_at)
    return Month(
        name, local.strftime("%Y-%m"), period, _basis_points(period.gross_churn), _basis_points(period.net_churn)
    )


def _basis_points(share: float | None) -> int | None:
    return None if share is None else round(share * 10_000)
