"""Epochs of the movement ledger: a rebuild writes it anew, and what stood before stays readable."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import accumulate
from uuid import UUID

from components.foundation import clock, database, ids
from components.foundation.database import advisory_locks, time_limits
from components.insights.movements import movement_failures, payers
from components.insights.movements.fee_timeline import Billed, steps
from components.insights.movements.movement_failures import MovementsFailed
from components.insights.tables import Movement, MovementEpoch

RULES = 3
"""The version of the rules by which movements are dated. A ledger of an earlier version is rebuilt once."""
AT_ONCE = 500
Added = tuple[tuple[datetime, str], int, str]


async def current() -> int:
    return int(await database.fetch_value("SELECT coalesce(max(number), 1) FROM movement_epoch"))


async def is_outdated() -> bool:
    """A ledger that began by these rules has no row of its own."""
    last = await MovementEpoch.objects().order_by(MovementEpoch.number, ascending=False).first()
    return last is not None and last.rules < RULES


@asynccontextmanager
async def writing(person_id: UUID) -> AsyncIterator[int]:
    """One writer at a time for a person, and none during a rebuild; gives the current epoch."""
    async with database.transaction():
        await database.fetch_value("SELECT pg_advisory_xact_lock_shared(hashtextextended('movement epochs', 7))::text")
        await database.fetch_value("SELECT pg_advisory_xact_lock(hashtextextended($1, 7))::text", str(person_id))
        yield await current()


async def rebuild(words: str) -> int:
    """All movements anew, from what was paid, in an epoch of their own; returns how many. All or nothing.

    Raises `MovementsFailed`, which names everybody it cannot be done for.
    """
    with time_limits.of_an_update():
        return await _rebuilt(words)


async def _rebuilt(words: str) -> int:
    """Whoever adds figures up may take minutes: they are waited for before anybody else has to wait for us."""
    now, written, failed = clock.now(), 0, list[UUID]()
    async with database.transaction():
        await database.fetch_value("SELECT set_config('statement_timeout', '60min', true)")
        await advisory_locks.take_turns("kept figures")  # which a new epoch makes void
        await database.fetch_value("SELECT pg_advisory_xact_lock(hashtextextended('movement epochs', 7))::text")
        number = await current() + 1
        await MovementEpoch.insert(MovementEpoch(number=number, rules=RULES, words=words, begun_at=now))
        everybody = await payers.everybody()
        for start in range(0, len(everybody), AT_ONCE):
            found = await payers.billed_of(everybody[start : start + AT_ONCE])
            made = _of_people(found, failed, epoch=number, now=now)
            written += len(made)
            for first in range(0, len(made), AT_ONCE):
                await Movement.insert(*made[first : first + AT_ONCE])
        if failed:
            raise MovementsFailed(failed)
    return written


def _of_people(
    found: Mapping[UUID, Sequence[Billed]], failed: list[UUID], *, epoch: int, now: datetime
) -> list[Movement]:
    made = []
    for person, billed in found.items():
        try:
            added = [((step.at, step.kind), step.amount, step.because) for step in steps(billed, until=now)]
            made += rows(person, added, epoch=epoch, noted_at=now)
        except Exception:
            movement_failures.note(person, failed)
    return made


def rows(
    person_id: UUID, added: Iterable[Added], *, epoch: int, noted_at: datetime, after: Sequence[Movement] = ()
) -> list[Movement]:
    """The rows to add after the person's last one; each balance is the sum of all amounts up to there."""
    turn, balance = (after[-1].turn, after[-1].balance) if after else (0, 0)
    made = []
    for (at, kind), amount, because in _in_turn(list(added), balance):
        turn, balance = turn + 1, balance + amount
        made.append(
            Movement(
                id=ids.new(),
                person=person_id,
                turn=turn,
                kind=kind,
                amount=amount,
                balance=balance,
                because=because,
                at=at,
                noted_at=noted_at,
                epoch=epoch,
            )
        )
    return made


def _in_turn(added: list[Added], balance: int) -> list[Added]:
    """In the order of time; what is taken away comes last where an edge was reported after a later one.

    A cheaper plan that is heard of after the end, for example, takes from what that end has already taken.
    """
    if min(accumulate((amount for _, amount, _ in added), initial=balance)) >= 0:
        return added
    return sorted(added, key=lambda one: one[1] < 0)
