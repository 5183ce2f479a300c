"""The movement ledger: what each person pays a month, each change dated by what made it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database
from components.insights.movements import epochs, movement_failures, payers
from components.insights.movements.fee_timeline import Billed, FeeStep, steps
from components.insights.movements.month_edges import month_start
from components.insights.movements.movement_failures import MovementsFailed
from components.insights.movements.mrr import MrrChange, settled
from components.insights.tables import Movement
from components.memberships.facts import (
    AdoptionUndone,
    CancellationScheduled,
    CancellationWithdrawn,
    MembershipEnded,
    MembershipStarted,
    PauseBegan,
    PlanChanged,
    RenewalFailed,
    RenewalRecovered,
    SubscriptionAdopted,
    SubscriptionEnded,
    SubscriptionRenewed,
)

Key = tuple[datetime, str]
"""Instant and kind of a movement."""


async def record(person_id: UUID, *, at: datetime | None = None) -> bool:
    """Walk the edges of what the person has paid up to the instant, and add to the ledger what it lacks.

    Each movement is dated at its edge. One at an instant that is no edge is taken back in the month under way; a month
    that is over is never changed but by an edge that was reported late. False when nothing was added. Idempotent, also
    when called concurrently.
    """
    now = clock.now()
    async with epochs.writing(person_id) as epoch:
        known = await _known(person_id, epoch)
        found = (await payers.billed_of([person_id])).get(person_id, [])
        lacking = differences(steps(found, until=at or now), known, until=at or now, open_from=month_start(now))
        if lacking:
            await Movement.insert(*epochs.rows(person_id, lacking, epoch=epoch, noted_at=now, after=known[-1:]))
    return bool(lacking)


async def record_all(people: Sequence[UUID]) -> int:
    """`record` for everybody whose ledger lacks something; returns how many those were. Most lack nothing.

    Who fails does not stop the others. Raises `MovementsFailed`, which names them, when all have been looked at.
    """
    recorded, failed, epoch = 0, list[UUID](), await epochs.current()
    for start in range(0, len(people), epochs.AT_ONCE):
        some = people[start : start + epochs.AT_ONCE]
        is_theirs = Movement.person.is_in(list(some)) & (Movement.epoch == epoch)
        known: dict[UUID, list[Movement]] = {person: [] for person in some}
        for row in await Movement.objects().where(is_theirs).order_by(Movement.turn):
            known[row.person].append(row)
        for person, found in (await payers.billed_of(some)).items():
            try:
                recorded += await _caught_up(person, found, known[person])
            except Exception:
                movement_failures.note(person, failed)
    if failed:
        raise MovementsFailed(failed)
    return recorded


async def _caught_up(person: UUID, found: Sequence[Billed], known: Sequence[Movement]) -> bool:
    """Only who lacks something is locked and read again."""
    now = clock.now()
    lacking = differences(steps(found, until=now), known, until=now, open_from=month_start(now))
    return bool(lacking) and await record(person)


def differences(
    walked: Sequence[FeeStep], known: Iterable[Movement], *, until: datetime, open_from: datetime
) -> list[tuple[Key, int, str]]:
    """What the ledger lacks: key, amount and reason, in the order of time."""
    wanted: dict[Key, int] = {(step.at, step.kind): step.amount for step in walked}
    reasons: dict[Key, str] = {(step.at, step.kind): step.because for step in walked}
    edges = {step.at for step in walked}
    noted: dict[Key, int] = {}
    for row in known:
        if row.at <= until and (row.at in edges or row.at >= open_from):
            noted[row.at, row.kind] = noted.get((row.at, row.kind), 0) + row.amount
    lacking = {key: wanted.get(key, 0) - noted.get(key, 0) for key in wanted.keys() | noted.keys()}
    added = [(key, amount, reasons.get(key, "")) for key, amount in lacking.items() if amount]
    return sorted(added, key=lambda one: (one[0][0], -one[1]))


async def _known(person_id: UUID, epoch: int) -> list[Movement]:
    is_theirs = (Movement.person == person_id) & (Movement.epoch == epoch)
    return await Movement.objects().where(is_theirs).order_by(Movement.turn)


async def ledger() -> list[MrrChange]:
    """The current epoch in the order of time; what was taken back is left out."""
    rows = await database.fetch_as(MrrChange, _LEDGER)
    return settled(rows)


_LEDGER = "SELECT person, at, amount, balance, kind, because FROM current_movements ORDER BY at, turn"


async def mrr() -> int:
    """The current MRR in minor units."""
    return int(await database.fetch_value("SELECT coalesce(sum(amount), 0) FROM current_movements"))


async def record_start(fact: MembershipStarted) -> None:
    await _note_payer_of(fact.membership_id)


async def record_end(fact: MembershipEnded) -> None:
    await _note_payer_of(fact.membership_id)


async def record_subscription(
    fact: SubscriptionRenewed
    | RenewalFailed
    | RenewalRecovered
    | CancellationScheduled
    | CancellationWithdrawn
    | PlanChanged
    | PauseBegan
    | SubscriptionAdopted
    | SubscriptionEnded,
) -> None:
    payer = await database.fetch_value(_PAYER_OF_SUBSCRIPTION, fact.subscription_id)
    if payer is not None:
        await record(payer)


async def forget_adopted(fact: AdoptionUndone) -> None:
    """The one exception to what is only ever added: an adoption that was undone before anything came of it."""
    async with epochs.writing(fact.person_id):
        its = (Movement.person == fact.person_id) & (Movement.kind == "adopted") & (Movement.at == fact.adopted_at)
        await Movement.delete().where(its)


async def record_everybody() -> None:
    """Once a day: changes without a fact, such as the end of a grace period. After an upgrade of the rules, anew."""
    if await epochs.is_outdated():
        await epochs.rebuild("The rules of the movements have changed")
    await record_all(await payers.everybody())


_PAYER_OF_SUBSCRIPTION = "SELECT payer FROM insights_subscriptions WHERE id = $1"
_PAYER_OF_MEMBERSHIP = """
SELECT s.payer FROM insights_memberships m JOIN insights_subscriptions s ON s.id = m.source_id WHERE m.id = $1
"""


async def _note_payer_of(membership_id: UUID) -> None:
    payer = await database.fetch_value(_PAYER_OF_MEMBERSHIP, membership_id)
    if payer is not None:
        await record(payer)
