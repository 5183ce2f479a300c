"""The drawing of a retention curve: bars of what was seen, the model's line, and its range as a band."""

from collections.abc import Sequence

from components.insights.forecasts.forecast_values import CurvePoint, Range
from web.staff.reports.charts import columns, units
from web.staff.reports.charts.columns import ChartColumn
from web.staff.reports.charts.drawing import Drawing
from web.staff.reports.charts.units import Unit

SERIES = ("Seen", "Model")
WHOLE = 10_000


def drawn(curve: Sequence[CurvePoint]) -> tuple[Drawing, ...]:
    """Each renewal is read with what was seen, what the model says, and between what."""
    made = [
        ChartColumn(
            _between(_after(one.renewals), one.share, units.SHARE), str(one.renewals), (one.seen, one.share.mean)
        )
        for one in curve
    ]
    band = [(one.share.low, one.share.high) for one in curve]
    return columns.curves(made, SERIES, units.SHARE, top=WHOLE, band=band, barred=1)


def _after(renewals: int) -> str:
    if not renewals:
        return "At the start"
    return f"After {renewals} renewal{'' if renewals == 1 else 's'}"


def mrr_drawn(months: Sequence[Range], days: Sequence[str]) -> tuple[Drawing, ...]:
    """What today's members will probably pay a month, until each of these days."""
    unit = units.money()
    made = [
        ChartColumn(_between(day, one, unit), f"+{n}", (one.mean,))
        for n, (one, day) in enumerate(zip(months, days, strict=False), start=1)
    ]
    return columns.curves(made, ("Expected",), unit, band=[(one.low, one.high) for one in months])


def _between(name: str, said: Range, unit: Unit) -> str:
    return f"{name} (between {unit.words(said.low)} and {unit.words(said.high)})"
