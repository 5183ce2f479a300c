"""Forecasts in words for shopkeepers: what each is about, how it came about, and why a member may be lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from components.foundation import formatting
from components.foundation.intervals import months_later
from components.foundation.shop_settings import shop_settings
from components.insights.forecasts.forecast_values import PastForecast, Range
from components.insights.forecasts.forecasts import ForecastRow, RiskRow

DEFINED = ("retention forecast", "MRR forecast", "expected fees", "order forecast", "members at risk")
KINDS = {
    "renewals": "Renewals",
    "mrr": "MRR",
    "orders": "Orders",
    "values": "Order value",
    "habits": "Months with a benefit used",
}
LETTERS = {
    "sBG": ("α", "β"),
    "BdW": ("α", "β", "c"),
    "BG/NBD": ("r", "α", "a", "b"),
    "MBG/NBD": ("r", "α", "a", "b"),
    "Gamma-Gamma": ("p", "q", "γ"),
    "BG/BB": ("α", "β", "γ", "δ"),
}
NAMES = {
    "sBG": "shifted beta-geometric",
    "BdW": "beta-discrete-Weibull",
    "BG/NBD": "BG/NBD",
    "MBG/NBD": "MBG/NBD",
    "Gamma-Gamma": "Gamma-Gamma",
    "BG/BB": "BG/BB",
}


@dataclass(frozen=True)
class ForecastLine:
    """One figure: in minor units where `unit` is money."""

    when: str
    unit: str
    said: Range | None = None
    happened: int | None = None


def title(row: ForecastRow) -> str:
    """ "Gold, every month"."""
    if row.kind != "renewals":
        return KINDS[row.kind]
    return f"{row.name or 'Plan'}, {every(row.interval, row.interval_count)}"


def every(interval: str, count: int) -> str:
    return f"every {interval}" if count == 1 else f"every {count} {interval}s"


def unit(row: ForecastRow) -> str:
    return "person" if row.outcome.now == 1 else "people"


def how(row: ForecastRow) -> str:
    """The model, its parameters and how likely it makes what was seen, beside the model that was not chosen."""
    if not row.parameters:
        return ""
    letters = ", ".join(f"{name} {value:.3f}" for name, value in zip(LETTERS[row.model], row.parameters, strict=True))
    words = (
        f"{NAMES[row.model]} model, {letters}; log-likelihood {_minus(row.log_likelihood)}, from {row.people:,} people."
    )
    other = row.outcome.other_log_likelihood
    if other is None:
        return f"Computed by the {words}"
    return f"Computed by the {words} Chosen over {NAMES[row.outcome.other_model]} ({_minus(other)})."


def _minus(value: float | None) -> str:
    return "" if value is None else f"{value:,.2f}".replace("-", "−")


def activity(row: ForecastRow) -> tuple[str, str, str]:
    """Heading, what is counted, and how it was computed."""
    if row.kind == "orders":
        return ("Orders", "orders in the next 12 months from people who have ordered before", how(row))
    return (
        "Benefits",
        "months with a benefit used, of all members together, in the next 12 months",
        how(row),
    )


NEVER = 0.01
"""A chance to stop after an order, on average, below which nobody does in a forecast of a year."""


def remarks(row: ForecastRow) -> tuple[str, ...]:
    """Where the model or an earlier forecast was wrong, so that the figure is not taken for more than it is."""
    if not row.model:
        return ()
    found = []
    if row.kind == "orders" and row.parameters[2] < NEVER * (row.parameters[2] + row.parameters[3]):
        found.append(
            "By this model hardly anybody ever stops ordering: in what was seen so far it cannot tell who has. If "
            "customers do stop, the expected figure is too high."
        )
    missed = [one for one in row.past if one.said and one.happened is not None and _is_missed(one)]
    if missed:
        ago = " and ".join(str(one.months) for one in missed)
        found.append(f"What happened lay outside the range that the model alone gave {ago} months ago.")
    if any(one.said and one.happened for one in row.past):
        found.append("How far it was off then is in the range that is given now, which is why it is wider.")
    return tuple(found)


def _is_missed(past: PastForecast) -> bool:
    assert past.said and past.happened is not None
    return not past.said.low <= past.happened <= past.said.high


def months_ahead(at: datetime) -> tuple[str, ...]:
    """The days up to which the next twelve months run."""
    local = at.astimezone(ZoneInfo(shop_settings.current().time_zone))
    return tuple(formatting.day(months_later(local, number)) for number in range(1, 13))


def reason(row: RiskRow, now: datetime) -> str:
    """ "Usually orders every 3 weeks; last order 11 weeks ago"."""
    if row.kind == "ending":
        return f"Has cancelled: the membership ends on {formatting.day(row.last_at)}"
    if row.kind == "owing":
        return f"The payment of {formatting.day(row.last_at)} failed and has not been made since"
    ago = _span((now - row.last_at).days)
    if row.kind == "orders":
        return f"Usually orders every {_span(row.usual_days, every=True)}; last order {ago} ago"
    return f"Used a benefit in {row.times} of {row.out_of} months; last time {ago} ago"


def still(row: RiskRow) -> str:
    """What they may do yet: "Chance that they order again: 38.04%"."""
    if row.kind == "ending":
        return "Can keep it until then"
    if row.kind == "owing":
        return "Can still pay"
    what = "order again" if row.kind == "orders" else "use a benefit again"
    return f"Chance that they {what}: {formatting.percent(row.chance)}"


def _span(days: int, *, every: bool = False) -> str:
    """Days below two weeks, weeks below three months, months from then on."""
    for size, most, name in ((1, 14, "day"), (7, 92, "week"), (30.4375, 10**9, "month")):
        if days < most:
            number = max(1, round(days / size))
            return name if every and number == 1 else _counted(number, name)
    raise AssertionError


def _counted(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def lines(row: ForecastRow) -> Iterator[ForecastLine]:
    """Every figure of a forecast for a spreadsheet; shares in basis points."""
    found = row.outcome
    counted = {"orders": "orders", "habits": "months", "mrr": "money"}.get(row.kind, "people")
    for point in found.curve:
        yield ForecastLine(f"After {_counted(point.renewals, 'renewal')}", "%", point.share, point.seen)
    for number, month in enumerate(found.months, 1):
        yield ForecastLine(f"In {_counted(number, 'month')}", counted, month)
    if found.value:
        when = "One order" if row.kind == "values" else "Fees of a new member in 5 years"
        yield ForecastLine(when, "money", found.value)
    if found.year:
        yield ForecastLine("In 12 months", counted, found.year)
    for past in row.past:
        yield ForecastLine(f"Said {past.months} months ago", counted, past.said, past.happened)
    if row.words:
        yield ForecastLine(row.words, "")
