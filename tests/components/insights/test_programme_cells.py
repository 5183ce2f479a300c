"""The figures of the programme, cell by cell: what is due, renewed, saved, recovered and owed, by rows made by hand."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import pytest

from components.foundation import clock, database
from components.insights.movements.mrr import KINDS, MrrPeriod
from components.insights.programme import cancel_figures, dunning, member_lift, movement_rates, renewal_rate
from components.insights.programme.movement_rates import ChurnPart, MovementRates, StartersPart
from components.insights.rollups import figure_rolls
from components.insights.tables import Movement
from tests.support import make_plans

pytestmark = pytest.mark.usefixtures("db")
DAY = timedelta(days=1)
START, NOW = datetime(2027, 1, 10, tzinfo=UTC), datetime(2027, 3, 20, tzinfo=UTC)
SPAN = (datetime(2027, 2, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC))
SUBSCRIPTION = """INSERT INTO subscription (id, payer, plan_version, status, created_at, started_at, ended_at)
  VALUES ($1, $2, $3, 'active', $4, $4, $5)"""
PAID = """INSERT INTO paid_period (id, subscription, invoice, starts_at, ends_at, amount, currency, paid_at,
  plan_version, net_amount, net_price, is_partial, is_opening)
  VALUES ($1, $2, $3, $4, $5, $6, 'GBP', $4, $7, $6, 450, $8, $9)"""
PAUSE = "INSERT INTO pause (id, subscription, from_at, until_at, begun_at, ended_at) VALUES ($1, $2, $3, $4, $3, $4)"
RESTS = "INSERT INTO pause (id, subscription, from_at, until_at, begun_at) VALUES ($1, $2, $3, $4, $3)"
ATTEMPT = "INSERT INTO cancel_attempt (id, subscription, person, reason, at) VALUES ($1, $2, $1, $3, $4)"
FAILED = """INSERT INTO mirrored_invoice (stripe_id, local_id, reason, status, total, currency, failed_at, created_at,
  mirrored_at) VALUES ($1, $2, $3, $4, 450, 'GBP', $5, $6, $5)"""


class Rows:
    """Writes one subscription after another; its periods begin a month apart, the first at START."""

    def __init__(self, version: UUID, other: UUID) -> None:
        self.version, self.other = version, other

    async def subscription(self, *amounts: int, ended_at: datetime | None = None, **more: Any) -> UUID:
        subscription = uuid4()
        await database.execute(SUBSCRIPTION, subscription, uuid4(), self.version, START, ended_at)
        for number, amount in enumerate(amounts):
            month = START.replace(month=1 + number)
            await self.paid(subscription, month, month.replace(month=2 + number), amount, **more)
        return subscription

    async def paid(
        self, subscription: UUID, from_at: datetime, until: datetime, amount: int = 450, *, version: UUID | None = None,
        is_partial: bool = False, is_opening: bool = False,
    ) -> None:  # fmt: skip
        of = version or self.version
        await database.execute(
            PAID, uuid4(), subscription, str(uuid4()), from_at, until, amount, of, is_partial, is_opening
        )


@pytest.fixture
async def rows() -> Any:
    with clock.frozen(NOW):
        versions = [(await make_plans.club(slug=slug, price=450, interval="month")).version_id for slug in ("a", "b")]
        yield Rows(*versions)


async def due() -> tuple[int, int, int]:
    (found,) = await database.batch(renewal_rate.query(*SPAN))
    whole = renewal_rate.together(found)
    listed = [one.state async for one in renewal_rate.rows(*SPAN).every()]
    assert sorted(listed) == sorted(
        ["renewed"] * whole.renewed + ["not renewed"] * (whole.due - whole.renewed) + ["waiting"] * whole.waiting
    )
    return whole.due, whole.renewed, whole.waiting


async def test_another_period_paid_for_is_a_renewal_and_an_end_is_none(rows: Rows) -> None:
    await rows.subscription(450, 450)
    await rows.subscription(450, ended_at=START + 31 * DAY)
    assert await due() == (2, 1, 0)


async def test_a_renewal_paid_with_credit_counts_and_the_end_of_a_trial_does_not(rows: Rows) -> None:
    await rows.subscription(450, 0)
    await rows.subscription(0, 450)
    assert await due() == (1, 1, 0)


async def test_what_is_less_than_thirty_days_late_is_waited_for(rows: Rows) -> None:
    late = await rows.subscription()
    await rows.paid(late, START, NOW - 29 * DAY)
    gone = await rows.subscription()
    await rows.paid(gone, START, NOW - 31 * DAY)
    assert await due() == (1, 0, 1)


async def test_what_has_ended_is_waited_for_no_more(rows: Rows) -> None:
    cancelled = await rows.subscription(ended_at=NOW - 25 * DAY)
    await rows.paid(cancelled, START, NOW - 25 * DAY)
    assert await due() == (1, 0, 0)


async def test_a_pause_moves_what_is_due_and_while_it_lasts_nothing_is(rows: Rows) -> None:
    paused = await rows.subscription(450)
    await database.execute(PAUSE, uuid4(), paused, START + DAY, START + 11 * DAY)
    assert await due() == (0, 0, 1), "20 February, and 28 days late on 20 March"
    earlier = await rows.subscription()
    await rows.paid(earlier, START - 31 * DAY, START)
    await database.execute(PAUSE, uuid4(), earlier, START - DAY, START + 29 * DAY)
    assert await due() == (1, 0, 1), "9 February, although its period ended in January"
    resting = await rows.subscription(450)
    await database.execute(RESTS, uuid4(), resting, START + DAY, NOW + DAY)
    assert await due() == (1, 0, 1)


async def test_a_change_of_plan_at_once_cuts_a_period_short_that_was_never_due(rows: Rows) -> None:
    rest, whole = await rows.subscription(), await rows.subscription()
    cut = SPAN[0] + 3 * DAY
    await rows.paid(rest, START, cut)
    await rows.paid(rest, cut, START + 31 * DAY, 100, version=rows.other, is_partial=True)
    await rows.paid(rest, START + 31 * DAY, START + 59 * DAY, version=rows.other)
    await rows.paid(whole, START, cut)
    await rows.paid(whole, cut, cut + 28 * DAY, version=rows.other)
    assert await due() == (1, 1, 0), "only the rest of the first was due, and renewed"


async def test_who_was_adopted_renews_and_a_plan_is_counted_by_itself(rows: Rows) -> None:
    adopted = await rows.subscription(0, is_opening=True)
    await rows.paid(adopted, START + 31 * DAY, START + 59 * DAY, version=rows.other)
    assert await due() == (1, 1, 0)
    for version, number in ((rows.version, 1), (rows.other, 0)):
        plan = await database.fetch_value("SELECT plan FROM plan_version WHERE id = $1", version)
        (found,) = await database.batch(renewal_rate.query(*SPAN, plan))
        assert renewal_rate.together(found).due == number


async def asked() -> dict[str, tuple[int, int, int]]:
    (found,) = await database.batch(cancel_figures.query(START, NOW))
    return {one.reason: (one.attempts, one.stayed, one.waiting) for one in found}


async def attempt(subscription: UUID, reason: str, at: datetime) -> None:
    await database.execute(ATTEMPT, uuid4(), subscription, reason, at)


async def test_who_pays_after_the_next_renewal_was_saved_the_last_attempt_before_it_counts(rows: Rows) -> None:
    stays = await rows.subscription(450, 450, 450)
    await attempt(stays, "price", START + DAY)
    await attempt(stays, "use", START + 2 * DAY)
    await attempt(stays, "choice", START + 40 * DAY)
    left = await rows.subscription(450, ended_at=START + 31 * DAY)
    await attempt(left, "price", START + DAY)
    not_yet = await rows.subscription(450, 450, 450)
    await attempt(not_yet, "else", NOW - DAY)
    assert await asked() == {"use": (1, 1, 0), "choice": (1, 1, 0), "price": (1, 0, 0), "else": (1, 0, 1)}
    whole = cancel_figures.together((await database.batch(cancel_figures.query(START, NOW)))[0])
    assert (whole.stayed, whole.decided, str(whole.rate)) == (2, 3, "2/3")


async def test_a_smaller_plan_at_once_is_no_renewal_after_an_attempt(rows: Rows) -> None:
    changed = await rows.subscription(450, ended_at=START + 31 * DAY)
    await attempt(changed, "price", START + DAY)
    await rows.paid(changed, START + 2 * DAY, START + 31 * DAY, 100, version=rows.other, is_partial=True)
    assert await asked() == {"price": (1, 0, 0)}


@pytest.mark.parametrize(
    ("status", "reason", "wanted"),
    [
        ("paid", "subscription_cycle", (1, 450, 1, 450, 0)),
        ("open", "subscription_cycle", (1, 450, 0, 0, 1)),
        ("uncollectible", "subscription_cycle", (1, 450, 0, 0, 0)),
        ("void", "subscription_cycle", (1, 450, 0, 0, 0)),
        ("paid", "subscription_update", (0, 0, 0, 0, 0)),
    ],
)
async def test_a_failed_renewal_is_recovered_waiting_or_lost(
    rows: Rows, status: str, reason: str, wanted: tuple[int, ...]
) -> None:
    subscription, due_at = await rows.subscription(450), START + 31 * DAY
    trial = await rows.subscription(0)
    for name, of in (("in_1", subscription), ("in_2", trial)):
        await database.execute(FAILED, name, of, reason, status, due_at + timedelta(hours=1), due_at)
    (found,) = await database.batch(dunning.query(*SPAN))
    got = (found.failed, found.failed_amount, found.recovered, found.recovered_amount, found.waiting)
    assert got == wanted, "what is charged after a trial is no renewal"


def test_ratios_of_movements_are_those_of_their_definitions() -> None:
    moved = dict.fromkeys(KINDS, 0) | {
        "new": 300,
        "expansion": 50,
        "reactivation": 70,
        "contraction": -40,
        "churn": -60,
    }
    starters = StartersPart(lost=100, lost_of_start=100, expansion=50)
    rates = MovementRates(MrrPeriod(SPAN[0], SPAN[1], 1000, moved), {"other": ChurnPart(1, 60)}, starters)
    assert [float(one or 0) for one in (rates.grr, rates.nrr, rates.quick_ratio)] == [0.9, 0.95, 4.2]
    nothing = MovementRates(MrrPeriod(SPAN[0], SPAN[1], 0, dict.fromkeys(KINDS, 0)), {})
    assert (nothing.grr, nothing.nrr, nothing.quick_ratio) == (None, None, None)


async def test_what_is_kept_is_of_those_who_paid_at_the_start(rows: Rows) -> None:
    """Seven paid 400 and stays. Eight paid 400, then 600, left, came back and left again. Nine joined and left."""
    told = (
        (7, -40, "new", 400, 400), (8, -40, "new", 400, 400), (8, 3, "expansion", 200, 600), (8, 5, "churn", -600, 0),
        (8, 9, "reactivation", 400, 400), (8, 12, "churn", -400, 0), (9, 4, "new", 900, 900), (9, 8, "churn", -900, 0),
    )  # fmt: skip
    for turn, (person, day, kind, amount, balance) in enumerate(told, start=1):
        at = SPAN[0] + timedelta(days=day)
        await Movement.insert(
            Movement(id=uuid4(), person=UUID(int=person), turn=turn, kind=kind, amount=amount, balance=balance, at=at,
                     noted_at=NOW)
        )  # fmt: skip
    (found,) = await database.batch(movement_rates.query(*SPAN))
    assert (found.period.start, found.lost) == (800, 1900)
    assert found.starters == StartersPart(lost=600, lost_of_start=400, expansion=200)
    assert (found.grr, found.nrr) == (Fraction(1, 2), Fraction(1, 2))
    kinds = ("churn", "contraction", "expansion")
    shown = [one.amount async for one in movement_rates.rows(*SPAN, kinds, of_starters=True).every()]
    assert shown == [-600, 200]


async def test_a_span_may_begin_and_end_within_a_month(rows: Rows) -> None:
    for turn, (day, amount, balance) in enumerate(((5, 400, 400), (12, 100, 500), (20, -500, 0)), start=1):
        kind = ("new", "expansion", "churn")[turn - 1]
        await Movement.insert(
            Movement(id=uuid4(), person=UUID(int=7), turn=turn, kind=kind, amount=amount, balance=balance,
                     at=SPAN[0].replace(day=day), noted_at=NOW)
        )  # fmt: skip
    for _ in range(2):
        (found,) = await database.batch(movement_rates.query(SPAN[0].replace(day=10), SPAN[0].replace(day=15)))
        assert (found.period.start, found.period.end, found.won, found.lost) == (400, 500, 100, 0)
        (found,) = await database.batch(movement_rates.query(SPAN[0].replace(day=10), SPAN[1]))
        assert (found.period.start, found.lost, found.churned["other"]) == (400, 500, ChurnPart(1, 500))
        await figure_rolls.roll_all()


async def test_who_left_twice_is_one_member_of_the_reason(rows: Rows) -> None:
    for turn, (day, kind, amount, because) in enumerate(
        (
            (2, "new", 450, ""), (6, "churn", -450, "cancelled"), (9, "reactivation", 450, ""),
            (13, "churn", -450, "cancelled"), (16, "reactivation", 450, ""), (20, "churn", -450, "payment failed"),
        ),
        start=1,
    ):  # fmt: skip
        await Movement.insert(
            Movement(id=uuid4(), person=UUID(int=7), turn=turn, kind=kind, amount=amount, balance=max(amount, 0),
                     because=because, at=SPAN[0].replace(day=day), noted_at=NOW)
        )  # fmt: skip
    wanted = {"cancelled": ChurnPart(1, 900), "payment failed": ChurnPart(1, 450), "other": ChurnPart()}
    for _ in range(2):
        (found,) = await database.batch(movement_rates.query(*SPAN))
        assert found.churned == wanted and found.period.moved["churn"] == -1350
        await figure_rolls.roll_all()


async def test_of_nobody_nothing_is_said() -> None:
    (found,) = await database.batch(member_lift.query(*SPAN))
    assert (found.members.average, found.others.repeat_rate) == (None, None)
