"""The lifetime value's formula: whoever takes its parts as they are printed gets the value that is printed."""

import re
from datetime import UTC, datetime
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from components.foundation.formatting import money
from components.foundation.money import Money
from components.insights.metrics.retention import Churned, fee_ltv
from web.staff.reports.figures import ltv_formula

PARTS = re.compile(r"£([\d,.]+) MRR ÷ (\d+) paying members ÷ ([\d.]+)% = £([\d,.]+)\.")
MONTHS = st.lists(st.tuples(st.integers(30, 5000), st.integers(0, 60)), min_size=6, max_size=6)


def _number(written: str) -> Fraction:
    return Fraction(written.replace(",", ""))


@given(mrr=st.integers(1, 5_000_000), paying=st.integers(30, 5000), months=MONTHS)
def test_a8_the_parts_that_are_shown_give_the_lifetime_value_that_is_shown(
    mrr: int, paying: int, months: list[tuple[int, int]]
) -> None:
    six = [Churned(datetime(2027, 1, 1, tzinfo=UTC), members, min(left, members)) for members, left in months]
    value = fee_ltv(mrr, paying, six)
    if value is None:
        return
    told = ltv_formula(mrr, paying, six, money(Money(value, "GBP")))
    found = PARTS.match(told)
    assert found, told
    fees, members, churn, shown = (_number(part) for part in found.groups())
    half_a_penny, last_digit = Fraction(5, 1000), Fraction(5, 10**7)
    least = fees / members / ((churn + last_digit) / 100) - half_a_penny
    assert least <= shown, told
    assert churn <= last_digit or shown <= fees / members / ((churn - last_digit) / 100) + half_a_penny, told
    assert "Rounded once, at the end." in told
