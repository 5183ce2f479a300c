"""What people type into a form is read as they mean it, or refused in words: nothing in between."""

from datetime import UTC, date, datetime

import pytest

from components.foundation.languages import language
from components.foundation.money import Money
from components.foundation.shop_settings import setting_rows
from tests.support.cells import every_cell
from web.forms.fields import Field, Slug, Wrong
from web.forms.numbers import AmountField, Percent, Whole
from web.forms.times import Day, Moment
from web.forms.weights import Weight

LONG = "9" * 5_000


@every_cell(
    ("typed", "pence"),
    [
        ("12.50", 1250),
        ("12,50", 1250),
        ("12,5", 1250),
        ("1,250", 125_000),
        ("1,250.00", 125_000),
        ("12,500", 1_250_000),
        ("0,500", 50),
        (".99", 99),
        ("£12.50", 1250),
        ("12.50 GBP", 1250),
        ("gbp 12.50", 1250),
        ("1.250,50", 125_050),
        ("1.000.000", 100_000_000),
        ("0.500", 50),
        ("100.50", 10_050),
    ],
)
def test_an_amount_is_read_as_it_is_meant(typed: str, pence: int) -> None:
    assert AmountField("Price").read(typed) == pence


@every_cell(
    "typed",
    ["1e3", "1E+99999999999", "1_000", "٣", "1,25,000", "1.25,50", "12,345,6", "12.500", "1,2345", "12.505", "5.", "x",
     "--5", "NaN", "Infinity", "12 50", LONG, "€12.50", "$12.50", "12 USD", "12.50 EUR", "-1", "12.50 pounds", "£"],
)  # fmt: skip
def test_what_is_no_amount_of_this_shop_is_refused(typed: str) -> None:
    with pytest.raises(Wrong):
        AmountField("Price").read(typed)


def test_another_currency_is_named() -> None:
    for typed in ("€12.50", "$12.50", "12.50 usd"):
        with pytest.raises(Wrong, match="Amounts must be in GBP"):
            AmountField("Price").read(typed)


def test_a_currency_without_decimals_is_read_in_whole_ones() -> None:
    assert Money.parse("1,250", "JPY").amount == 1250
    for typed in ("12,50", "12.50"):
        with pytest.raises(ValueError, match="decimals"):
            Money.parse(typed, "JPY")


@every_cell(("typed", "points"), [("10", 1000), ("12.5 %", 1250), ("12,5", 1250), ("0.01%", 1), ("-5", -500)])
def test_a_percentage_is_read_in_basis_points(typed: str, points: int) -> None:
    assert Percent("Off").read(typed) == points
    assert Percent("Off").read(Percent("Off").write(points)) == points


@every_cell("typed", ["1E+999999", "1E+400", LONG, "12.345", "٣", "1_0", "ten", "%", "NaN"])
def test_what_is_no_percentage_is_refused(typed: str) -> None:
    with pytest.raises(Wrong):
        Percent("Off").read(typed)


@every_cell("typed", ["1_000", "٣", "1e3", "1.0", LONG, str(10**18), "two"])
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    with pytest.raises(Wrong):
        Whole("Days").read(typed)


def test_an_offset_that_is_typed_is_heeded() -> None:
    assert Moment("From").read("2027-07-01T12:00") == datetime(2027, 7, 1, 11, tzinfo=UTC)
    assert Moment("From").read("2027-07-01T12:00+05:00") == datetime(2027, 7, 1, 7, tzinfo=UTC)
    assert Moment("From").read("2027-07-01 12:00Z") == datetime(2027, 7, 1, 12, tzinfo=UTC)


@every_cell("typed", ["9999-12-31T23:59", "0001-01-01T00:00", "0001-01-01T00:00+05:00", "tomorrow"])
def test_an_instant_that_no_shop_means_is_refused(typed: str) -> None:
    with pytest.raises(Wrong):
        Moment("From").read(typed)


def test_a_day_is_in_a_year_that_a_shop_can_mean() -> None:
    assert Day("Born").read("1950-02-01") == date(1950, 2, 1)
    for typed in ("9999-01-01", "1899-12-31", "2027-02-30"):
        with pytest.raises(Wrong):
            Day("Born").read(typed)


def test_an_address_is_no_page_of_the_shop_itself() -> None:
    assert Slug("Address").read("Friends of the kiln") == "friends-of-the-kiln"
    for typed in ("new", " New! ", "🙂"):
        with pytest.raises(Wrong):
            Slug("Address").read(typed)


@every_cell("field", [AmountField("A"), Percent("B"), Day("C"), Moment("D")])
def test_a_field_says_what_it_wants(field: Field[object]) -> None:
    assert "for example " in field.wants.lower()


async def test_a_number_is_written_as_it_is_typed_in_the_country_of_the_shop(db: None) -> None:
    fields: tuple[tuple[Field[int], int], ...] = (
        (AmountField("Fee"), 490),
        (Percent("Rate"), 1250),
        (Weight("Most"), 31_500),
    )
    await setting_rows.change({"country": "DE", "currency": "EUR", "locale": "de_DE"}, by=None)
    with language.speaking("en"):
        assert [field.write(value) for field, value in fields] == ["4,90", "12,5", "31,5"]
        assert [field.read(field.write(value)) for field, value in fields] == [value for _, value in fields]
        for typed in ("1.250", "1,250", "-1.250", "€1.250"):
            with pytest.raises(Wrong, match="Write 1250 or 1,25"):
                AmountField("Fee", least=-200_000).read(typed)
        assert AmountField("Fee").read("1.250,00") == AmountField("Fee").read("1250") == 125_000
