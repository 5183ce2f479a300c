"""The metrics, with their definitions and details."""

from dataclasses import dataclass
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from litestar import Controller, Request, Response, get
from litestar.params import FromPath, FromQuery

from components.foundation import database, formatting
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import shop_settings
from components.insights.metrics import figures, metric_rows, metrics, plan_results, retention
from components.insights.metrics.figures import DEFINITIONS, Members, Sales
from components.insights.metrics.metrics import MrrMovement
from components.insights.metrics.plan_results import PlanResult
from components.insights.metrics.retention import Cohort
from components.insights.metrics.row_pages import read_key
from components.insights.movements.mrr import KINDS, MrrPeriod
from components.insights.rollups import figure_readiness, month_figures
from components.memberships.keeping_members import save_results
from components.memberships.keeping_members.save_results import OfferResult
from components.memberships.plans import plan_catalogue
from components.memberships.promises import fee_guarantees
from web.guards import staff
from web.staff.reports.figure_pages import WHERE_AWAITED
from web.staff.reports.row_figures import TRIAL_DAYS
from web.views import View, page

SPANS = (1, 7, 30, 365)
COHORTS = 12
A_YEAR = 365
HEIGHT, STEP, WIDE = 120, 20, 14
"""The chart's height, and the width of each month and bar, in SVG units."""


@dataclass(frozen=True)
class Bar:
    x: int
    y: float
    height: float
    words: str


@dataclass(frozen=True)
class Month:
    """One row of the table. `gross` and `net` churn in basis points of the MRR at the start."""

    name: str
    key: str
    period: MrrPeriod
    gross: int | None
    net: int | None


@dataclass(frozen=True)
class CohortRow:
    """Cells are shares in basis points: of people, and of their starting MRR."""

    name: str
    size: int
    cells: tuple[tuple[int, int | None], ...]


@dataclass(frozen=True, kw_only=True)
class MetricsPage(View):
    template: ClassVar[str] = "staff/reports/metrics/index.html"

    sales: tuple[Sales, ...]
    members: Members
    arr: int
    months: tuple[Month, ...]
    bars: tuple[Bar, ...]
    width: int
    height: int
    highest: Month
    kinds: tuple[str, ...]
    churn: int | None
    ltv: int | None
    cohorts: tuple[CohortRow, ...]
    columns: int
    trials: int
    converted: int
    plans: tuple[PlanResult, ...]
    uses: tuple[tuple[str, str], ...]
    definitions: dict[str, str]
    moved: int
    guarantees: int
    has_guarantees: bool
    offers: tuple[OfferResult, ...]
    saved_of: tuple[int, int]


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
    exception_handlers = WHERE_AWAITED

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        await figure_readiness.require()
        sales, members, found, (trials, converted), plans = await database.batch(
            figures.sales(*SPANS),
            figures.members(),
            month_figures.query(),
            metric_rows.trials(TRIAL_DAYS),
            plan_results.query(A_YEAR),
        )
        offers = await save_results.by_offer()
        guaranteed = await fee_guarantees.open_ones()
        months, last = tuple(_month(period) for period in found.months), found.complete[-1]
        view = MetricsPage(
            sales=sales,
            members=members,
            arr=members.arr,
            months=months,
            bars=tuple(bars(months, found.highest)),
            width=STEP * len(months),
            height=HEIGHT,
            highest=max(months, key=lambda month: month.period.end),
            kinds=kinds_in(months),
            churn=_basis_points(last.share),
            ltv=retention.fee_ltv(members.mrr, members.paying, found.complete),
            cohorts=tuple(_cohort(one) for one in found.cohorts[-COHORTS:]),
            columns=max((len(one.paying) for one in found.cohorts[-COHORTS:]), default=0),
            trials=trials,
            converted=converted,
            plans=plans,
            uses=plan_results.use_columns(plans),
            definitions=DEFINITIONS,
            guarantees=sum(one.shortfall for one in guaranteed),
            has_guarantees=bool(guaranteed) or any(plan.guarantees_fee for plan in plan_catalogue.all_plans()),
            offers=tuple(offers),
            saved_of=(sum(one.accepted for one in offers), sum(one.shown for one in offers)),
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


def bars(months: tuple[Month, ...], highest: int) -> list[Bar]:
    found = []
    for place, month in enumerate(months):
        height = round(max(month.period.end, 0) / highest * (HEIGHT - 4), 1) if highest else 0
        words = f"{month.name}: {formatting.money(month.period.end)}"
        x = place * STEP + (STEP - WIDE) // 2
        found.append(Bar(x, HEIGHT - height, height, words))
    return found


def _month(period: MrrPeriod) -> Month:
    local = period.from_at.astimezone(ZoneInfo(shop_settings.current().time_zone))
    name = formatting.month(period.from_at)
    return Month(
        name, local.strftime("%Y-%m"), period, _basis_points(period.gross_churn), _basis_points(period.net_churn)
    )


def _cohort(one: Cohort) -> CohortRow:
    cells = ((_share(one.kept(k)), _basis_points(one.kept_mrr(k))) for k in range(len(one.paying)))
    return CohortRow(formatting.short_month(one.from_at), one.size, tuple(cells))


def _share(share: float) -> int:
    return round(share * 10_000)


def _basis_points(share: float | None) -> int | None:
    return None if share is None else round(share * 10_000)
