"""What is kept of a forecast, and what its page shows. Amounts in minor units without tax, shares in basis points."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Range:
    """What is expected, and between what it lies in nine of ten cases."""

    mean: int
    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """The share that is left after so many renewals: seen so far, and by the model."""

    renewals: int
    seen: int | None
    share: Range


@dataclass(frozen=True, kw_only=True)
class PastForecast:
    """What would have been said some months ago, from what was known then, and what happened. `words`: why nothing."""

    months: int
    at: datetime
    said: Range | None = None
    happened: int | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`now`: people, or MRR, that the forecast is about. `months`: of these, at the end of each month to come. `value`:
    a new member's fees in five years, or an order's. `adopted`: people who pay too, about whom nothing can be said.
    `without`: MRR about which nothing can be said, `without_adopted` that part of it which adopted people pay."""

    now: int = 0
    adopted: int = 0
    fee: int = 0
    curve: tuple[CurvePoint, ...] = ()
    months: tuple[Range, ...] = ()
    value: Range | None = None
    year: Range | None = None
    other_model: str = ""
    other_log_likelihood: float | None = None
    without: int = 0
    without_adopted: int = 0
    without_plans: int = 0


@dataclass(frozen=True, kw_only=True)
class ForecastMade:
    """A forecast before it is a row."""

    kind: str
    plan: str | None = None
    interval: str = ""
    interval_count: int = 0
    model: str = ""
    parameters: tuple[float, ...] = ()
    log_likelihood: float | None = None
    people: int = 0
    words: str = ""
    outcome: Outcome = Outcome()
    past: tuple[PastForecast, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AtRisk:
    """As in the table."""

    kind: str
    person: str
    chance: int
    times: int
    last_at: datetime
    out_of: int = 0
    usual_days: int = 0
