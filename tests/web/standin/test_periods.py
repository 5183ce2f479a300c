"""When subscriptions renew."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.web.standin.desk import Desk
from web.standin.billing import calendar

MONTHLY = {"interval": "month", "interval_count": 1}


def day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


def at(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())  # type: ignore[misc]


async def starts(desk: Desk, interval: str, moments: list[datetime]) -> list[str]:
    subscription = await desk.joined(await desk.price(500, interval))
    found = []
    for moment in moments:
        desk.advance_to(moment)
        again = await desk.again(subscription)
        assert again.status == "active"
        found.append(day(again.items.data[0].current_period_start))
    return found


async def test_19_the_31st_falls_on_the_last_day_and_comes_back(tmp_path: Path) -> None:
    desk = Desk.open(tmp_path, datetime(2027, 1, 31, 12, tzinfo=UTC))
    moments = [datetime(2027, month, 1, 14, tzinfo=UTC) for month in (3, 4, 5, 6)]
    assert await starts(desk, "month", moments) == ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]


async def test_20_the_29th_of_february_yearly(tmp_path: Path) -> None:
    desk = Desk.open(tmp_path, datetime(2028, 2, 29, 12, tzinfo=UTC))
    moments = [datetime(year, 3, 2, tzinfo=UTC) for year in (2029, 2030, 2031, 2032)]
    assert await starts(desk, "year", moments) == ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]


@pytest.mark.parametrize(
    ("instant", "period"),
    [
        (at(2027, 1, 31), ("2027-01-31", "2027-02-28")),
        (at(2027, 2, 27, 23), ("2027-01-31", "2027-02-28")),
        (at(2027, 2, 28), ("2027-02-28", "2027-03-31")),
        (at(2027, 12, 31), ("2027-12-31", "2028-01-31")),
        (at(2028, 2, 29), ("2028-02-29", "2028-03-31")),
        (at(2026, 12, 30), ("2026-11-30", "2026-12-31")),
    ],
)
def test_a_period_is_half_open_and_counted_from_the_anchor(instant: int, period: tuple[str, str]) -> None:
    start, end = calendar.period_at(at(2027, 1, 31), instant, MONTHLY)
    assert (day(start), day(end)) == period
    assert start <= instant < end


@pytest.mark.parametrize(("interval", "count"), [("day", 3), ("week", 2), ("month", 3), ("year", 1)])
def test_periods_follow_each_other_without_gap(interval: str, count: int) -> None:
    anchor, recurring = at(2024, 2, 29, 12), {"interval": interval, "interval_count": count}
    end = anchor
    for step in range(1, 40):
        start, next_end = calendar.period_at(anchor, end, recurring)
        assert start == end
        assert next_end == calendar.boundary(anchor, step, recurring)
        end = next_end


async def test_a_renewal_is_a_draft_for_an_hour_and_then_charged(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(500))
    desk.advance_to(datetime(2027, 4, 1, 12, tzinfo=UTC))
    draft = (await desk.invoices(subscription))[-1]
    assert (draft.status, draft.billing_reason, draft.attempt_count) == ("draft", "subscription_cycle", 0)
    assert draft.automatically_finalizes_at == draft.created + 3600
    desk.advance(hours=1)
    paid = await desk.v1.invoices.retrieve_async(draft.id, {"expand": ["payments", "confirmation_secret"]})
    assert (paid.status, paid.amount_paid, paid.number is not None) == ("paid", 500, True)
    assert paid.payments.data[0].status == "paid"
    assert paid.confirmation_secret.type == "payment_intent"
    assert paid.status_transitions.paid_at == draft.created + 3600


async def test_one_long_step_is_the_same_as_many_short_ones(tmp_path: Path) -> None:
    """Each renewal happens at its own instant, however far the clock is moved at once."""
    seen = []
    for name, steps in (("long", [100.0]), ("short", [1.0] * 100)):
        desk = Desk.open(tmp_path / name, datetime(2027, 1, 31, 12, tzinfo=UTC))
        subscription = await desk.joined(await desk.price(500))
        for step in steps:
            desk.advance(days=step)
        seen.append([(each.created, each.status, each.total) for each in await desk.invoices(subscription)])
    assert seen[0] == seen[1]
    assert len(seen[0]) == 4


async def test_a_test_clock_is_apart_from_everybody_elses_time(desk: Desk) -> None:
    clock = await desk.v1.test_helpers.test_clocks.create_async({"frozen_time": at(2030, 1, 31)})
    customer = await desk.v1.customers.create_async({"email": "maya@kiln.test", "test_clock": clock.id})
    session = await desk.session((await desk.price(500), 1), customer=customer.id)
    await desk.standin.pay(session.id)
    (subscription,) = (await desk.v1.subscriptions.list_async({"customer": customer.id})).data
    assert day(subscription.start_date) == "2030-01-31"
    desk.advance(days=700)
    assert day((await desk.again(subscription)).items.data[0].current_period_end) == "2030-02-28"
    advanced = await desk.v1.test_helpers.test_clocks.advance_async(clock.id, {"frozen_time": at(2030, 4, 1)})
    assert advanced.status == "ready"
    assert day((await desk.again(subscription)).items.data[0].current_period_start) == "2030-03-31"
    await desk.v1.test_helpers.test_clocks.delete_async(clock.id)
    assert (await desk.v1.subscriptions.list_async({"customer": customer.id})).data == []


async def test_a_common_renewal_date_shortens_the_first_period(desk: Desk) -> None:
    anchor = at(2027, 3, 17, 0)
    subscription = await desk.joined(await desk.price(3100), subscription_data={"billing_cycle_anchor": anchor})
    first = (await desk.invoices(subscription))[0]
    whole = at(2027, 3, 17) - at(2027, 2, 17)
    assert first.total == round(3100 * (anchor - desk.seconds()) / whole)
    desk.advance(days=20)
    second = (await desk.invoices(subscription))[1]
    assert (day(second.created), second.total) == ("2027-03-17", 3100)
