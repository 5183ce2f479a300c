"""The movement ledger: what each person pays a month, recorded whenever it changes."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import clock, database, ids
from components.insights.movements.mrr import MrrChange, change_kind, per_month
from components.insights.tables import Movement
from components.memberships.facts import (
    CancellationScheduled,
    CancellationWithdrawn,
    MembershipEnded,
    MembershipStarted,
    PauseBegan,
    PlanChanged,
    RenewalFailed,
    RenewalRecovered,
    SubscriptionEnded,
    SubscriptionRenewed,
)


class _Fee(NamedTuple):
    price: int
    interval: str
    interval_count: int


_RUNNING = """
SELECT s.price, s.interval, s.interval_count
FROM insights_memberships m JOIN insights_subscriptions s ON s.id = m.source_id
WHERE m.source = 'subscription' AND s.payer = $1 AND holds(m.starts_at, m.ends_at, $2)
  AND ($2 < $3 OR s.status NOT IN ('trialing', 'paused', 'unpaid', 'incomplete', 'pending'))
"""
_LAST_EDGE = """
SELECT max(edge) FROM insights_memberships m JOIN insights_subscriptions s ON s.id = m.source_id,
  LATERAL (VALUES (m.starts_at), (m.ends_at)) e (edge)
WHERE m.source = 'subscription' AND s.payer = $1 AND edge <= $2
"""


class _Status(NamedTuple):
    status: str
    cancel_reason: str | None


_STATUS = """
SELECT status, cancel_reason FROM insights_subscriptions WHERE payer = $1 ORDER BY created_at DESC, id DESC LIMIT 1
"""


async def record(person_id: UUID, *, at: datetime | None = None) -> bool:
    """Compare what the person pays a month at the instant with the ledger, and add the difference; False if none.

    Idempotent, also when called concurrently.
    """
    now = clock.now()
    at = at or now
    async with database.transaction():
        await database.fetch_value("SELECT pg_advisory_xact_lock(hashtextextended($1, 7))::text", str(person_id))
        last = await _last(person_id)
        before, after = (last.balance if last else 0), await monthly_amounts(person_id, at=at)
        if before == after:
            return False
        edge = await database.fetch_value(_LAST_EDGE, person_id, at)
        moment = max(filter(None, (edge, last.at if last else None)), default=at)
        await _add(person_id, last, before, after, at=moment if moment <= at else at, noted_at=now)
    return True


async def monthly_amounts(person_id: UUID, *, at: datetime) -> int:
    """The monthly total of the person's running subscriptions, in minor units."""
    running = await database.fetch_as(_Fee, _RUNNING, person_id, at, clock.now())
    return sum(per_month(fee.price, interval=fee.interval, count=fee.interval_count) for fee in running)


async def _last(person_id: UUID) -> Movement | None:
    return await Movement.objects().where(Movement.person == person_id).order_by(Movement.turn, ascending=False).first()


async def _add(
    person_id: UUID, last: Movement | None, before: int, after: int, *, at: datetime, noted_at: datetime
) -> None:
    subscription = await database.fetch_one_as(_Status, _STATUS, person_id)
    kind = change_kind(
        before,
        after,
        has_paid_before=last is not None,
        is_paused=subscription is not None and subscription.status == "paused",
        was_paused=last is not None and last.kind == "pause",
    )
    movement = Movement(
        id=ids.new(), person=person_id, turn=last.turn + 1 if last else 1, kind=kind, at=at, noted_at=noted_at
    )
    movement.amount, movement.balance = after - before, after
    movement.because = _because(kind, subscription)
    await Movement.insert(movement)


def _because(kind: str, subscription: _Status | None) -> str:
    """The reason of churn: voluntary, or a renewal that could not be collected."""
    if kind != "churn":
        return ""
    return "cancelled" if subscription is not None and subscription.cancel_reason else "payment failed"


async def ledger() -> list[MrrChange]:
    one = Movement
    rows = one.select(one.person, one.at, one.amount, one.balance, one.kind, one.because)
    return [MrrChange(**row) for row in await rows.order_by(one.at, one.turn)]


async def mrr() -> int:
    """The current MRR in minor units."""
    return int(await database.fetch_value("SELECT coalesce(sum(amount), 0) FROM movement"))


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
    | SubscriptionEnded,
) -> None:
    payer = await database.fetch_value(_PAYER_OF_SUBSCRIPTION, fact.subscription_id)
    if payer is not None:
        await record(payer)


async def record_everybody() -> None:
    """Once a day: changes without a fact, such as the end of a grace period."""
    for payer in await database.fetch_values(_EVERY_PAYER):
        await record(payer)


_EVERY_PAYER = "SELECT DISTINCT payer FROM insights_subscriptions WHERE started_at IS NOT NULL"
_PAYER_OF_SUBSCRIPTION = "SELECT payer FROM insights_subscriptions WHERE id = $1"
_PAYER_OF_MEMBERSHIP = """
SELECT s.payer FROM insights_memberships m JOIN insights_subscriptions s ON s.id = m.source_id WHERE m.id = $1
"""


async def _note_payer_of(membership_id: UUID) -> None:
    payer = await database.fetch_value(_PAYER_OF_MEMBERSHIP, membership_id)
    if payer is not None:
        await record(payer)
