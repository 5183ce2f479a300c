"""What each plan had of every movement is what a walk over fees and movements gives, however little is rolled up."""

import random
from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from components.foundation import clock, database, ids
from components.insights.movements import movements
from components.insights.rollups import figure_rolls, kept_comparison, unrolled
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from tests.components.insights.test_kept_figures import PEOPLE, History, some_movements
from tests.conftest import NOON
from tests.figures.ledger_walk import merge_changes
from tests.support import make_plans

DAY = timedelta(days=1)
LONDON = ZoneInfo("Europe/London")
MONTHS = range(2026 * 12 + 9, 2027 * 12 + 4)
"""From October 2026 to April 2027."""


@pytest.fixture
async def plans(db: None) -> list[PlanView]:
    with clock.frozen(NOON - 800 * DAY):
        await make_plans.club(price=450, interval="month", slug="monthly")
        await make_plans.club(price=900, interval="month", slug="better")
        await make_plans.club(price=3900, interval="year", slug="annual")
    return [plan_catalogue.by_slug(slug) for slug in ("monthly", "better", "annual")]


async def paid(person: UUID, plan: PlanView, at: datetime, *, late: timedelta = timedelta()) -> None:
    sub = await database.fetch_value("SELECT id FROM subscription WHERE payer = $1", person)
    if sub is None:
        sub = ids.new()
        await database.execute(
            """INSERT INTO subscription (id, payer, plan_version, status, attempt, created_at, started_at)
            VALUES ($1, $2, $3, 'active', 1, $4, $4)""",
            sub, person, plan.version_id, at,
        )  # fmt: skip
    await database.execute(
        """INSERT INTO paid_period (id, subscription, invoice, starts_at, ends_at, amount, currency, paid_at,
          plan_version, net_amount, net_price, is_partial, is_opening)
        VALUES ($1::uuid, $2, 'in_' || $1::text, $3, $4, 450, 'GBP', $5, $6, 450, 450, false, false)""",
        ids.new(), sub, at, at + 30 * DAY, at + late, plan.version_id,
    )  # fmt: skip


async def walked() -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    """By month and plan: what it had at its end, and its members; worked out member by member, month by month."""
    fees = defaultdict[UUID, list[tuple[datetime, datetime, str]]](list)
    for person, starts_at, paid_at, slug in await database.fetch_rows(_FEES):
        at = paid_at if paid_at - starts_at >= timedelta(hours=6) else starts_at
        fees[person].append((at, starts_at, slug))
    changes = merge_changes(await movements.ledger())
    mrr, people = defaultdict[tuple[str, str], int](int), defaultdict[tuple[str, str], int](int)
    for edge in (datetime(n // 12, n % 12 + 1, 1, tzinfo=LONDON) for n in MONTHS):
        for person in PEOPLE:
            mine = [one for one in changes if one.person == person and one.at < edge]
            known = [one for one in fees[person] if one[0] < edge] or sorted(fees[person])[:1]
            slug = max(known, key=lambda one: one[1])[2] if known else ""
            if mine and mine[-1].balance:
                mrr[f"{edge:%Y-%m}", slug] += mine[-1].balance
                people[f"{edge:%Y-%m}", slug] += mine[-1].balance > 0
    return {key: one for key, one in mrr.items() if one}, {key: one for key, one in people.items() if one}


_FEES = """SELECT s.payer, d.starts_at, d.paid_at, p.slug FROM paid_period d
  JOIN subscription s ON s.id = d.subscription JOIN plan_version v ON v.id = d.plan_version
  JOIN plan p ON p.id = v.plan ORDER BY d.starts_at"""


async def shown() -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    mrr, people = defaultdict[tuple[str, str], int](int), defaultdict[tuple[str, str], int](int)
    rows = await database.fetch_rows(_SHOWN, *unrolled.args())
    for edge in (f"{n // 12}-{n % 12 + 1:02}" for n in MONTHS):
        for month, slug, amount, more in rows:
            if month < edge:
                mrr[edge, slug] += amount
                people[edge, slug] += more
    return {key: one for key, one in mrr.items() if one}, {key: one for key, one in people.items() if one}


_SHOWN = f"""{unrolled.PLANS_CHANGED} SELECT to_char(m.month, 'YYYY-MM'), coalesce(p.slug, ''), m.amount, m.people
FROM ({unrolled.plan_parts_of_months()}) m LEFT JOIN plan p ON p.id = m.plan"""


async def agree() -> None:
    assert await shown() == await walked()
    assert await kept_comparison.compare() == []
    assert await database.fetch_rows(_OF_KINDS, *unrolled.args()) == []


_OF_KINDS = f"""{unrolled.PLANS_CHANGED}, apart AS (SELECT month, kind, because, sum(amount) AS amount,
    sum(people) AS people, sum(members_left) AS members_left
  FROM ({unrolled.plan_parts_of_months()}) p GROUP BY month, kind, because),
together AS ({unrolled.month_parts("month, kind, because", "amount people members_left")})
SELECT * FROM apart FULL JOIN together USING (month, kind, because)
WHERE (apart.amount, apart.people, apart.members_left) IS DISTINCT FROM
  (together.amount, together.people, together.members_left)
  AND NOT (kind = 'switch' AND (apart.amount, apart.people) = (0, 0))"""


@pytest.mark.parametrize("seed", range(6))
async def test_plans_have_what_their_members_pay_whatever_is_rolled_up(plans: list[PlanView], seed: int) -> None:
    dice, history = random.Random(seed), History()
    for n in range(60):
        person = dice.choice(PEOPLE)
        minutes = dice.randrange(216_000)
        if dice.random() < 0.6:
            await history.write((PEOPLE.index(person), minutes, 0, dice.choice([0, 200, 450, 900])))
        if dice.random() < 0.5:
            at = NOON - timedelta(minutes=minutes if dice.random() < 0.5 else dice.randrange(216_000))
            await paid(person, dice.choice(plans), at, late=timedelta(hours=dice.choice([0, 1, 7, 300])))
        if n % 7 == 3:
            await figure_rolls.roll()
        if n % 15 == 14:
            await agree()
    await figure_rolls.roll_all()
    await agree()


async def test_another_plan_for_the_same_money_is_no_movement_and_still_goes_to_the_other_plan(
    plans: list[PlanView],
) -> None:
    history = History()
    await history.write((0, 60 * 24 * 90 + 1, 0, 450))
    since = NOON - timedelta(minutes=60 * 24 * 90 + 1)
    await paid(PEOPLE[0], plans[0], since)
    await figure_rolls.roll_all()
    await paid(PEOPLE[0], plans[1], NOON - 30 * DAY)
    for _ in range(2):
        rows = await database.fetch_rows(_TURNS, *unrolled.args())
        assert rows == [("in plan", "better", 450, 1), ("out plan", "monthly", -450, -1)]
        await agree()
        await figure_rolls.roll_all()


_TURNS = f"""{unrolled.PLANS_CHANGED} SELECT turn, p.slug::text, m.amount, m.people
FROM ({unrolled.plan_parts_of_months()}) m JOIN plan p ON p.id = m.plan WHERE turn <> '' ORDER BY turn"""


async def test_a_plan_kept_wrong_is_seen_at_night(plans: list[PlanView]) -> None:
    await some_movements()
    await figure_rolls.roll_all()
    await database.execute("UPDATE figure_plan_month SET plan_left = plan_left + 1")
    await database.execute("UPDATE figure_plan_movement SET turn = 'in'")
    assert {one.name for one in await kept_comparison.compare()} == {"plans of movements", "months of plans"}
