"""Amounts, instants and intervals as the shop writes them, in its own locale, currency and time zone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from components.foundation import formatting
from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings
from components.messaging import rendering
from web import templating

AT = datetime(2027, 11, 27, 23, 30, tzinfo=UTC)


@pytest.fixture
def berlin() -> None:
    shop_settings.use(replace(shop_settings.current(), locale="de_DE", currency="EUR", time_zone="Europe/Berlin"))


def test_an_amount_is_whole_minor_units_of_the_shops_currency_or_money_of_any() -> None:
    assert formatting.money(1_250) == "£12.50" and formatting.plain(1_250) == "12.50"
    assert formatting.money(1_250, "USD") == formatting.money(Money(1_250, "USD")) == "US$12.50"
    assert formatting.money(Money(1_250, "JPY")) == "JP¥1,250" and formatting.money(-5) == "−£0.05"


def test_a_share_is_written_with_the_decimals_it_has() -> None:
    assert [formatting.percent(each) for each in (1_000, 750, 1_225, 5, 0)] == ["10%", "7.5%", "12.25%", "0.05%", "0%"]


def test_an_instant_is_written_by_the_shops_own_clocks() -> None:
    assert formatting.day(AT) == "27 November 2027" and formatting.short_day(AT) == "27 Nov"
    assert formatting.moment(AT) == "Saturday 27 November 2027 at 23:30"
    assert formatting.weekday(AT) == "Saturday 27 November"
    assert formatting.weekday_and_time(AT) == "Saturday 27 November at 23:30"
    assert (formatting.month(AT), formatting.short_month(AT)) == ("November 2027", "Nov 2027")


@pytest.mark.usefixtures("berlin")
def test_another_shop_has_its_own_language_currency_and_clocks() -> None:
    assert formatting.money(1_250) == "12,50\xa0€" and formatting.percent(750) == "7,5\xa0%"
    assert formatting.day(AT) == "28 November 2027" and formatting.weekday(AT) == "Sonntag 28 November"


def test_an_interval_follows_a_price() -> None:
    assert [formatting.interval(*each) for each in (("month", 1), ("month", 3), ("week", 2), ("life", 1))] == [
        "a month", "a quarter", "every 2 weeks", "for life",
    ]  # fmt: skip
    assert formatting.once("month", 6) == "once, for 6 months" and formatting.once("life", 1) == "once, for life"


def test_pages_and_letters_write_in_the_same_way() -> None:
    pages, letters = templating.environment().filters, rendering.environment().filters
    for name in ("money", "day", "moment"):
        assert pages[name] is letters[name] is getattr(formatting, name)
