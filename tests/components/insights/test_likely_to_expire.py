"""What is likely to expire is worked out in each currency by itself."""

from components.insights.programme.stored_value import ENDS, GIVEN, Expiries, OwedPart, StoredValue
from tests.conftest import NOON


def part(currency: str) -> OwedPart:
    return OwedPart(
        currency=currency, reason=GIVEN, age="", ends=ENDS[0][1], pending=0, available=1_000, held=0, number=1
    )


def test_each_currency_loses_what_was_lost_in_it() -> None:
    ran_out = {
        "GBP": Expiries(lots=30, given=10_000, expired=1_000),
        "EUR": Expiries(lots=30, given=10_000, expired=5_000),
    }
    found = StoredValue(NOON, tuple(part(one) for one in ("EUR", "GBP", "CHF")), (), ran_out, 3, ())
    assert [found.likely_to_expire(one) for one in ("EUR", "GBP", "CHF")] == [500, 100, None]
