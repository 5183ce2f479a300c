"""Six figures of the programme beside those of before."""

from dataclasses import dataclass

from components.foundation import formatting
from components.foundation.formatting import percent
from components.insights.periods import period_figures
from components.insights.periods.period_days import midnight_of
from components.insights.periods.period_figures import FIGURES, GLANCE, Change, PeriodFigure
from components.insights.periods.programme import Programme
from web.staff.reports.charts import units
from web.staff.reports.programme.health_verdict import STEADY

AGAINST = {"previous": "in the period before", "year": "a year before"}
ARROWS = {1: "▲", -1: "▼", 0: "="}


@dataclass(frozen=True, slots=True)
class FigureTile:
    """`mood` is good, bad or even; `change` says in words what the arrow and the colour show."""

    key: str
    title: str
    value: str
    href: str
    change: str
    arrow: str = ""
    mood: str = "even"
    note: str = ""
    meaning: str = ""


def tiles(found: Programme) -> tuple[FigureTile, ...]:
    return tuple(tile(one, found) for one in FIGURES[:GLANCE])


def tile(figure: PeriodFigure, found: Programme) -> FigureTile:
    value = figure.of(found, found.chosen.days)
    change = period_figures.change(figure, found)
    here = found.chosen if figure.of_plans else found.chosen.without_filters()
    sign = 0 if change is None or is_small(figure, change) else (change.by > 0) - (change.by < 0)
    return FigureTile(
        key=figure.key,
        title=figure.title,
        value="—" if value is None else _written(figure, value),
        href=f"/staff/metrics/charts/{figure.chart}{here.query()}",
        change=_against(figure, change, found),
        arrow=ARROWS[sign] if change else "",
        mood=_mood(figure, change),
        meaning=figure.definition,
        note="All plans" if found.chosen.is_filtered and not figure.of_plans else _of_churn(figure, found),
    )


def _written(figure: PeriodFigure, value: int) -> str:
    """Shares with one decimal, as what they are compared with."""
    return percent(round(value, -1)) if figure.unit == "share" else units.of(figure.unit).words(value)


def _mood(figure: PeriodFigure, change: Change | None) -> str:
    if change is None or change.is_good is None or is_small(figure, change):
        return "even"
    return "good" if change.is_good else "bad"


def is_small(figure: PeriodFigure, change: Change) -> bool:
    """Too little to be better or worse: less than can be read, or of an amount, a hundredth at most."""
    if figure.unit == "share":
        return not _points(change)
    return figure.unit == "money" and abs(change.by) * 10_000 <= STEADY * abs(change.before)


def _points(change: Change) -> int:
    """Between the two as they are written."""
    return round(change.before + change.by, -1) - round(change.before, -1)


def _against(figure: PeriodFigure, change: Change | None, found: Programme) -> str:
    if not found.chosen.compared:
        return ""
    if figure.is_of_full_months and period_figures.is_same_month(found):
        under_way = formatting.month(found.chosen.days.last_at)
        return f"Nothing to compare with: {under_way} is not full yet"
    return told(figure, change, found.chosen.compare)


def _of_churn(figure: PeriodFigure, found: Programme) -> str:
    if figure.key != "member-churn":
        return ""
    months = found.churn_months(found.chosen.days)
    return (
        "a month, mean of the full months"
        if len(months) > 1
        else f"in {formatting.month(midnight_of(months[0], found.chosen.days.zone))}"
    )


def told(figure: PeriodFigure, change: Change | None, compare: str = "previous") -> str:
    """ "£61.50 more than in the period before (£254.00, +24%)": nobody needs the arrow or the colour to read it."""
    if change is None:
        return "Nothing to compare with"
    unit, before = units.of(figure.unit), AGAINST[compare]
    if not change.by:
        return f"Same as {before} ({_written(figure, change.before)})"
    if is_small(figure, change):
        by = "" if figure.unit == "share" else f", {'+' if change.by > 0 else '−'}{unit.words(abs(change.by))}"
        return f"About the same as {before} ({_written(figure, change.before)}{by})"
    more = "more" if change.by > 0 else "less"
    if figure.unit == "share":
        points = f"{abs(_points(change)) / 100:.1f} points"
        return f"{points} {more} than {before} ({_written(figure, change.before)})"
    share = f", {_signed(change.share)}" if change.share is not None else ""
    few = "fewer" if figure.unit == "count" and change.by < 0 else more
    return f"{unit.words(abs(change.by))} {few} than {before} ({unit.words(change.before)}{share})"


def _signed(share: int) -> str:
    whole = percent(round(abs(share), -2) if abs(share) >= 1_000 else round(abs(share), -1))
    return f"+{whole}" if share > 0 else f"−{whole}"
