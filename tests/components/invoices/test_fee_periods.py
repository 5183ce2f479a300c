"""The period on a fee's invoice is its first and its last day: nothing of the next one is in it."""

from datetime import UTC, date, datetime

import pytest

from components.invoices import fee_invoices
from components.payments.tables import MirroredInvoice


@pytest.mark.parametrize(
    ("begins", "ends", "days"),
    [
        (datetime(2026, 12, 1, 14, 3), datetime(2027, 12, 1, 14, 3), (date(2026, 12, 1), date(2027, 11, 30))),
        (datetime(2027, 1, 31, 9), datetime(2027, 2, 28, 9), (date(2027, 1, 31), date(2027, 2, 27))),
        (datetime(2027, 3, 1), datetime(2027, 4, 1), (date(2027, 3, 1), date(2027, 3, 31))),
        (datetime(2027, 3, 1, 9), datetime(2027, 3, 1, 17), (date(2027, 3, 1), date(2027, 3, 1))),
    ],
)
@pytest.mark.usefixtures("db")
async def test_a_period_ends_on_the_day_before_the_next_one(
    begins: datetime, ends: datetime, days: tuple[date, date]
) -> None:
    paid = MirroredInvoice(
        stripe_id="in_1",
        period_start=begins.replace(tzinfo=UTC),
        period_end=ends.replace(tzinfo=UTC),
        _ignore_missing=True,
    )
    assert fee_invoices.served(paid) == days
