"""Money in the ledger: it comes from somewhere, goes somewhere, and never counts twice."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from components.foundation import clock, database, ids
from components.ledger import balances, cashback, credit, invariants, reservations, schedule, statements
from components.ledger.cashback import Cap
from components.ledger.credit import MoreThanGiven
from components.ledger.reservations import NotEnoughCredit
from components.people.facts import PersonErased
from tests.support import make_ledger_entries

MAYA, THEO = ids.new(), ids.new()


async def test_credit_given_twice_for_one_cause_is_given_once(db: None) -> None:
    assert await make_ledger_entries.give(MAYA, 500, cause="period:1")
    assert not await make_ledger_entries.give(MAYA, 500, cause="period:1")
    given = await asyncio.gather(*(make_ledger_entries.give(MAYA, 700, cause="period:2") for _ in range(8)))
    assert sum(given) == 1
    assert await make_ledger_entries.spendable(MAYA) == 1200
    assert await make_ledger_entries.account("credit_given") == -1200 and await make_ledger_entries.is_sound()


async def test_the_shop_takes_back_what_it_gave_last_and_nothing_that_is_the_persons_own(db: None) -> None:
    soon = clock.now() + timedelta(days=3)
    with clock.frozen(clock.now() - timedelta(hours=1)):
        await make_ledger_entries.give(MAYA, 500)
    await make_ledger_entries.give(MAYA, 300, until=soon)
    order = ids.new()
    await reservations.reserve(order, person_id=MAYA, amount=100, words="Order")
    await reservations.spend(order, amount=100, words="Order")
    await reservations.restore(order, amount=100, cause="refund", words="Refunded")
    with clock.frozen(clock.now() - timedelta(days=31)):
        await cashback.earn(make_ledger_entries.earning(MAYA, 70))
    await schedule.release_and_expire()
    assert (await make_ledger_entries.spendable(MAYA), await credit.given_left(MAYA)) == (870, 700)
    with pytest.raises(MoreThanGiven):
        await credit.take_back(MAYA, 701, cause="slip", words="A slip")
    taken = [await credit.take_back(MAYA, 250, cause="slip", words="A slip") for _ in range(2)]
    assert taken == [True, False] and await make_ledger_entries.spendable(MAYA) == 620
    assert [one.amount for one in await statements.expiring(MAYA) if one.expires_at == soon] == []
    with clock.frozen(soon):
        await schedule.release_and_expire()
        assert await credit.given_left(MAYA) == 450
    at_once = [credit.take_back(MAYA, 300, cause=f"again:{n}", words="Twice") for n in range(2)]
    done = await asyncio.gather(*at_once, return_exceptions=True)
    assert sorted(isinstance(one, MoreThanGiven) for one in done) == [False, True]
    assert await make_ledger_entries.account("credit_given") == -250 and await make_ledger_entries.is_sound()


async def test_cashback_waits_then_may_be_spent_then_runs_out(db: None) -> None:
    order = ids.new()
    assert await cashback.earn(make_ledger_entries.earning(MAYA, 300, order=order)) == 300
    assert await cashback.earn(make_ledger_entries.earning(MAYA, 300, order=order)) == 0
    purse = await balances.for_person(MAYA)
    assert (purse.spendable, purse.pending) == (0, 300)
    for days, spendable in ((29.99, 0), (30, 300), (394.9, 300), (395, 0)):
        with clock.frozen(clock.now() + timedelta(days=days)):
            await schedule.release_and_expire()
            assert await make_ledger_entries.spendable(MAYA) == spendable, days
    assert await make_ledger_entries.account("expired") == 300 and await make_ledger_entries.is_sound()


async def test_nothing_may_be_spent_from_the_instant_it_runs_out_even_before_the_timetable(db: None) -> None:
    await make_ledger_entries.give(MAYA, 500, until=clock.now() + timedelta(days=3))
    with clock.frozen(clock.now() + timedelta(days=3)):
        assert await make_ledger_entries.spendable(MAYA) == 0
        with pytest.raises(NotEnoughCredit):
            await reservations.reserve(ids.new(), person_id=MAYA, amount=1, words="Order")


async def test_what_runs_out_first_is_spent_first(db: None) -> None:
    for days, amount in ((90, 300), (10, 200), (40, 100)):
        await make_ledger_entries.give(MAYA, amount, until=clock.now() + timedelta(days=days))
    await make_ledger_entries.give(MAYA, 50)
    order = ids.new()
    await reservations.reserve(order, person_id=MAYA, amount=350, words="Order")
    left = await database.fetch("SELECT amount, remaining FROM ledger_lot ORDER BY amount")
    assert [(row["amount"], row["remaining"]) for row in left] == [(50, 50), (100, 0), (200, 0), (300, 250)]
    assert await reservations.spend(order, amount=350, words="Order")
    assert await make_ledger_entries.account("spent") == 350 and await make_ledger_entries.is_sound()


async def test_what_was_kept_comes_back_when_the_order_comes_to_nothing(db: None) -> None:
    await make_ledger_entries.give(MAYA, 500)
    order = ids.new()
    await reservations.reserve(order, person_id=MAYA, amount=400, words="Order")
    await reservations.reserve(order, person_id=MAYA, amount=400, words="Order")
    purse = await balances.for_person(MAYA)
    assert (purse.spendable, purse.for_order(order), purse.reserved) == (100, 500, {order: 400})
    for _ in range(2):
        await reservations.release(order, words="Not paid")
    assert await make_ledger_entries.spendable(MAYA) == 500
    assert await reservations.spend(order, amount=400, words="Paid after all")
    assert await reservations.spend(order, amount=400, words="Paid after all")
    assert await make_ledger_entries.spendable(MAYA) == 100 and await make_ledger_entries.is_sound()


async def test_paid_too_late_and_spent_elsewhere_is_said(db: None) -> None:
    await make_ledger_entries.give(MAYA, 500)
    late, other = ids.new(), ids.new()
    await reservations.reserve(late, person_id=MAYA, amount=400, words="Order")
    await reservations.release(late, words="Not paid")
    await reservations.reserve(other, person_id=MAYA, amount=300, words="Order")
    assert not await reservations.spend(late, amount=400, words="Order")
    assert await make_ledger_entries.spendable(MAYA) == 200 and await make_ledger_entries.is_sound()


async def test_a_hundred_orders_at_once_spend_one_balance_exactly(db: None) -> None:
    await make_ledger_entries.give(MAYA, 700)
    await make_ledger_entries.give(MAYA, 1050)
    wanted = [ids.new() for _ in range(100)]

    async def order(order_id: object) -> bool:
        try:
            await reservations.reserve(order_id, person_id=MAYA, amount=100, words="Order")
        except NotEnoughCredit:
            return False
        return await reservations.spend(order_id, amount=100, words="Order")

    through = await asyncio.gather(*(order(one) for one in wanted))
    assert sum(through) == 17
    assert await make_ledger_entries.spendable(MAYA) == 50 and await make_ledger_entries.account("spent") == 1700
    assert await make_ledger_entries.is_sound()


async def test_a_cap_holds_when_orders_are_paid_at_once(db: None) -> None:
    benefit, at = ids.new(), clock.now()
    cap = Cap(1000, at - timedelta(days=1), at + timedelta(days=1))
    earned = await asyncio.gather(
        *(cashback.earn(make_ledger_entries.earning(MAYA, 300, benefit=benefit, cap=cap)) for _ in range(12))
    )
    assert sorted(earned, reverse=True)[:4] == [300, 300, 300, 100] and sum(earned) == 1000
    assert await make_ledger_entries.is_sound()


async def test_a_reversed_cashback_makes_room_under_the_cap(db: None) -> None:
    benefit, at, first = ids.new(), clock.now(), ids.new()
    cap = Cap(1000, at - timedelta(days=1), at + timedelta(days=1))
    await cashback.earn(make_ledger_entries.earning(MAYA, 900, order=first, benefit=benefit, cap=cap))
    await cashback.reverse(first, refunded=50, total=100, words="Refunded")
    assert await cashback.earn(make_ledger_entries.earning(MAYA, 900, benefit=benefit, cap=cap)) == 550


async def test_refunds_take_back_their_share_in_whatever_order_they_are_heard_of(db: None) -> None:
    order = ids.new()
    await cashback.earn(make_ledger_entries.earning(MAYA, 101, order=order))
    assert await cashback.reverse(order, refunded=5000, total=9999, words="Refunded") == 50
    assert await cashback.reverse(order, refunded=2500, total=9999, words="One of them failed") == -25
    assert await cashback.reverse(order, refunded=5000, total=9999, words="Refunded") == 25
    assert await cashback.reverse(order, refunded=5000, total=9999, words="Refunded") == 0
    assert await cashback.reverse(order, refunded=20_000, total=9999, words="Refunded") == 51
    assert (await balances.for_person(MAYA)).pending == 0 and await make_ledger_entries.account("cashback_given") == 0
    assert await make_ledger_entries.is_sound()


async def test_cashback_spent_before_its_order_came_back_is_owed_and_made_good_by_the_next(db: None) -> None:
    first, second = ids.new(), ids.new()
    await cashback.earn(make_ledger_entries.earning(MAYA, 300, order=first))
    with clock.frozen(clock.now() + timedelta(days=31)):
        await schedule.release_and_expire()
        await reservations.reserve(second, person_id=MAYA, amount=300, words="Order")
        await reservations.spend(second, amount=300, words="Order")
        assert await cashback.reverse(first, refunded=1, total=1, words="Refunded") == 300
        assert (await balances.for_person(MAYA)).owed == 300
        await cashback.earn(make_ledger_entries.earning(MAYA, 500))
    with clock.frozen(clock.now() + timedelta(days=62)):
        await schedule.release_and_expire()
        purse = await balances.for_person(MAYA)
    assert (purse.spendable, purse.owed, purse.pending) == (200, 0, 0) and await make_ledger_entries.is_sound()


async def test_credit_comes_back_with_a_refund_once_and_for_a_month_at_least(db: None) -> None:
    await make_ledger_entries.give(MAYA, 500, until=clock.now() + timedelta(days=5))
    order = ids.new()
    await reservations.reserve(order, person_id=MAYA, amount=500, words="Order")
    await reservations.spend(order, amount=500, words="Order")
    for _ in range(2):
        await reservations.restore(order, amount=200, cause="refund:1", words="Refunded")
    assert await make_ledger_entries.spendable(MAYA) == 200
    (one,) = await statements.expiring(MAYA)
    assert one.expires_at == clock.now() + timedelta(days=30) and await make_ledger_entries.is_sound()


async def test_whoever_is_erased_leaves_nothing_to_spend(db: None) -> None:
    await make_ledger_entries.give(MAYA, 500)
    await cashback.earn(make_ledger_entries.earning(MAYA, 300))
    await make_ledger_entries.give(THEO, 70)
    for _ in range(2):
        await credit.erase_person(PersonErased(MAYA, "…"))
    assert (await balances.for_person(MAYA)).is_empty and await make_ledger_entries.spendable(THEO) == 70
    assert await make_ledger_entries.is_sound()


async def test_the_statement_has_every_line_with_its_reason_and_the_balance_after_it(db: None) -> None:
    await make_ledger_entries.give(MAYA, 500)
    order = ids.new()
    await reservations.reserve(order, person_id=MAYA, amount=200, words="Order K-1")
    await reservations.spend(order, amount=200, words="Order K-1")
    lines = await statements.lines(MAYA)
    assert [(one.kind, one.spendable, one.reserved, one.balance) for one in lines] == [
        ("spent", 0, -200, 300),
        ("reserved", -200, 200, 300),
        ("given", 500, 0, 500),
    ]
    assert await statements.lines(THEO) == ()


async def test_rows_are_never_changed_and_never_removed(db: None) -> None:
    await make_ledger_entries.give(MAYA, 500)
    for sql in ("UPDATE ledger_entry SET amount = amount + 1", "DELETE FROM ledger_entry",
                "UPDATE ledger_posting SET words = 'else'", "DELETE FROM ledger_posting"):  # fmt: skip
        with pytest.raises(asyncpg.RaiseError, match="only ever added"):
            await database.execute(sql)


async def test_a_posting_that_does_not_sum_to_zero_is_refused_at_commit(db: None) -> None:
    await make_ledger_entries.give(MAYA, 500)
    account, lot = await database.fetch_value("SELECT id FROM ledger_account WHERE kind = 'store_credit'"), ids.new()
    lot = await database.fetch_value("SELECT id FROM ledger_lot")
    for amounts in ((5,), (5, -4), ()):
        with pytest.raises(asyncpg.CheckViolationError, match="sum to zero"):
            async with database.transaction():
                posting = ids.new()
                await database.execute(
                    """INSERT INTO ledger_posting (id, cause, kind, person, words, at, turn)
                    VALUES ($1, $2, 'given', $3, '', $4, 0)""",
                    posting, f"forged:{posting}", MAYA, clock.now(),
                )  # fmt: skip
                for amount in amounts:
                    await database.execute(
                        "INSERT INTO ledger_entry (id, posting, account, lot, amount) VALUES ($1, $2, $3, $4, $5)",
                        ids.new(), posting, account, lot, amount,
                    )  # fmt: skip
    assert await make_ledger_entries.spendable(MAYA) == 500


async def test_an_account_never_falls_below_zero(db: None) -> None:
    await make_ledger_entries.give(MAYA, 500)
    account = await database.fetch_value("SELECT id FROM ledger_account WHERE kind = 'store_credit'")
    lot = await database.fetch_value("SELECT id FROM ledger_lot")
    with pytest.raises(asyncpg.CheckViolationError):
        async with database.transaction():
            posting = ids.new()
            await database.execute(
                """INSERT INTO ledger_posting (id, cause, kind, person, words, at, turn)
                    VALUES ($1, 'x', 'given', $2, '', $3, 0)""",
                posting, MAYA, clock.now(),
            )  # fmt: skip
            await database.execute(
                "INSERT INTO ledger_entry (id, posting, account, lot, amount) VALUES ($1, $2, $3, $4, -501)",
                ids.new(), posting, account, lot,
            )  # fmt: skip


async def test_nothing_more_may_be_written_under_a_posting_that_is_made(db: None) -> None:
    await make_ledger_entries.give(MAYA, 500)
    posting = await database.fetch_value("SELECT id FROM ledger_posting")
    account = await database.fetch_value("SELECT id FROM ledger_account WHERE kind = 'store_credit'")
    lot = await database.fetch_value("SELECT id FROM ledger_lot")
    with pytest.raises(asyncpg.CheckViolationError, match="sum to zero"):
        await database.execute(
            "INSERT INTO ledger_entry (id, posting, account, lot, amount) VALUES ($1, $2, $3, $4, 100)",
            ids.new(), posting, account, lot,
        )  # fmt: skip
    assert await make_ledger_entries.spendable(MAYA) == 500


@pytest.mark.parametrize(("kind", "amount"), [("reserved", -1), ("owed", 1)])
async def test_no_account_crosses_to_the_other_side_of_zero(db: None, kind: str, amount: int) -> None:
    await make_ledger_entries.give(MAYA, 500)
    account = await database.fetch_value("SELECT id FROM ledger_account WHERE kind = $1", kind)
    with pytest.raises(asyncpg.CheckViolationError, match="ledger_balance_is_on_its_side"):
        await database.execute(
            """INSERT INTO ledger_entry (id, posting, account, lot, amount)
            SELECT gen_random_uuid(), p.id, $1, l.id, $2 FROM ledger_posting p, ledger_lot l""",
            account, amount,
        )  # fmt: skip


async def test_cashback_does_not_ripen_early_whoever_asks(db: None) -> None:
    await cashback.earn(make_ledger_entries.earning(MAYA, 300))
    lot = await database.fetch_value("SELECT id FROM ledger_lot")
    await cashback.release_pending(lot, MAYA)
    assert await make_ledger_entries.spendable(MAYA) == 0
    with clock.frozen(clock.now() + timedelta(days=30)):
        for _ in range(2):
            await cashback.release_pending(lot, MAYA)
        assert await make_ledger_entries.spendable(MAYA) == 300


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("UPDATE ledger_account SET balance = balance + 1 WHERE kind = 'store_credit'", "stand in it"),
        ("UPDATE ledger_lot SET remaining = remaining - 1", "its entries come to"),
        ("UPDATE ledger_lot SET person = gen_random_uuid()", "somebody else"),
    ],
)
async def test_harm_is_seen(db: None, harm: str, words: str) -> None:
    await make_ledger_entries.give(MAYA, 500)
    await database.execute(harm)
    assert any(words in one for one in await invariants.invariants())
