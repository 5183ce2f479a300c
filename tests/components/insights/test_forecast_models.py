"""The models of forecasts give what is published for the observations they were published with."""

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from benchmarks.forecasts import __main__ as coverage
from components.insights.forecasts import (
    habit_model,
    order_models,
    outcome_ranges,
    posterior,
    renewal_models,
    spend_model,
)
from components.insights.forecasts.forecast_values import PastForecast, Range
from components.insights.forecasts.habit_model import HabitHistories
from components.insights.forecasts.likelihood import Array, CannotForecast, FittedModel
from components.insights.forecasts.order_models import OrderHistories
from components.insights.forecasts.renewal_models import PaidGroup, Renewals

DATA = Path(__file__).parents[2] / "data" / "forecasts"
HIGH_END = (1000, 869, 743, 653, 593, 551, 517, 491)
REGULAR = (1000, 631, 468, 382, 326, 289, 262, 241)


def renewals(left: tuple[int, ...]) -> Renewals:
    rows = [(k, True, before - after) for k, (before, after) in enumerate(pairwise(left))]
    return Renewals.of([*rows, (len(left) - 1, False, left[-1])])


def columns(name: str) -> Array:
    with (DATA / name).open() as file:
        return np.array([[float(one) for one in row] for row in list(csv.reader(file))[1:]]).T


def cdnow() -> OrderHistories:
    repeats, last, age, _ = columns("cdnow.csv")
    return OrderHistories(repeats, last, age, np.ones(len(repeats)))


@pytest.mark.parametrize(
    ("left", "model", "parameters", "value"),
    [
        (HIGH_END, "sBG", (0.668, 3.806), -1611.16),
        (HIGH_END, "BdW", (0.214, 1.427, 1.724), -1605.31),
        (HIGH_END[:5], "sBG", (1.281, 7.790), -1225.13),
        (HIGH_END[:5], "BdW", (0.259, 1.723, 1.584), -1222.75),
        (REGULAR, "sBG", (0.704, 1.182), -1680.27),
        (REGULAR, "BdW", (0.456, 0.779, 1.283), -1679.60),
        (REGULAR[:5], "sBG", (0.764, 1.296), -1401.56),
        (REGULAR[:5], "BdW", (0.523, 0.894, 1.196), -1401.38),
    ],
)
def test_renewals_are_fitted_as_published(
    left: tuple[int, ...], model: str, parameters: tuple[float, ...], value: float
) -> None:
    fitted = {one.model: one for one in renewal_models.fit(renewals(left))}[model]
    assert fitted.parameters == pytest.approx(parameters, abs=1e-3)
    assert fitted.log_likelihood == pytest.approx(value, abs=0.006)


def test_the_model_with_more_parameters_is_chosen_only_when_it_is_better_by_more_than_luck() -> None:
    assert renewal_models.fit(renewals(HIGH_END))[0].model == "BdW"
    assert renewal_models.fit(renewals(REGULAR))[0].model == "sBG"


@pytest.mark.parametrize(
    ("model", "parameters", "value"),
    [
        ("MBG/NBD", (0.5248, 6.183, 0.8914, 1.614), -9582.133),
        ("BG/NBD", (0.2426, 4.4135, 0.7929, 2.4258), -9582.426),
    ],
)
def test_orders_are_fitted_as_published(model: str, parameters: tuple[float, ...], value: float) -> None:
    both = order_models.fit(cdnow())
    fitted = {one.model: one for one in both}[model]
    assert fitted.parameters == pytest.approx(parameters, abs=1e-3)
    assert fitted.log_likelihood == pytest.approx(value, abs=1e-3)
    assert both[0].model == "MBG/NBD"


def test_expected_orders_are_those_of_the_paper() -> None:
    """Fader, Hardie & Lee 2005, section 5: x = 2, last = 30.43, age = 38.86, the next 39 weeks: 1.226 orders."""
    one = OrderHistories(*(np.array([value]) for value in (2.0, 30.43, 38.86, 1.0)))
    found = order_models.expected(np.array([[0.243, 4.414, 0.793, 2.426]]), one, "BG/NBD", 39)
    assert found[0, 0] == pytest.approx(1.226, abs=1e-3)


def test_the_value_of_orders_is_fitted_as_published() -> None:
    repeats, _, _, mean = columns("cdnow.csv")
    some = (repeats > 0) & (mean > 0)
    fitted = spend_model.fit(repeats[some], mean[some], np.ones(some.sum()))
    assert fitted.people == 946
    assert fitted.parameters == pytest.approx((6.2488, 3.7446, 15.4477), abs=1e-3)
    assert fitted.log_likelihood == pytest.approx(-4055.923, abs=1e-3)


def test_the_average_order_is_said_only_where_it_is_not_carried_by_a_few() -> None:
    def typical(p: float, q: float, gamma: float, seen: float) -> float:
        return spend_model.typical(FittedModel(spend_model.MODEL, (p, q, gamma), 0.0, 946), seen)

    assert typical(6.2488, 3.7446, 15.4477, 35.1) == pytest.approx(35.17, abs=0.01)
    assert typical(4.0, 1.2, 1000.0, 6700.0) == pytest.approx(20_000)
    for refused in ((4.0, 1.199, 1.0, 6700.0), (4.0, 1.2, 1000.0, 6600.0), (4.0, 1.0, 5.0, 9.0), (4.0, 0.6, 5.0, 9.0)):
        with pytest.raises(CannotForecast, match="A few orders are so much larger than the rest"):
            typical(*refused)


def test_habits_are_fitted_as_published() -> None:
    fitted = habit_model.fit(HabitHistories(*columns("donations.csv")))
    assert fitted.people == 11_104
    assert fitted.parameters == pytest.approx((1.2035, 0.7497, 0.6567, 2.7834), abs=1e-3)
    assert fitted.log_likelihood == pytest.approx(-33_225.58, abs=0.01)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "No renewal has been due yet."),
        ([(0, False, 500)], "No renewal has been due yet."),
        ([(0, True, 30), (1, False, 69)], "Too few people: 99 so far, and a forecast needs at least 100."),
        ([(3, False, 500)], "Nobody has left yet, so there is nothing to learn about leaving from."),
        ([(0, True, 500)], "Nobody has renewed yet."),
        ([(0, True, 100), (1, False, 400)], "Nobody has come to a second renewal yet."),
    ],
)
def test_renewals_that_teach_nothing_are_answered_in_words(rows: list[tuple[int, bool, int]], words: str) -> None:
    with pytest.raises(CannotForecast) as refused:
        renewal_models.fit(Renewals.of(rows))
    assert str(refused.value) == words


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "Too few people: 0 so far, and a forecast needs at least 100."),
        ([(3, 5, 9, 99)], "Too few people: 99 so far, and a forecast needs at least 100."),
        ([(0, 0, 9, 300)], "Nobody has ordered a second time yet."),
        ([(1, 0, 0, 300)], "All first orders are of this week."),
    ],
)
def test_orders_that_teach_nothing_are_answered_in_words(rows: list[tuple[int, ...]], words: str) -> None:
    with pytest.raises(CannotForecast) as refused:
        order_models.fit(OrderHistories(*np.array(rows, dtype=float).reshape(-1, 4).T))
    assert str(refused.value) == words


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([(1, 1, 3, 99)], "Too few people: 99 so far, and a forecast needs at least 100."),
        ([(0, 0, 1, 300)], "Nobody has been there for two whole months yet."),
        ([(0, 0, 4, 300)], "Nobody has used a benefit again yet."),
    ],
)
def test_habits_that_teach_nothing_are_answered_in_words(rows: list[tuple[int, ...]], words: str) -> None:
    with pytest.raises(CannotForecast) as refused:
        habit_model.fit(HabitHistories(*np.array(rows, dtype=float).T))
    assert str(refused.value) == words


def test_observations_at_an_edge_still_give_finite_answers() -> None:
    """One cohort of which nearly all stay or leave, everybody alike, habits without a gap."""
    rng = np.random.default_rng(1)
    for left in ((500, 499, 499), (500, 1, 1), (500, 250, 125), (200, 199, 1)):
        fitted, _ = renewal_models.fit(renewals(left))
        possible = renewal_models.draws(renewals(left), rng)
        kept = renewal_models.worth_of([PaidGroup(2, (1, 12), left[-1])], possible, rng)
        assert np.isfinite([*fitted.parameters, fitted.log_likelihood]).all()
        assert (kept >= 0).all() and (kept <= left[-1]).all()
    alike = OrderHistories(*(np.array([value]) for value in (10.0, 50.0, 52.0, 300.0)))
    fitted, _ = order_models.fit(alike)
    possible = order_models.draws(alike, fitted, rng)
    assert np.isfinite(order_models.outcomes(possible, alike, fitted, 26, rng)).all()
    daily = HabitHistories(*(np.array([value]) for value in (6.0, 6.0, 6.0, 300.0)))
    found = habit_model.fit(daily)
    later = habit_model.outcomes(habit_model.draws(daily, found, rng), daily, found, 6, rng)
    assert np.isfinite(later).all() and later.max() <= 6 * 300


@pytest.mark.parametrize("kind", coverage.KINDS)
def test_the_range_holds_what_happens_about_as_often_as_it_says(kind: str) -> None:
    """Of 40 simulated shops 90 % are 36; fewer than 31 are 2 in 100 by luck, were the seed not fixed."""
    held, asked = coverage.coverage(coverage.KINDS[kind], 40, 11)
    assert asked == 40
    assert held >= 31


def test_where_customers_are_no_models_the_range_holds_by_how_far_it_was_off_before() -> None:
    """The model alone holds what happened in 9 of these 12 shops."""
    held, asked = coverage.coverage(coverage.WITHOUT_A_MODEL["orders, as moods change"], 12, 11, width=1.0)
    assert (held >= 11, asked) == (True, 12)


def test_a_range_grows_with_what_was_wrong_and_never_shrinks() -> None:
    said = Range(mean=1000, low=960, high=1050)

    def past(*happened: int) -> list[PastForecast]:
        then = Range(mean=1000, low=990, high=1010)
        return [PastForecast(months=12, at=coverage.LONG_AGO, said=then, happened=one) for one in happened]

    assert outcome_ranges.widened(said, 12, []) == said, "nothing is known of how far it was off"
    assert outcome_ranges.widened(said, 12, past(1000, 1000)) == said
    found = outcome_ranges.widened(said, 12, past(1100, 1000))
    off, times = np.log(1.1) / np.sqrt(2), 2.919986
    assert found.high == pytest.approx(1000 * np.exp(np.hypot(np.log(1.05), times * off)), abs=1)
    assert found.low == pytest.approx(1000 * np.exp(-np.hypot(np.log(0.96), times * off)), abs=1)
    assert outcome_ranges.widened(said, 12, past(2000)).high > 10 * said.high, "one mistake teaches little"


def test_a_range_is_as_wide_as_its_name() -> None:
    low, high = posterior.interval(np.arange(1001.0)[:, None])
    assert (low[0], high[0]) == pytest.approx((50.0, 950.0))
