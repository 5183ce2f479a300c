"""The arithmetic of monthly recurring revenue: what counts, what a change is called, and that nothing is lost."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from components.insights.movements import mrr
from components.insights.movements.month_edges import month_edges
from components.insights.movements.mrr import MrrChange, change_kind, per_month
from tests.figures.ledger_walk import group_by_month, merge_changes
from tests.support.cells import every_cell

START = datetime(2027, 1, 1, tzinfo=UTC)
MAYA, THEO = UUID(int=1), UUID(int=2)


@every_cell(
    ("fee", "interval", "count", "monthly"),
    [
        (3900, "year", 1, 325),
        (450, "month", 1, 450),
        (1000, "month", 3, 333),
        (1001, "month", 2, 501),
        (100, "week", 1, 435),
        (5000, "life", 1, 0),
        (0, "month", 1, 0),
    ],
)
def test_a_fee_is_divided_by_its_interval_in_months(fee: int, interval: str, count: int, monthly: int) -> None:
    assert per_month(fee, interval=interval, count=count) == monthly


@every_cell(
    ("before", "after", "has_paid", "paused", "was_paused", "kind"),
    [
        (0, 450, False, False, False, "new"),
        (0, 450, True, False, False, "reactivation"),
        (0, 450, True, False, True, "resume"),
        (325, 450, True, False, False, "expansion"),
        (450, 325, True, False, False, "contraction"),
        (450, 0, True, False, False, "churn"),
        (450, 0, True, True, False, "pause"),
    ],
)
def test_a_movement_has_the_name_of_the_trade(
    before: int, after: int, has_paid: bool, paused: bool, was_paused: bool, kind: str
) -> None:
    assert change_kind(before, after, has_paid_before=has_paid, is_paused=paused, was_paused=was_paused) == kind


def change(minutes: float, amount: int, balance: int, kind: str, person: UUID = MAYA) -> MrrChange:
    return MrrChange(person, START + timedelta(minutes=minutes), amount, balance, kind)


def test_changes_within_an_hour_are_one() -> None:
    joined_then_upgraded = merge_changes([change(0, 325, 325, "new"), change(59, 125, 450, "expansion")])
    assert [(each.kind, each.amount, each.balance) for each in joined_then_upgraded] == [("new", 450, 450)]


def test_a_change_of_mind_within_an_hour_is_none_at_all() -> None:
    assert merge_changes([change(0, 325, 325, "new"), change(30, -325, 0, "churn")]) == []


def test_the_hour_counts_from_the_first_change_and_for_one_person() -> None:
    apart = [change(0, 325, 325, "new"), change(61, 125, 450, "expansion"), change(10, 325, 325, "new", THEO)]
    assert len(merge_changes(apart)) == 3


def test_every_month_ends_with_its_start_and_all_that_moved() -> None:
    found = group_by_month(
        [change(0, 325, 325, "new"), change(60 * 24 * 40, -325, 0, "churn")],
        [START, START + timedelta(days=31), START + timedelta(days=59)],
    )
    assert [(each.start, each.end) for each in found] == [(0, 325), (325, 0)]
    assert found[0].gross_churn is None and found[1].gross_churn == 1


def test_a_movement_on_the_edge_belongs_to_the_later_month() -> None:
    edge = START + timedelta(days=31)
    found = group_by_month([MrrChange(MAYA, edge, 325, 325, "new")], [START, edge, edge + timedelta(days=28)])
    assert [each.end for each in found] == [0, 325]


balances = st.lists(st.integers(0, 9000), min_size=1, max_size=12)


@given(st.lists(balances, min_size=1, max_size=5))
def test_no_penny_is_lost_by_merging_or_cutting(people: list[list[int]]) -> None:
    changes = []
    for number, known in enumerate(people):
        before = 0
        for turn, balance in enumerate(known):
            if balance != before:
                at = START + timedelta(minutes=37 * turn)
                kind = change_kind(before, balance, has_paid_before=turn > 0, is_paused=False, was_paused=False)
                changes.append(MrrChange(UUID(int=number), at, balance - before, balance, kind))
                before = balance
    found = group_by_month(merge_changes(changes), [START + timedelta(hours=n) for n in range(24)])
    assert found[-1].end == sum(each.amount for each in changes)
    for earlier, later in pairwise(found):
        assert earlier.end == later.start


def test_months_are_those_of_the_shops_own_clock() -> None:
    london = month_edges(datetime(2027, 6, 30, 23, 30, tzinfo=UTC), 2)
    assert [f"{edge:%Y-%m-%d %z}" for edge in london] == ["2027-06-01 +0100", "2027-07-01 +0100", "2027-08-01 +0100"]


def test_rates_of_an_empty_start_are_unknown_not_zero() -> None:
    assert mrr.MrrPeriod(START, START, 0, dict.fromkeys(mrr.KINDS, 0)).net_churn is None
