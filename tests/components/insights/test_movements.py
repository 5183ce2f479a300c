"""The ledger follows memberships, however its news travels, and its sum is the MRR."""

import asyncio
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from components.foundation import clock, database
from components.insights import invariants
from components.insights.movements import epochs, movements
from components.insights.tables import Movement
from components.memberships.grants import imported_memberships
from components.memberships.plans import plan_catalogue
from components.people import customer_accounts
from tests.conftest import NOON
from tests.support import make_plans, people


@pytest.fixture(autouse=True)
async def club(db: None) -> None:
    with clock.frozen(NOON - timedelta(days=800)):
        await make_plans.club(price=3900, interval="year", slug="annual")
        await make_plans.club(price=450, interval="month", slug="monthly")


async def stayed(plan: str, *, began: int, ended: int, reason: str = "price", email: str = "theo@kiln.test") -> object:
    person = await customer_accounts.by_email(email) or await people.customer(email)
    started_at, ended_at = NOON - timedelta(days=began), NOON - timedelta(days=ended)
    with clock.frozen(started_at):
        await imported_memberships.import_membership(
            person.id, plan_catalogue.by_slug(plan, started_at), started_at=started_at, ended_at=ended_at, reason=reason
        )
    await movements.record(person.id, at=started_at + timedelta(minutes=1))
    await movements.record(person.id, at=ended_at + timedelta(minutes=1))
    return person.id


async def kinds() -> list[tuple[str, int, str]]:
    return [(each.kind, each.amount, each.because) for each in await movements.ledger()]


async def test_a_member_who_came_and_left_is_new_and_then_churn() -> None:
    await stayed("annual", began=400, ended=35)
    assert await kinds() == [("new", 325, ""), ("churn", -325, "cancelled")]
    assert await movements.mrr() == 0


async def test_churn_by_a_failed_payment_says_so() -> None:
    await stayed("monthly", began=90, ended=30, reason="")
    assert (await kinds())[-1] == ("churn", -450, "payment failed")


async def test_coming_back_is_a_reactivation() -> None:
    await stayed("annual", began=700, ended=335)
    await stayed("monthly", began=200, ended=110)
    assert [kind for kind, _, _ in await kinds()] == ["new", "churn", "reactivation", "churn"]


async def test_the_movement_is_dated_by_what_happened_not_by_when_it_was_noticed() -> None:
    await stayed("annual", began=400, ended=35)
    assert [each.at for each in await movements.ledger()] == [NOON - timedelta(days=400), NOON - timedelta(days=35)]


async def test_noting_again_and_all_at_once_changes_nothing() -> None:
    person = await stayed("annual", began=400, ended=35)
    noted = await asyncio.gather(*(movements.record(person, at=NOON) for _ in range(8)))  # type: ignore[arg-type]
    assert noted == [False] * 8
    assert len(await kinds()) == 2


async def test_a_cheaper_plan_that_is_heard_of_after_the_end_makes_no_balance_negative() -> None:
    person = await stayed("annual", began=400, ended=35)
    last = await Movement.objects().order_by(Movement.turn, ascending=False).first()
    assert isinstance(person, UUID) and last is not None and last.balance == 0
    cheaper, ended = NOON - timedelta(days=36), NOON - timedelta(days=35)
    late = [((cheaper, "contraction"), -104, ""), ((ended, "churn"), 104, "cancelled")]
    rows = epochs.rows(person, late, epoch=last.epoch, noted_at=NOON, after=[last])
    await Movement.insert(*rows)
    assert [row.balance for row in rows] == [104, 0]
    assert [(one.kind, one.balance) for one in await movements.ledger()][-2:] == [("contraction", 221), ("churn", 0)]


async def test_rows_of_the_ledger_are_only_ever_added() -> None:
    await stayed("annual", began=400, ended=35)
    for change in ("UPDATE movement SET amount = 1", "DELETE FROM movement"):
        with pytest.raises(asyncpg.RaiseError, match="only ever added"):
            await database.execute(change)


async def test_a_ledger_that_differs_from_the_rows_is_found() -> None:
    await stayed("annual", began=400, ended=35)
    assert await invariants.invariants() == []
    sql = """INSERT INTO movement (id, person, turn, kind, amount, balance, because, at, noted_at)
        SELECT gen_random_uuid(), person, 3, 'reactivation', 325, 325, '', $1, $1 FROM movement LIMIT 1"""
    await database.execute(sql, NOON)
    await database.execute("DELETE FROM procrastinate_jobs")
    (broken,) = await invariants.invariants()
    assert "Monday 1 March 2027 at 12:00: nothing was paid, paused or ended then" in broken


async def test_a_broken_chain_is_found() -> None:
    person = await stayed("annual", began=400, ended=35)
    sql = """INSERT INTO movement (id, person, turn, kind, amount, balance, because, at, noted_at)
        VALUES (gen_random_uuid(), $1, 4, 'new', 450, 777, '', $2, $2)"""
    await database.execute(sql, person, NOON)
    assert any("does not follow the one before it" in words for words in await invariants.invariants())
