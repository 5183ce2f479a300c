"""Kept figures are the figures of all movements, whatever has happened to them, and however little is rolled up yet."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from piccolo.querystring import QueryString

from components.foundation import clock, database, ids
from components.foundation.database import advisory_locks
from components.foundation.shop_settings import setting_rows, shop_settings
from components.insights.metrics import figures, metric_rows, metrics
from components.insights.metrics.row_pages import FIRST
from components.insights.movements import epochs, movements
from components.insights.movements.month_edges import month_edges, months_since
from components.insights.movements.mrr import change_kind
from components.insights.rollups import figure_rebuild, figure_rolls, kept_comparison
from components.insights.tables import Movement, MovementEpoch
from tests.conftest import NOON
from tests.figures.ledger_walk import churned, cohorts, group_by_month, merge_changes
from tests.support import databases
from tests.support.meanwhile import Meanwhile

PEOPLE = [UUID(int=n + 1) for n in range(5)]
EDGE = datetime(2027, 2, 1, tzinfo=UTC)
Step = tuple[int, int, int, int]
PERSON, WHEN = st.integers(0, 4), st.integers(0, 60 * 24 * 150)
NEAR = st.integers(-90, 90)
STEPS = st.lists(st.tuples(PERSON, WHEN, NEAR, st.sampled_from([0, 0, 200, 450, 900])), max_size=30)
DEEDS = st.lists(st.sampled_from(["write", "write", "write", "roll", "one", "anew", "epoch", "undo"]), max_size=12)


class History:
    """Movements of a few people as they may be written: late, out of order, twice at one instant, and taken back."""

    def __init__(self) -> None:
        self.balances: dict[UUID, int] = {}
        self.turns: dict[UUID, int] = {}
        self.resting: set[UUID] = set()

    async def write(self, step: Step) -> None:
        who, minutes, near, balance = step
        person, at = PEOPLE[who], NOON - timedelta(minutes=minutes)
        if minutes % 3 == 0:
            at = EDGE + timedelta(minutes=near)
        before = self.balances.get(person, 0)
        if balance == before:
            return
        kind = change_kind(
            before, balance, is_paused=minutes % 5 == 0, was_paused=person in self.resting,
            has_paid_before=person in self.turns, is_adopted=minutes % 7 == 0,
        )  # fmt: skip
        self.resting = self.resting | {person} if kind == "pause" else self.resting - {person}
        self.balances[person], self.turns[person] = balance, self.turns.get(person, 0) + 1
        row = _row(person, self.turns[person], kind, balance - before, balance, at)
        row.epoch = await epochs.current()
        await Movement.insert(row)

    async def pays(self, who: int, balance: int, at: datetime) -> None:
        """From this instant on; whatever they paid before."""
        person, before = PEOPLE[who], self.balances.get(PEOPLE[who], 0)
        kind = change_kind(
            before, balance, is_paused=False, was_paused=False, has_paid_before=person in self.turns
        )  # fmt: skip
        self.balances[person], self.turns[person] = balance, self.turns.get(person, 0) + 1
        await Movement.insert(_row(person, self.turns[person], kind, balance - before, balance, at))

    async def anew(self) -> None:
        """As a rebuild of the ledger does: those before stay, and only what follows counts."""
        number = 1 + await epochs.current()
        await MovementEpoch.insert(MovementEpoch(number=number, rules=3, words="", begun_at=NOON))
        self.balances, self.turns, self.resting = {}, {}, set()

    async def undo(self) -> None:
        """The one thing that is ever deleted: an adoption after which nothing came."""
        await database.execute(
            """DELETE FROM movement m WHERE kind = 'adopted' AND NOT EXISTS (SELECT FROM movement o
            WHERE o.person = m.person AND o.epoch = m.epoch AND o.turn > m.turn)"""
        )
        for person in PEOPLE:
            last = await _last(person)
            self.turns[person], self.balances[person] = last or (0, 0)


def _row(person: UUID, turn: int, kind: str, amount: int, balance: int, at: datetime) -> Movement:
    return Movement(
        id=ids.new(), person=person, turn=turn, kind=kind, amount=amount, balance=balance,
        because="cancelled" if kind == "churn" else "", at=at, noted_at=NOON,
    )  # fmt: skip


async def _last(person: UUID) -> tuple[int, int] | None:
    rows = await database.fetch_rows(
        "SELECT turn, balance FROM current_movements WHERE person = $1 ORDER BY turn DESC LIMIT 1", person
    )
    return rows[0] if rows else None  # type: ignore[return-value]


async def differences(*, number: int | None = 24) -> list[str]:
    """Of what is shown from what a walk over all movements gives."""
    changes, now = merge_changes(await movements.ledger()), clock.now()
    edges = month_edges(now, number or max(24, months_since(changes[0].at if changes else now, now)))
    shown = await metrics.months(number=number)
    compared = {
        "months": (list(shown.months), group_by_month(changes, edges)),
        "churn": (shown.churned, churned(changes, edges)),
        "cohorts": (shown.cohorts, cohorts(changes, edges, now)),
    }
    (members,) = await database.batch(figures.members())
    balances = dict(await database.fetch_rows(_BALANCES))
    compared["totals"] = (
        (members.paying, members.mrr, members.arr),
        (len(balances), sum(balances.values()), 12 * sum(balances.values())),
    )
    compared["people"] = ({one.id: one.a_month async for one in metric_rows.paying().every()}, balances)
    for from_at, until in pairwise(edges[-7:]):
        rows = [one async for one in metrics.movements_in(from_at, until).every()]
        here = [one for one in changes if from_at <= one.at < until]
        compared[f"rows of {from_at:%B}"] = (
            sorted((one.at, one.id, one.amount, one.balance, one.kind, one.because) for one in rows),
            sorted((one.at, one.person, one.amount, one.balance, one.kind, one.because) for one in here),
        )
    return [f"{name}: shown {one}, walked {other}" for name, (one, other) in compared.items() if one != other]


_BALANCES = "SELECT person, sum(amount)::bigint FROM current_movements GROUP BY person HAVING sum(amount) > 0"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, DEEDS)
async def test_whatever_was_rolled_up_in_between_the_figures_are_those_of_all_movements(
    db: None, steps: list[Step], deeds: list[str]
) -> None:
    await databases.empty()
    history, waiting = History(), list(steps)
    doing: dict[str, Callable[[], Awaitable[object]]] = {
        "roll": figure_rolls.roll_all, "one": figure_rolls.roll, "anew": figure_rebuild.rebuild,
        "epoch": history.anew, "undo": history.undo,
    }  # fmt: skip
    for deed in deeds:
        if deed in doing:
            await doing[deed]()
        for step in waiting[:4]:
            await history.write(step)
        waiting = waiting[4:]
        assert await differences() == []
    for step in waiting:
        await history.write(step)
    assert await differences(number=None) == []
    assert await kept_comparison.compare() == []
    await figure_rolls.roll_all()
    assert await differences(number=None) == []
    assert await kept_comparison.compare() == []
    assert await database.fetch_value("SELECT count(*) FROM figure_payer_change") == 0


async def some_movements(number: int = 200, seed: int = 1) -> History:
    history, dice = History(), random.Random(seed)
    for _ in range(number):
        await history.write((dice.randrange(5), dice.randrange(216_000), 0, dice.choice([0, 200, 450, 900])))
    return history


async def test_figures_rolled_up_are_not_read_from_the_movements(db: None) -> None:
    await some_movements()
    await figure_rolls.roll_all()
    await database.execute("UPDATE figure_month SET amount = amount + 1 WHERE kind = 'new'")
    await database.execute("UPDATE figure_cohort SET mrr = mrr + 1")
    assert {one.split(":")[0] for one in await differences()} >= {"months", "cohorts"}
    assert {one.name for one in await kept_comparison.compare()} == {"months", "cohorts"}
    await figure_rebuild.rebuild()
    assert await differences() == []


async def test_two_rebuilds_are_the_same_and_leave_every_index_its_name(db: None) -> None:
    await some_movements()
    kept = []
    before = await database.fetch(_INDEXES)
    for _ in range(2):
        await figure_rebuild.rebuild()
        assert await database.fetch(_INDEXES) == before
        kept.append([await database.fetch_rows(f"SELECT * FROM ({sql}) k ORDER BY k::text") for sql in _KEPT])
    assert kept[0] == kept[1] and all(kept[0])


_INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'figure%' ORDER BY 1"
_KEPT = (
    "SELECT month, kind, because, amount, movements, people, members_left FROM figure_month",
    "SELECT cohort, plan, every, month, people, mrr, joined, opening FROM figure_cohort",
    "SELECT person, place, at, kind, amount, balance, because, month, cohort, is_left FROM figure_movement",
    "SELECT person, at, month, plan, every, kind, turn, amount, people FROM figure_plan_movement",
    "SELECT month, plan, every, kind, because, turn, amount, movements, people FROM figure_plan_month",
    "SELECT person, a_month, a_year, since FROM figure_standing",
)


async def test_a_roll_that_dies_half_way_has_done_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    history = await some_movements()
    await figure_rolls.roll_all()
    await history.write((1, 77, 0, 200))
    await history.write((1, 44, 0, 900))
    may_still = 0

    def live_on() -> None:
        nonlocal may_still
        may_still -= 1
        if may_still < 0:
            raise ConnectionResetError

    async def dies(sql: str, *args: object) -> int:
        live_on()
        return await executes(sql, *args)

    async def dies_too(querystring: QueryString, in_pool: bool = True) -> object:
        live_on()
        return await runs(querystring, in_pool)

    executes, runs = database.execute, database.DB.run_querystring
    for left in reversed(range(17)):
        may_still = left
        with monkeypatch.context() as patch:
            patch.setattr(database, "execute", dies)
            patch.setattr(database.DB, "run_querystring", dies_too)
            with pytest.raises(ConnectionResetError):
                await figure_rolls.roll()
        assert await differences() == []
    assert await figure_rolls.roll() > 0 and await differences() == []


async def test_eight_writers_and_two_who_roll_up_lose_nothing(db: None) -> None:
    await figure_rolls.roll_all()
    people, is_over = [uuid4() for _ in range(8)], False

    async def writes(person: UUID) -> None:
        dice, balance = random.Random(person.int), 0
        for turn in range(1, 26):
            after = dice.choice([each for each in (0, 200, 450) if each != balance])
            kind = change_kind(balance, after, is_paused=False, was_paused=False, has_paid_before=turn > 1)
            async with database.transaction():
                await Movement.insert(
                    _row(person, turn, kind, after - balance, after, NOON - timedelta(hours=dice.randrange(4_000)))
                )
                await asyncio.sleep(dice.random() / 50)
            balance = after

    async def rolls() -> None:
        while not is_over:
            await figure_rolls.roll()
            await asyncio.sleep(0.005)

    async def looks() -> None:
        while not is_over:
            shown = await metrics.months()
            assert shown.months[-1].end == sum(one.end - one.start for one in shown.months) + shown.months[0].start
            await asyncio.sleep(0.01)

    others = [asyncio.create_task(work()) for work in (rolls, rolls, looks)]
    await asyncio.gather(*(writes(person) for person in people))
    is_over = True
    await asyncio.gather(*others)
    assert await differences() == []
    await figure_rolls.roll_all()
    assert await differences() == [] and await kept_comparison.compare() == []
    assert await database.fetch_value("SELECT count(*) FROM figure_payer_change") == 0


async def test_what_is_written_during_a_rebuild_stays_queued(db: None) -> None:
    history = await some_movements()
    writing = Meanwhile(history.write((1, 77, 0, 200 if history.balances[PEOPLE[1]] != 200 else 450)))
    await figure_rebuild.rebuild(lambda table, _: writing.may_begin() if table == "figure_movement" else None)
    await writing.task
    assert await database.fetch_value("SELECT count(*) FROM figure_payer_change") == 1
    assert await differences() == []


async def test_only_one_at_a_time_rolls_up(db: None) -> None:
    await some_movements()
    await figure_rolls.roll_all()
    await database.execute("INSERT INTO figure_payer_change (person) VALUES ($1)", PEOPLE[0])
    rolling = Meanwhile(figure_rolls.roll())
    async with database.transaction():
        await advisory_locks.take_turns(figure_rebuild.TURN)
        await rolling.begins()
        assert await rolling.task == 0
    assert await figure_rolls.roll() > 0


async def test_another_time_zone_holds_at_once_and_is_kept_with_the_next_roll(db: None) -> None:
    history = await some_movements()
    await history.write((2, 3, -30, 900 if history.balances.get(PEOPLE[2]) != 900 else 450))
    await figure_rolls.roll_all()
    in_london = await metrics.months()
    await setting_rows.change({"time_zone": "Pacific/Kiritimati"}, by=None)
    assert shop_settings.current().time_zone == "Pacific/Kiritimati"
    assert (await metrics.months()).months != in_london.months
    assert await differences() == [] and not await figure_rolls.is_current()
    await figure_rolls.roll_all()
    assert await differences() == [] and await figure_rolls.is_current()
    assert await kept_comparison.compare() == []


async def test_rows_of_a_month_come_some_at_a_time_each_once(db: None) -> None:
    await some_movements(400)
    edges = month_edges(clock.now(), 5)
    seen, after = [], FIRST
    while after:
        page = await metrics.movements_in(edges[0], edges[-1]).page(after)
        seen += [(one.at, one.id) for one in page.rows]
        assert len(page.rows) <= 50
        after = page.following  # type: ignore[assignment]
        await figure_rolls.roll_all()
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == len([one for one in merge_changes(await movements.ledger()) if one.at >= edges[0]])
