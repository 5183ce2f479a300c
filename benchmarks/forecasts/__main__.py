"""How often the 90 % range of a forecast held what happened, in simulated shops.

`python -m benchmarks.forecasts [shops] [seed] [renewals | orders | habits]`, one process.
Says also in how many shops nothing could be said.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from benchmarks.forecasts import simulated_shops
from components.insights.forecasts import habit_model, order_models, outcome_ranges, renewal_models
from components.insights.forecasts.forecast_values import PastForecast, Range
from components.insights.forecasts.likelihood import Array, CannotForecast
from components.insights.forecasts.order_models import OrderHistories
from components.insights.forecasts.posterior import WIDTH, interval

SHOPS, SEED = 300, 20261130
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
AIM = (87.0, 93.0)


def main() -> None:
    shops, seed = (int(one) for one in (*sys.argv[1:3], *(SHOPS, SEED)[len(sys.argv) - 1 :]))
    for name, ask in {**KINDS, **WITHOUT_A_MODEL}.items():
        if sys.argv[3:] not in ([], [name]):
            continue
        began = time.perf_counter()
        held, asked = coverage(ask, shops, seed, width=1.0 if name in WITHOUT_A_MODEL else WIDTH)
        took, share = time.perf_counter() - began, 100 * held / max(asked, 1)
        print(
            f"{name}: held {held} of {asked} ({share:.1f} %, aim {AIM[0]:.0f} to {AIM[1]:.0f}), "
            f"nothing said in {shops - asked}, {took:.0f} s",
            flush=True,
        )


def coverage(
    ask: Callable[[np.random.Generator], tuple[Array, float]], shops: int, seed: int, *, width: float = WIDTH
) -> tuple[int, int]:
    """In how many shops the range held what happened, and in how many there was one."""
    held = asked = 0
    for shop in range(shops):
        try:
            outcomes, happened = ask(np.random.default_rng([seed, shop]))
        except CannotForecast:
            continue
        low, high = interval(outcomes, width=width)
        asked += 1
        held += bool(np.floor(low[0]) <= happened <= np.ceil(high[0]))
    return held, asked


def renewals(rng: np.random.Generator) -> tuple[Array, float]:
    shop = simulated_shops.renewing(rng)
    renewal_models.check(shop.seen)
    return renewal_models.worth_of(shop.groups, renewal_models.draws(shop.seen, rng), rng), shop.happened


def orders(rng: np.random.Generator) -> tuple[Array, float]:
    seen, happened = simulated_shops.ordering(rng)
    return order_models.forecast(seen, order_models.fit(seen), simulated_shops.WEEKS, rng), happened


def orders_of_moods(rng: np.random.Generator) -> tuple[Array, float]:
    """Customers are no model's: how far it was off before is in the range."""
    shop, past = simulated_shops.drifting(rng), []
    for months, seen, happened in shop.checks:
        said = _said(seen, months / 12 * simulated_shops.A_YEAR, rng)
        past.append(PastForecast(months=months, at=LONG_AGO, said=said, happened=happened))
    found = outcome_ranges.widened(_said(shop.seen, simulated_shops.A_YEAR, rng), 12, past)
    return np.array([[found.low], [found.high]], dtype=float), shop.happened


def _said(seen: OrderHistories, weeks: float, rng: np.random.Generator) -> Range:
    both = order_models.fit(seen)
    mean = order_models.expected(np.array([both[0].parameters]), seen, both[0].model, weeks) @ seen.people
    return outcome_ranges.ranges(mean, order_models.forecast(seen, both, weeks, rng))[0]


def habits(rng: np.random.Generator) -> tuple[Array, float]:
    seen, happened = simulated_shops.using(rng)
    fitted = habit_model.fit(seen)
    possible = habit_model.draws(seen, fitted, rng)
    return habit_model.outcomes(possible, seen, fitted, simulated_shops.PERIODS, rng), happened


KINDS = {"renewals": renewals, "orders": orders, "habits": habits}
WITHOUT_A_MODEL = {"orders, as moods change": orders_of_moods}
"""Their range is asked as it is, for its whole width."""

if __name__ == "__main__":
    main()
