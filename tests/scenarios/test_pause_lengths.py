"""A pause of so many months is months of the calendar, and form, confirmation, e-mails and staff name the same days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from components.foundation import clock, database, formatting
from components.memberships.billing.states import pause_lengths, pause_schedule
from tests.support import join_members, people
from tests.support.cells import every_cell
from tests.support.shops import Shop

HERE = "/account/membership"
LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)


@every_cell(
    ("begins", "ends"),
    [
        ("2027-03-20", {1: "2027-04-20", 2: "2027-05-20", 3: "2027-06-20", 6: "2027-09-20"}),
        ("2027-01-31", {1: "2027-02-28", 2: "2027-03-31", 3: "2027-04-30", 6: "2027-07-31"}),
        ("2027-10-15", {1: "2027-11-15", 6: "2028-04-15"}),
        ("2027-11-30", {3: "2028-02-29"}),
    ],
)
def test_the_same_day_of_the_month_or_its_last_whatever_the_clocks_do(begins: str, ends: dict[int, str]) -> None:
    for hour in (0, 12, 23):
        start = datetime.combine(date.fromisoformat(begins), time(hour, 30), tzinfo=LONDON).astimezone(UTC)
        found = {months: pause_lengths.end_of(start, months).astimezone(LONDON) for months in ends}
        assert {months: str(end.date()) for months, end in found.items()} == ends
        assert {end.time() for end in found.values()} == {time(hour, 30)}


async def test_six_months_are_allowed_and_no_more() -> None:
    start = datetime(2027, 3, 31, 11, tzinfo=UTC)
    last = pause_lengths.end_of(start, 6)
    pause_lengths.check_length(start, last)
    with pytest.raises(pause_lengths.PauseTooLong):
        pause_lengths.check_length(start, last + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("start", "on", "begins", "ends", "renews"),
    [
        ("now", "", "1 March 2027", "1 May 2027", "1 June 2027"),
        ("on", "2027-03-20", "20 March 2027", "20 May 2027", "1 June 2027"),
        ("end", "", "1 April 2027", "1 June 2027", "1 June 2027"),
    ],
)
async def test_every_page_and_e_mail_names_the_same_days(
    shop: Shop, at: datetime, start: str, on: str, begins: str, ends: str, renews: str
) -> None:
    browser = await join_members.member(shop, price=450, interval="month", slug="monthly")
    form = await browser.get(f"{HERE}/pause", params={"start": start, "on": on})
    assert f"2 months, until {ends}" in form.words and f"a pause that starts on {begins}" in form.words
    between = await browser.submit(form, f"{HERE}/pause/confirmation", months="2")
    assert f"until {ends}?" in between.words and f"Ends {ends}" in between.words and begins in between.words
    assert f"Next charge £4.50 on {renews}" in between.words
    assert await database.fetch_value("SELECT count(*) FROM pause") == 0
    after = await browser.submit(between, f"{HERE}/pause")
    assert f"until {ends}" in after.alerts() and f"until {ends}" in after.words
    await shop.catch_up()
    pause = await database.fetch_one("SELECT from_at, until_at FROM pause")
    assert pause is not None and (formatting.day(pause["from_at"]), formatting.day(pause["until_at"])) == (begins, ends)
    if start != "now":
        await join_members.until(shop, pause["from_at"] + timedelta(minutes=1))
        await pause_schedule.end_due()
        await shop.catch_up()
    texts = await database.fetch("SELECT template, subject, text FROM email WHERE template LIKE 'pause_%'")
    assert {one["template"] for one in texts} == (
        {"pause_begun"} if start == "now" else {"pause_planned", "pause_begun"}
    )
    for one in texts:
        assert ends in one["text"] and renews in one["text"], one["template"]


async def test_other_dates_than_were_confirmed_are_shown_again(shop: Shop) -> None:
    browser = await join_members.member(shop, price=450, interval="month", slug="monthly")
    form = await browser.get(f"{HERE}/pause")
    between = await browser.submit(form, f"{HERE}/pause/confirmation", months="1")
    clock.set_everywhere(clock.now() + DAY)
    again = await browser.submit(between, f"{HERE}/pause")
    assert again.status == 409 and "The dates have changed" in again.words and "Ends 2 April 2027" in again.words
    assert await database.fetch_value("SELECT count(*) FROM pause") == 0
    assert "until 2 April 2027" in (await browser.submit(again, f"{HERE}/pause")).alerts()


async def test_bad_choices_are_told_at_the_form(shop: Shop) -> None:
    browser = await join_members.member(shop, price=450, interval="month", slug="monthly")
    for given, words in (
        ({"start": "now", "months": "4"}, "How long?"),
        ({"start": "on", "months": "1"}, "Choose the day on which the pause starts."),
        ({"start": "on", "on": "2027-04-20", "months": "1"}, "on a day within the period you’ve paid for"),
        ({"start": "on", "on": "2027-02-20", "months": "1"}, "on a day within the period you’ve paid for"),
        ({"start": "on", "on": "junk", "months": "1"}, "Choose a date"),
    ):
        for answer in (
            await browser.get(f"{HERE}/pause/confirmation", params=given),
            await browser.post(f"{HERE}/pause", given),
        ):
            assert answer.status == 422 and words in answer.words, given
    assert await database.fetch_value("SELECT count(*) FROM pause") == 0


async def test_staff_choose_among_days_and_confirm_them(shop: Shop) -> None:
    await join_members.member(shop, price=450, interval="month", slug="monthly")
    await people.owner("iris@kiln.test")
    iris, there = await shop.signed_in("iris@kiln.test"), f"/staff/members/{await join_members.person()}"
    shown = await iris.get(there)
    assert "Today, for 6 months, until 1 September 2027" in shown.words
    assert "When the paid period ends, 1 April 2027, for 1 month, until 1 May 2027" in shown.words
    between = await iris.submit(shown, f"{there}/pause", choice="end-1")
    assert "starts on 1 April 2027 and ends on 1 May 2027" in between.words
    assert "The next charge is £4.50 on 1 May 2027." in between.words
    assert "Choose when the pause starts" in (await iris.post(f"{there}/pause", {"choice": "end-9"})).alerts()
    stale = await iris.post(f"{there}/pause", {"choice": "now-1", "until": "2027-03-31"})
    assert "The dates have changed" in stale.alerts()
    assert await database.fetch_value("SELECT count(*) FROM pause") == 0
    assert "from 1 April 2027 until 1 May 2027" in (await iris.submit(between, f"{there}/pause")).alerts()
