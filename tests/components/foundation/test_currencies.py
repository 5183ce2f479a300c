"""Babel's data about currencies, held against what Stripe says of those we take."""

import pytest

from components.foundation import currencies
from components.foundation.currencies import SUPPORTED, UnsupportedCurrency
from tests.support.cells import every_cell

WITHOUT_DECIMALS = {"CLP", "JPY", "KRW", "VND"}
"""Of those we take, those that docs.stripe.com/currencies lists as zero-decimal."""


def test_decimals_are_those_in_which_stripe_counts() -> None:
    assert {each for each in SUPPORTED if currencies.decimals(each) == 0} == WITHOUT_DECIMALS
    assert {currencies.decimals(each) for each in SUPPORTED - WITHOUT_DECIMALS} == {2}


@every_cell("code", ["UGX", "ISK", "KWD", "gbp", "", "XXX"])
def test_other_currencies_are_refused(code: str) -> None:
    with pytest.raises(UnsupportedCurrency):
        currencies.decimals(code)


@every_cell(
    ("mark", "least"),
    [
        ("£", {"GBP"}),
        ("€", {"EUR"}),
        ("¥", {"JPY"}),
        ("₹", {"INR"}),
        ("₩", {"KRW"}),
        ("₫", {"VND"}),
        ("₪", {"ILS"}),
        ("฿", {"THB"}),
        ("₱", {"PHP"}),
        ("zł", {"PLN"}),
        ("Kr.", {"DKK", "NOK", "SEK"}),
        ("kr", {"DKK", "NOK", "SEK"}),
        ("$", {"USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "CLP"}),
        ("A$", {"AUD"}),
        ("chf", {"CHF"}),
    ],
)
def test_a_sign_stands_for_the_currencies_that_are_written_with_it(mark: str, least: set[str]) -> None:
    assert least <= currencies.symbol(mark)
    assert "GBP" not in currencies.symbol(mark) or mark == "£"


def test_what_is_no_sign_stands_for_nothing() -> None:
    assert not currencies.symbol("pounds") and not currencies.symbol(".") and not currencies.symbol("č")
