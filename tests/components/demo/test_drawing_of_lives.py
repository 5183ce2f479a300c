"""What the generator draws: as many as asked for, in the order of time, and distributed as it says."""

from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from components.demo.added import added_history
from components.demo.generator import drawn_agreements, filling, shop_sizes
from components.demo.generator.drawn_people import DrawnPerson, people, poisson
from components.demo.generator.seasonal_calendar import A_DAY, SeasonalCalendar, later
from components.demo.generator.shop_sizes import ShopSize
from components.demo.shop_history import ANNUAL, MONTHLY

NOW = int(datetime(2026, 11, 30, 12, tzinfo=UTC).timestamp())


def calendar(years: int) -> SeasonalCalendar:
    return SeasonalCalendar(NOW - years * 365 * A_DAY, NOW - 7_200)


def drawn(size: ShopSize) -> list[DrawnPerson]:
    return list(people(size, calendar(size.years)))


@pytest.mark.parametrize("size", [ShopSize(1, 0), ShopSize(1, 1), ShopSize(3, 50, 1), ShopSize(200, 2_000, 3, 9)])
def test_as_many_members_and_orders_as_were_asked_for_in_the_order_of_time(size: ShopSize) -> None:
    found = drawn(size)
    assert sum(one.is_member for one in found) == size.members
    assert sum(len(one.orders) for one in found) == size.orders
    assert [one.arrives for one in found] == sorted(one.arrives for one in found)
    assert all(one.orders == sorted(one.orders) for one in found)
    assert all(NOW - size.years * 365 * A_DAY <= at < NOW for one in found for at in (one.arrives, *one.orders))
    assert len({one.email for one in found}) == len(found)


def test_one_seed_is_one_sequence() -> None:
    assert drawn(ShopSize(40, 400, 2, 5)) == drawn(ShopSize(40, 400, 2, 5))
    assert drawn(ShopSize(40, 400, 2, 5)) != drawn(ShopSize(40, 400, 2, 6))


def test_the_weeks_before_christmas_are_the_busiest_and_a_tenth_of_the_people_buy_much_of_it() -> None:
    found = drawn(ShopSize(2_000, 20_000, 4))
    months = Counter(datetime.fromtimestamp(at, UTC).month for one in found for at in one.orders)
    assert min(months[11], months[12]) > 1.3 * months[2]
    bought = sorted((len(one.orders) for one in found), reverse=True)
    assert 0.3 < sum(bought[: len(bought) // 10]) / sum(bought) < 0.6
    members = [len(one.orders) for one in found if one.is_member]
    others = [len(one.orders) for one in found if not one.is_member]
    assert sum(members) / len(members) > 2 * sum(others) / len(others)


def test_who_has_stayed_longer_is_more_likely_to_stay() -> None:
    """Of those who saw a renewal, how many left at it: less and less, as in the sBG model."""
    chance, seen, left = Random(3), Counter[int](), Counter[int]()
    for _ in range(4_000):
        one = drawn_agreements.draw(chance, MONTHLY, NOW - 800 * A_DAY, NOW)
        if one.changes or one.pauses:
            continue
        for turn in range(1, len(one.periods) + 1):
            seen[turn] += 1
        if one.is_over:
            left[len(one.periods)] += 1
    hazard = [
        sum(left[turn] for turn in turns) / sum(seen[turn] for turn in turns) for turns in ((1, 2), (5, 6), (12, 13))
    ]
    assert hazard[0] > 1.2 * hazard[1] > 1.2 * hazard[2]
    assert 0.06 < hazard[0] < 0.11


def test_a_subscription_is_whole_until_today() -> None:
    chance, states = Random(11), Counter[str]()
    for number in range(3_000):
        plan = (MONTHLY, ANNUAL)[number % 2]
        one = drawn_agreements.draw(
            chance, plan, NOW - chance.randrange(1, 600) * A_DAY, NOW, has_trial=plan == MONTHLY and number % 4 == 0
        )
        states[one.status] += 1
        assert all(a.ends <= b.starts for a, b in zip(one.periods, one.periods[1:], strict=False))
        assert all(a.ends is not None and a.ends <= b.starts for a, b in zip(one.held, one.held[1:], strict=False))
        assert all(period.starts <= period.paid <= NOW for period in one.periods)
        assert one.is_over == (one.ended is not None) and (one.ended or 0) <= NOW
        assert one.is_over or one.status == "past_due" or one.period[1] > NOW or one.period[1] == NOW
    assert set(states) == {"active", "trialing", "past_due", "paused", "cancelled"}


def test_a_day_that_a_month_does_not_have_is_its_last() -> None:
    last = int(datetime(2024, 1, 31, 9, tzinfo=UTC).timestamp())
    found = [datetime.fromtimestamp(later(last, months), UTC).strftime("%m-%d") for months in (1, 2, 3, 13)]
    assert found == ["02-29", "03-31", "04-30", "02-28"]


def test_counts_have_the_mean_that_is_asked_for() -> None:
    for mean in (0.3, 4.0, 80.0):
        chance = Random(1)
        assert sum(poisson(chance, mean) for _ in range(4_000)) / 4_000 == pytest.approx(mean, rel=0.08)


def test_what_is_not_said_follows_from_what_is() -> None:
    assert shop_sizes.asked(None, None, None, None) is None
    assert shop_sizes.asked(300, None, None, None) == ShopSize(300, 3_000, 5, 1)
    assert shop_sizes.asked(None, 500, 2, 0) == ShopSize(50, 500, 2, 0)
    assert shop_sizes.asked(None, None, None, 4) == ShopSize(1_000, 10_000, 5, 4)


def test_on_no_day_of_the_year_do_members_order_too_little_in_a_season_for_a_suggestion() -> None:
    """One in seventeen of their baskets ends just below free delivery, and a suggestion needs a hundred."""
    size, found = added_history.ADDED, []
    for month in range(12):
        now = NOW + month * 365 * A_DAY // 12
        everybody = people(size, filling.calendar_of(size, now))
        found.append(sum(at > now - 90 * A_DAY for one in everybody if one.is_member for at in one.orders))
    assert min(found) > 1_850
