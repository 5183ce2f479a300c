"""How many of those who joined stay: a curve for groups of cohorts, and every cohort as a map of shades."""

from collections.abc import Sequence

from components.foundation import formatting
from components.insights.metrics.figures import DEFINITIONS
from components.insights.metrics.retention import Cohort
from components.insights.movements.month_edges import months_since
from components.insights.periods.programme import COHORTS, MOST_COHORTS, Programme
from web.staff.reports.charts import columns, units
from web.staff.reports.charts.columns import ChartColumn
from web.staff.reports.programme.chart import Chart, Head, HeatCell, HeatRow, Value

WHOLE = 10_000
MOST_MONTHS = 25
"""Columns of the map; of more only some are shown."""
CURVE = (
    "Of everybody who first paid from {first} to {last}, the share still paying so many months later. Each point is "
    "of the cohorts that are old enough. “MRR” is what they then pay ÷ what they paid at first."
)


def _left_out(number: int) -> str:
    """What a note says of cohorts that are not shown."""
    if not number:
        return ""
    older = "1 older cohort is" if number == 1 else f"{formatting.number(number)} older cohorts are"
    return f" Only the last {MOST_COHORTS} months of the period: {older} left out. Choose an earlier last day for them."


def retention(found: Programme) -> Chart:
    cohorts, older = found.cohorts()
    made = [
        ChartColumn(f"Month {k}" if k else "The month they joined", str(k), (_people(cohorts, k), _mrr(cohorts, k)))
        for k in range(max((len(one.paying) for one in cohorts), default=1))
    ]
    return Chart(
        key="retention",
        title="Retention",
        definition=f"{_shown_words(found, cohorts)} Members adopted from another system are in no cohort.",
        drawings=columns.curves(made, ("Members", "MRR"), units.SHARE, top=WHOLE),
        series=("Members", "MRR"),
        heads=(Head("End of month"), Head("Members", "share"), Head("MRR", "share"), Head("Of", "count")),
        rows=tuple((str(k), *one.values, _joined(cohorts, k)) for k, one in enumerate(made)),
        note=f"Months since the first payment.{_left_out(older)}",
        kind="lines",
    )


def _shown_words(found: Programme, cohorts: Sequence[Cohort]) -> str:
    """Whose curve it is, and that a period shorter than that of the cohorts does not narrow it."""
    if not cohorts:
        return "Nobody first paid in these months."
    first, last = cohorts[0].from_at, cohorts[-1].from_at
    words = CURVE.format(first=formatting.month(first), last=formatting.month(last))
    if first < found.chosen.days.from_at and months_since(first, found.chosen.days.from_at) > 1:
        words += f" The chosen period is shorter: at least {COHORTS} months of cohorts are shown."
    return words


def cohort_map(found: Programme) -> Chart:
    cohorts, older = found.cohorts()
    width = max((len(one.paying) for one in cohorts), default=0)
    rows = tuple(reversed(cohorts))
    shown = _months_shown(width)
    return Chart(
        key="cohorts",
        title="Retention by cohort",
        definition=DEFINITIONS["retention cohort"],
        drawings=(),
        series=(),
        heads=(Head("First paid"), Head("People", "count"), *(Head(f"Month {k}", "share") for k in range(width))),
        rows=tuple(_row(one, width) for one in rows),
        heat=tuple(_heat(one, shown) for one in rows),
        heat_months=shown,
        file_names=tuple(f"{one.from_at.astimezone(found.chosen.days.zone):%Y-%m}" for one in rows),
        note=f"The second figure in each cell is for MRR. {_which(shown)}{_left_out(older)}",
        kind="heat",
    )


def _months_shown(width: int) -> tuple[int, ...]:
    """Of many years: each month of the first one, then the end of each year."""
    if width <= MOST_MONTHS:
        return tuple(range(width))
    return (*range(13), *range(24, width, 12))


def _which(shown: Sequence[int]) -> str:
    if len(shown) <= 1 or shown[-1] == len(shown) - 1:
        return "The last cell in each row shows today."
    return "After the first twelve months only the end of each year is shown; the file has every month."


def _row(one: Cohort, width: int) -> tuple[Value, ...]:
    shares: list[int | None] = [round(one.kept(k) * WHOLE) for k in range(len(one.paying))]
    return (formatting.short_month(one.from_at), one.size, *shares, *([None] * (width - len(shares))))


def _heat(one: Cohort, shown: Sequence[int]) -> HeatRow:
    return HeatRow(
        formatting.short_month(one.from_at),
        formatting.number(one.size),
        tuple(
            HeatCell(_whole(kept := one.kept(k)), _whole(one.kept_mrr(k)), min(10, int(kept * 10)))
            for k in shown
            if k < len(one.paying)
        ),
    )


def _whole(share: float | None) -> str:
    return "—" if share is None else formatting.percent(round(share * 100) * 100)


def _old_enough(cohorts: Sequence[Cohort], k: int) -> list[Cohort]:
    return [one for one in cohorts if k < len(one.paying)]


def _joined(cohorts: Sequence[Cohort], k: int) -> int:
    return sum(one.size for one in _old_enough(cohorts, k))


def _people(cohorts: Sequence[Cohort], k: int) -> int | None:
    size = _joined(cohorts, k)
    return round(sum(one.paying[k] for one in _old_enough(cohorts, k)) * WHOLE / size) if size else None


def _mrr(cohorts: Sequence[Cohort], k: int) -> int | None:
    first = sum(one.first for one in _old_enough(cohorts, k))
    return round(sum(one.mrr[k] for one in _old_enough(cohorts, k)) * WHOLE / first) if first else None
