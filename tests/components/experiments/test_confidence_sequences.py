"""The intervals are those of the formula, hold when they are looked at every day, and the sample size is enough."""

import math

import pytest

from benchmarks import experiments as benchmark
from components.experiments import arm_hash, confidence_sequences, sample_sizes
from components.experiments.confidence_sequences import ArmSum, difference
from components.foundation import ids

SHOPS = 250
SLACK = 0.03
"""Two standard errors of a share of 5 % among so many shops; the whole run is the benchmark's."""


def test_the_interval_is_the_formulas() -> None:
    """Written out by hand: 1,000 people in each arm, 100 and 130 joins, planned 2,000, ρ² = 7.929/2,000."""
    found = difference(ArmSum(1000, 130, 130), ArmSum(1000, 100, 100), is_share=True, planned=2000)
    assert found is not None
    shares = (132 / 1004, 102 / 1004)
    error = math.sqrt(sum(share * (1 - share) / 1000 for share in shares))
    spread = -2 * math.log(0.05) + math.log(-2 * math.log(0.05) + 1)
    half = error * math.sqrt(2 * (spread + 1) / spread * math.log(math.sqrt(spread + 1) / 0.05))
    assert found.middle == pytest.approx(0.03)
    assert (found.low, found.high) == (pytest.approx(0.03 - half), pytest.approx(0.03 + half))
    assert half / error == pytest.approx(3.03, abs=0.01), "half as wide again as that of a single look"


def test_nothing_is_said_of_too_few_and_of_nobody_who_joined() -> None:
    few = ArmSum(99, 50, 50)
    assert difference(few, ArmSum(1000, 100, 100), is_share=True, planned=2000) is None
    none = difference(ArmSum(100), ArmSum(100), is_share=True, planned=2000)
    assert none is not None and none.low < 0 < none.high, "that nobody joined proves nothing"


def test_with_more_arms_each_interval_is_wider() -> None:
    arms = ArmSum(1000, 130, 130), ArmSum(1000, 100, 100)
    one, three = (difference(*arms, is_share=True, planned=2000, comparisons=count) for count in (1, 3))
    assert one and three and three.high > one.high and three.low < one.low


@pytest.mark.parametrize("case", benchmark.ALIKE, ids=lambda one: one.name)
def test_shops_without_a_difference_hardly_ever_show_one(case: benchmark.Case) -> None:
    found = benchmark.measured(case, SHOPS, planned=benchmark.PLANNED)
    assert found.seen <= benchmark.MOST_FALSE + SLACK, found


def test_ordinary_intervals_would_have_shown_many() -> None:
    """So that the test above is known to be able to fail."""
    assert benchmark.measured(benchmark.ALIKE[1], SHOPS, planned=benchmark.PLANNED).plainly > 0.2


def test_intervals_cover_what_is_true() -> None:
    assert benchmark.measured(benchmark.BETTER, SHOPS, planned=benchmark.PLANNED).missed <= 0.05 + SLACK


def test_the_planned_number_is_enough() -> None:
    assert benchmark.power(1_000, 300, SHOPS) >= 0.80 - 0.05


def test_a_sample_that_is_looked_at_is_about_twice_as_large() -> None:
    """10 and 12 of 100: 3,841 in each arm for one look (Fleiss); here more, and more again with more arms."""
    needed = sample_sizes.for_shares(1_000, 200)
    assert 1.7 < needed / 3_841 < 2.1
    assert sample_sizes.for_shares(1_000, 200, comparisons=3) > needed
    assert sample_sizes.in_all(needed, (80, 20)) == needed * 5
    assert sample_sizes.days(1_000, 10, 14) == 114 and sample_sizes.days(1_000, 0, 14) is None


def test_everybody_is_in_the_same_arm_every_time_and_the_shares_are_kept() -> None:
    experiment, shares = ids.new(), (70, 20, 10)
    everybody = [ids.new() for _ in range(6_000)]
    arms = [arm_hash.arm_of(experiment, one, shares) for one in everybody]
    assert arms == [arm_hash.arm_of(experiment, one, shares) for one in everybody]
    counts = [arms.count(position) for position in range(3)]
    assert not arm_hash.is_mismatched(counts, shares), counts
    other = [arm_hash.arm_of(ids.new(), one, shares) for one in everybody]
    assert other != arms, "another experiment draws anew"


@pytest.mark.parametrize(
    ("counts", "is_off"), [((500, 500), False), ((540, 460), False), ((553, 447), True), ((0, 0), False)]
)
def test_arms_that_are_not_as_large_as_they_should_be_are_noticed(counts: tuple[int, ...], is_off: bool) -> None:
    assert arm_hash.is_mismatched(counts, (50, 50)) is is_off
    assert confidence_sequences.FEWEST == 100
