"""Each notice before a charge: on its day, once, with the right sums, and only where the law or the shop wants it."""

from collections import namedtuple
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from components.foundation.consumer_law import law_rules, notice_days
from components.foundation.shop_settings import setting_rows
from components.memberships.billing import price_migrations, subscriptions
from components.memberships.editing import plans
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from components.memberships.tables import Subscription
from components.messaging import mailbox
from components.messaging.notices import notice_emails, notice_timing, price_emails
from components.people import addresses
from components.pricing import domestic_tax
from components.pricing.tax import NO_TAX, TaxTerms
from tests.support import join_members, make_plans, people
from tests.support.shops import Shop

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PLACES = {
    "GB": ("GB", ""),
    "DE": ("DE", ""),
    "FR": ("FR", ""),
    "CA": ("US", "CA"),
    "NY": ("US", "NY"),
    "TX": ("US", "TX"),
}
NETWORKS = ("visa", "mastercard", "amex")
INTERVALS = {"month": ("month", 1), "quarter": ("month", 3), "half": ("month", 6), "year": ("year", 1)}
STATES = ("active", "trialing", "long trial", "cancelling", "past_due", "paused", "cancelled")
PRICES = {"month": 500, "quarter": 1200, "half": 2400, "year": 4800}


def expected(place: str, network: str, interval: str, state: str) -> tuple[int, ...]:
    """So many days before the charge, as the sources say; the shop itself three weeks before a year, 3 before a trial.

    A notice may be a day late, so that each is planned a day before the last day there is.
    """
    if state == "trialing":  # of fourteen days
        return {"visa": (8,), "mastercard": (4,), "amex": (3,)}[network]
    if state == "long trial":  # of forty-five
        return {"visa": (8,), "mastercard": (4,), "amex": (4,) if place == "CA" else (3,)}[network]
    if state != "active":
        return ()
    late = (7,) if network == "mastercard" and interval in ("half", "year") else ()
    if place == "FR":
        return () if interval == "month" else (32, *late)
    return (21, *late) if interval == "year" else late


CELLS = list(product(PLACES, NETWORKS, INTERVALS, STATES))
WALKED = [
    cell
    for cell in CELLS
    if cell[1:] in {("visa", interval, "active") for interval in INTERVALS}
    or cell[::2] in {("GB", "year"), ("FR", "year")}
    or (cell[0], cell[3]) == ("CA", "long trial")
]
"""Those that are members: each place with each interval, each state with each card."""


@pytest.fixture
def taxed() -> Iterator[None]:
    domestic_tax.set_tax(TaxTerms(2000, inclusive=True))
    yield
    domestic_tax.set_tax(NO_TAX)


def test_every_cell_of_place_card_interval_and_state_has_its_days(taxed: None) -> None:
    """Reckoned for a membership in its second month, of which nothing is stored."""
    at = clock.now()
    for place, network, interval, state in CELLS:
        country, region = PLACES[place]
        where = notice_timing.Residence(country, region, network)
        plan = PLANS(*INTERVALS[interval])
        begins = at - {"trialing": 14 * DAY, "long trial": 45 * DAY}.get(state, 60 * DAY)
        days = (
            notice_timing.before_trial_end(begins, at, where)
            if "trial" in state
            else notice_timing.before_renewal(plan, begins, at, where)
        )
        if state in ("active", "trialing", "long trial"):
            assert days == expected(place, network, interval, state), (place, network, interval, state)


async def test_each_notice_goes_out_on_its_day_once_to_whom_it_is_for_and_is_true(shop: Shop, taxed: None) -> None:
    """All members at once: one who joined, and a copy for each cell, whose charge comes at the same instant."""
    charged_at = clock.now() + 200 * DAY
    cells = await _members(shop, charged_at)
    days = sorted({day for cell in cells.values() for day in expected(*cell)}, reverse=True)
    found: dict[str, list[int]] = {}
    for day in [91, *days, 1]:
        for earlier in (HOUR, -HOUR):
            clock.set_everywhere(charged_at - day * DAY - earlier)
            for _twice in range(1 if earlier == HOUR else 2):
                await notice_emails.send_renewal_notices()
                await notice_emails.send_trial_notices()
            for to in await _written_to():
                assert earlier == -HOUR, (to, day, "before its day")
                found.setdefault(to, []).append(day)
    told = {cell: tuple(found.get(email, ())) for email, cell in cells.items()}
    assert told == {cell: expected(*cell) for cell in cells.values()}
    for row in await database.fetch("SELECT recipient, text FROM email WHERE recipient LIKE '%@example.com'"):
        price, text = PRICES[cells[row["recipient"]][2]], row["text"]
        assert f"£{price / 100:.2f}" in text and f"£{price / 600:.2f} VAT" in text, row["recipient"]
        assert "cancel without signing in" in text and "/cancel-membership/now/" in text
        assert "Payment date" in text and "Visa ending in 4242" in text


async def test_a_member_whose_rows_are_broken_keeps_no_other_from_their_notice(shop: Shop, taxed: None) -> None:
    """The broken one renews first. Everybody else is told, and the job counts as failed, so that somebody looks."""
    charged_at = clock.now() + 200 * DAY
    cells = await _members(shop, charged_at)
    broken = "gb-visa-year-active@example.com"
    await database.execute(_OF_NO_LENGTH, ids.new(), broken)
    clock.set_everywhere(charged_at - 21 * DAY + HOUR)
    with pytest.raises(ExceptionGroup, match="renewal notice: 1 failed"):
        await notice_emails.send_renewal_notices()
    rows = await database.fetch("SELECT recipient FROM email WHERE template = 'renewal_notice'")
    told = {row["recipient"] for row in rows}
    assert told == {email for email, cell in cells.items() if max(expected(*cell), default=0) >= 21} - {broken}
    assert len(told) > 3


_OF_NO_LENGTH = """
WITH one AS (
  SELECT s.id, s.plan_version FROM subscription s JOIN person p ON p.id = s.payer WHERE p.email = $2
), version AS (
  INSERT INTO plan_version (id, plan, price, currency, interval, interval_count, is_once, from_at, until_at)
  SELECT $1, v.plan, 100, v.currency, 'life', 1, true, now() - interval '9 years', now() - interval '8 years'
  FROM plan_version v JOIN one ON v.id = one.plan_version RETURNING id
)
UPDATE subscription s SET plan_version = version.id, current_period_end = current_period_end - interval '1 hour'
FROM one, version WHERE s.id = one.id
"""


async def _members(shop: Shop, charged_at: datetime) -> dict[str, tuple[str, str, str, str]]:
    for interval, (unit, count) in INTERVALS.items():
        await plans.create(
            slug=interval, name=interval.title(), summary="", price=PRICES[interval], interval=unit,
            interval_count=count, by=None,
        )  # fmt: skip
    await join_members.joins(shop, plan_catalogue.by_slug("year"))
    of_maya = await database.fetch_value("SELECT id FROM subscription")
    await database.execute("UPDATE subscription SET cancel_at = now()")
    made = {}
    for place, network, interval, state in WALKED:
        email = f"{place}-{network}-{interval}-{state}@example.com".lower().replace(" ", "-")
        person, subscription = ids.new(), ids.new()
        long = {"trialing": 14 * DAY, "long trial": 45 * DAY}.get(state, 30 * DAY)
        await database.execute(_PERSON, person, email)
        await addresses.add(person, name="A", line1="1", country=PLACES[place][0], region=PLACES[place][1])
        await database.execute(
            _SUBSCRIPTION, subscription, person, plan_catalogue.by_slug(interval).version_id,
            {"cancelling": "active", "long trial": "trialing"}.get(state, state), charged_at - long, charged_at,
            charged_at if state == "cancelling" else None, charged_at - DAY if state == "cancelled" else None,
            charged_at - 180 * DAY,
        )  # fmt: skip
        await database.execute(_MIRRORED, of_maya, subscription, f"sub_{subscription.hex}", network)
        made[email] = (place, network, interval, state)
    return made


_PERSON = "INSERT INTO person (id, email, name, created_at) VALUES ($1, $2, 'A', now())"
_SUBSCRIPTION = """
INSERT INTO subscription (id, payer, plan_version, status, current_period_start, current_period_end, cancel_at,
  ended_at, started_at, created_at, attempt) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 1)
"""
_MIRRORED = """
INSERT INTO mirrored_subscription (stripe_id, local_id, customer, status, price, amount, currency, started_at,
  payment_method, card_brand, card_last4, card_expires, mirrored_at)
SELECT $3, $2, customer, status, '', amount, currency, started_at, payment_method, $4, card_last4, card_expires,
  mirrored_at FROM mirrored_subscription WHERE local_id = $1
"""
_seen: set[UUID] = set()
PLANS = namedtuple("PLANS", "interval interval_count")


async def _written_to() -> list[str]:
    """Who has got one since this was asked last."""
    rows = await database.fetch("SELECT id, recipient FROM email WHERE template IN ('renewal_notice', 'trial_ending')")
    new = [row for row in rows if row["id"] not in _seen]
    _seen.update(row["id"] for row in new)
    return [row["recipient"] for row in new]


async def test_a_reminder_each_year_or_half_year_where_that_is_asked(shop: Shop) -> None:
    """California's yearly one of a monthly plan, the shop's own choice, and what is not in force yet."""
    half, year = (
        law_rules.LawRule(key="", about="renewal", summary="", source="", url="", every_months=months)
        for months in (6, 12)
    )
    asked = {}
    for rule in (half, year):
        for term in (1, 3, 4, 12):
            renewals = range(term, 25, term)
            told = [paid for paid in renewals if notice_days.is_asked(rule, months_paid=paid, term_months=term)]
            asked[rule.every_months, term] = told
    assert asked == {
        (6, 1): [6, 12, 18, 24], (6, 3): [6, 12, 18, 24], (6, 4): [4, 12, 16, 24], (6, 12): [12, 24],
        (12, 1): [12, 24], (12, 3): [12, 24], (12, 4): [12, 24], (12, 12): [12, 24],
    }  # fmt: skip
    british = law_rules.rules("renewal", on=date(2026, 12, 1), country="GB")
    assert british == (), "its regulations are not made"
    assert law_rules.asks("withdrawal_page", on=date(2026, 6, 19), countries=frozenset({"US", "AT"}))
    assert not law_rules.asks("withdrawal_page", on=date(2026, 6, 18), countries=frozenset({"AT"}))
    await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    for wish, times in (("year", 0), ("half_year", 1), ("every", 1)):
        await setting_rows.change({"renewal_notices": wish}, by=None)
        await database.execute("DELETE FROM email WHERE template = 'renewal_notice'")
        await database.execute("UPDATE subscription SET started_at = current_period_end - interval '6 months'")
        clock.set_everywhere(datetime(2027, 3, 26, 8, tzinfo=UTC))
        await notice_emails.send_renewal_notices()
        assert await database.fetch_value("SELECT count(*) FROM email WHERE template = 'renewal_notice'") == times, wish


async def test_the_link_in_a_notice_cancels_without_signing_in_once_and_only_before_that_charge(shop: Shop) -> None:
    await join_members.joins(shop, await make_plans.club())
    clock.set_everywhere(datetime(2028, 2, 10, 12, tzinfo=UTC))
    await notice_emails.send_renewal_notices()
    newest = (await mailbox.email_page(template="renewal_notice")).emails[0]
    (link,) = [
        word.split("test", 1)[1] if "test/" in word else word[word.index("/cancel") :]
        for word in (await mailbox.practice_email(newest.id)).text.split()
        if "/cancel-membership/now/" in word
    ]
    stranger = shop.browser()
    asked = await stranger.get(link)
    assert "Cancel your membership?" in asked.words and "1 March 2028" in asked.words
    assert (await stranger.get(f"{link}x")).status == 404
    moved = "UPDATE subscription SET current_period_end = current_period_end + interval '30 days' * $1"
    await database.execute(moved, 1)
    assert (await stranger.get(link)).status == 410, "it is for another charge"
    await database.execute(moved, -1)
    done = await stranger.submit(asked, link)
    assert "You won’t be charged again" in done.words
    row = await join_members.subscription()
    assert row["cancel_at"] == datetime(2028, 3, 1, 12, tzinfo=UTC)
    assert (await stranger.get(link)).status == 410, "it works once"
    await shop.catch_up()
    assert len((await mailbox.email_page(template="cancellation_receipt")).emails) == 1


async def test_a_new_price_is_told_anew_when_its_day_slips_and_near_enough_for_california(shop: Shop) -> None:
    plan = await make_plans.club(price=400)
    await join_members.joins(shop, plan)
    await addresses.add(await join_members.person(), name="M", line1="1", country="US", region="CA")
    await plans.revise(plan.id, price=500, by=None)
    clock.set_everywhere(datetime(2028, 1, 10, 9, tzinfo=UTC))
    wanted = plan_catalogue.by_slug("annual")
    await price_migrations.schedule(wanted, from_at=clock.now() + DAY, notice_days=45, by=None)

    async def told() -> list[str]:
        await price_migrations.run_due()
        await shop.catch_up()
        await price_emails.send_price_notices()
        rows = await database.fetch(
            "SELECT subject, text FROM email WHERE template = 'price_moves' ORDER BY created_at"
        )
        return [
            row["subject"].rsplit("on ", 1)[1] + (" anew" if "an earlier day" in row["text"] else "") for row in rows
        ]

    first = ["1 March 2028"]
    assert await told() == first
    clock.set_everywhere(datetime(2028, 1, 20, 9, tzinfo=UTC))
    assert await told() == first, "told, and too soon for the second"
    kept = await subscriptions.running(await join_members.person())
    assert isinstance(kept, Subscription)
    await database.execute("UPDATE subscription SET current_period_end = current_period_end + interval '10 days'")
    slipped = [*first, "11 March 2028 anew"]
    for _ in range(2):
        assert await told() == slipped
    clock.set_everywhere(datetime(2028, 2, 20, 9, tzinfo=UTC))
    assert await told() == slipped
    clock.set_everywhere(datetime(2028, 2, 27, 9, tzinfo=UTC))
    for _ in range(2):
        assert await told() == [*slipped, "11 March 2028"], "between 7 and 30 days before, as California asks"


_FOLLOWING = """
INSERT INTO membership (id, holder, plan, source, source_id, starts_at, ends_at, note)
SELECT $1, holder, plan, 'gift', $3, ends_at, ends_at + interval '90 days', '' FROM membership WHERE id = $2
"""


async def test_what_nobody_is_billed_for_is_told_two_weeks_before_it_ends_unless_something_follows(shop: Shop) -> None:
    plan = await make_plans.club()
    noor, maya = await people.customer("noor@kiln.test"), await people.customer("maya@kiln.test")
    iris, until = await people.owner(), clock.now() + 60 * DAY
    for person in (noor, maya):
        held = await complimentary.grant(person.id, plan, until=until, by=iris.id)
    await database.execute(_FOLLOWING, ids.new(), held.id, ids.new())
    for left, told in ((15, []), (13, ["noor@kiln.test"]), (12, ["noor@kiln.test"])):
        clock.set_everywhere(until - left * DAY)
        await notice_emails.send_ending_notices()
        rows = await database.fetch("SELECT recipient, text FROM email WHERE template = 'membership_ending'")
        assert [row["recipient"] for row in rows] == told, left
    assert "It doesn't renew, and you won't be charged" in rows[0]["text"] and "a gift" not in rows[0]["text"]
