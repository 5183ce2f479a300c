"""Moving members from the prices they joined at to the plan's current one: with notice, at each one's renewal.

Nobody is moved who was not told `notice_days` before the first renewal at the new price. Anyone who could not be told
in time moves at the following renewal. Nothing is prorated, and no renewal is charged twice.

A move is for those who pay an older price than its own, or one that was never on offer; who pays the same sum already
is told nothing. It is over when none of them is left, or when the plan's price changes again: anyone not moved by then
keeps their price until another move is planned.

Whoever has planned a change to another plan is neither told nor moved: the plan they leave no longer concerns them. If
they take the change back, they are told in time for a later renewal, unless they had been told already.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

import structlog
from piccolo.query.functions import Count

from components.foundation import audit, clock, database, ids, outbox
from components.foundation.money import Money
from components.foundation.operations import one_by_one
from components.foundation.refusals import NotFound, Refusal
from components.memberships.billing import coming_price, subscriptions
from components.memberships.billing.subscription_state import OVER
from components.memberships.facts import PriceMigrationAnnounced
from components.memberships.plans import plan_catalogue, reverse_charges
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Plan, PriceMigration, PriceMove, Subscription
from components.payments import subscription_changes
from components.payments.billing_requests import billing_requests

log = structlog.get_logger()
AHEAD = timedelta(hours=24)
"""The price of the next period is set on the last day of the previous one."""
LEAST_NOTICE, MOST_NOTICE = 7, 120
MAY_MOVE = ("active", "past_due", "trialing")


class AlreadyPlanned(Refusal):
    message = "A price change is already scheduled for this plan’s members. Stop it first."
    status = 409


class NoMembersToMove(Refusal):
    message = "Every member already pays the current price."


class DayTooSoon(Refusal):
    message = "Choose a date in the future."


class BadNotice(Refusal):
    message = f"Give members {LEAST_NOTICE} to {MOST_NOTICE} days’ notice."


class DifferentInterval(Refusal):
    message = (
        "Members with a different billing period can’t be moved to the current price. They can change plan themselves."
    )


@dataclass(frozen=True, kw_only=True)
class Group:
    """How many subscriptions are on one older price, and what the move means for each of them."""

    version_id: UUID
    price: Money
    count: int
    first_renewal: datetime | None
    more: Money
    is_movable: bool


async def price_groups(plan: PlanView) -> tuple[Group, ...]:
    """Who pays what, on prices other than the plan's current one."""
    rows = await database.fetch_as(_OlderPrice, _OLDER_PRICES, plan.id, plan.version_id, list(MAY_MOVE))
    return tuple(
        Group(
            version_id=row.id,
            price=Money(row.price, row.currency),
            count=row.held,
            first_renewal=row.first_renewal,
            more=plan.price - Money(row.price, row.currency),
            is_movable=(row.interval, row.interval_count) == (plan.interval, plan.interval_count),
        )
        for row in rows
    )


class _OlderPrice(NamedTuple):
    id: UUID
    price: int
    currency: str
    interval: str
    interval_count: int
    held: int
    first_renewal: datetime | None


_OLDER_PRICES = """
SELECT v.id, v.price, v.currency, v.interval, v.interval_count, count(*) AS held,
  min(s.current_period_end) AS first_renewal
FROM subscription s JOIN plan_version h ON h.id = s.plan_version JOIN plan_version v ON v.id = coalesce(h.net_of, h.id)
JOIN plan_version t ON t.id = $2
WHERE v.plan = $1 AND (v.price, v.currency, v.interval, v.interval_count)
    IS DISTINCT FROM (t.price, t.currency, t.interval, t.interval_count) AND s.status = ANY($3) AND s.cancel_at IS NULL
GROUP BY v.id ORDER BY v.from_at
"""


async def schedule(plan: PlanView, *, from_at: datetime, notice_days: int, by: UUID | None) -> PriceMigration:
    """Everyone on an older price moves at their first renewal on or after the date.

    Raises `DayTooSoon`, `BadNotice`, `NoMembersToMove`, `DifferentInterval`, `AlreadyPlanned`.
    """
    if from_at <= clock.now():
        raise DayTooSoon
    if not LEAST_NOTICE <= notice_days <= MOST_NOTICE:
        raise BadNotice
    found = await price_groups(plan)
    if not found:
        raise NoMembersToMove
    if not any(group.is_movable for group in found):
        raise DifferentInterval
    made = PriceMigration(
        id=ids.new(), plan=plan.id, to_version=plan.version_id, from_at=from_at, notice_days=notice_days,
        made_at=clock.now(), made_by=by,
    )  # fmt: skip
    async with database.transaction():
        await database.locked(Plan, Plan.id == plan.id)
        if await running_migrations(plan.id) is not None:
            raise AlreadyPlanned
        await PriceMigration.insert(made)
        after = {"to": plan.price.amount, "from": from_at.isoformat(), "notice": notice_days}
        await audit.record(by, "price change scheduled", "plan", plan.id, after=after)
    return made


async def running_migrations(plan_id: UUID) -> PriceMigration | None:
    is_running = (PriceMigration.plan == plan_id) & PriceMigration.stopped_at.is_null()
    return await PriceMigration.objects().where(is_running).first()


async def progress(migration_id: UUID) -> tuple[int, int]:
    """How many have been told, and how many of them moved."""
    counted = PriceMove.select(Count(alias="told"), Count(PriceMove.moved_at, alias="moved"))
    row = await counted.where(PriceMove.migration == migration_id).first()
    return (row["told"], row["moved"]) if row else (0, 0)


async def stop(plan_id: UUID, *, by: UUID | None) -> None:
    """Anyone not moved yet keeps their price. Raises `NotFound`."""
    async with database.transaction():
        found = await database.locked(
            PriceMigration, (PriceMigration.plan == plan_id) & PriceMigration.stopped_at.is_null()
        )
        if found is None:
            raise NotFound("No price change is scheduled.")
        await found.update_self({PriceMigration.stopped_at: clock.now()})
        await audit.record(by, "price change stopped", "plan", plan_id)


async def supersede(plan_id: UUID) -> None:
    """The plan has a new price from now on: nobody moves to the previous one. Belongs in that transaction."""
    is_running = (PriceMigration.plan == plan_id) & PriceMigration.stopped_at.is_null()
    await PriceMigration.update({PriceMigration.stopped_at: clock.now()}).where(is_running)


async def run_due() -> None:
    """Scheduled: notify members whose notice is due, and move those who renew within the day."""
    running = await PriceMigration.objects().where(PriceMigration.stopped_at.is_null())
    await one_by_one.each(running, _run, what="price migration")


async def _run(migration: PriceMigration) -> None:
    if await _is_over(migration):
        await supersede(migration.plan)
        return
    parts = (partial(part, migration) for part in (_tell, _tell_anew, _move_due))
    await one_by_one.steps(*parts, what="part of a price migration")


async def _move_due(migration: PriceMigration) -> None:
    due = await database.fetch_values(_DUE, migration.id, clock.now() + AHEAD)
    await one_by_one.each(due, _tried, what="price move")


async def _tried(move_id: UUID) -> None:
    try:
        await _move(move_id)
    except Refusal as refusal:
        log.warning("a price could not be moved", move=str(move_id), words=str(refusal))


async def _is_over(migration: PriceMigration) -> bool:
    """No subscription that may continue is on an older price, or the target price is itself an older one."""
    return bool(await database.fetch_value(_IS_OVER, migration.to_version, list(OVER)))


_IS_OLDER = """v.plan = t.plan AND (v.until_at <= t.from_at OR v.from_at = v.until_at)
  AND (v.price, v.currency) <> (t.price, t.currency)
  AND (v.interval, v.interval_count) = (t.interval, t.interval_count)"""
"""What `v` asks is not what `t` does, for as long. A version that was never on offer (an experiment's, an adopted
member's) has no place in the order of prices: it is older whenever it was made."""
_IS_OVER = f"""
SELECT t.until_at IS NOT NULL OR NOT EXISTS (
  SELECT FROM subscription s JOIN plan_version h ON h.id = s.plan_version
  JOIN plan_version v ON v.id = coalesce(h.net_of, h.id)
  WHERE {_IS_OLDER} AND s.status <> ALL($2))
FROM plan_version t WHERE t.id = $1
"""


async def _tell(migration: PriceMigration) -> None:
    """An e-mail within the fortnight before notice is due, for the first renewal that leaves enough time."""
    now = clock.now()
    notice = timedelta(days=migration.notice_days)
    async with database.transaction():
        rows = await database.fetch_as(
            _Affected, _AFFECTED, migration.id, migration.to_version, list(MAY_MOVE), migration.from_at, now + notice,
            now + notice + timedelta(days=14),
        )  # fmt: skip
        for one in rows:
            if await coming_price.planned_change(one.subscription) is None:
                await _told(migration, one.subscription, one.renews_at)


class _Affected(NamedTuple):
    subscription: UUID
    renews_at: datetime


_AFFECTED = f"""
SELECT s.id AS subscription, s.current_period_end AS renews_at
FROM subscription s JOIN plan_version h ON h.id = s.plan_version JOIN plan_version v ON v.id = coalesce(h.net_of, h.id)
JOIN plan_version t ON t.id = $2
WHERE {_IS_OLDER}
  AND s.status = ANY($3) AND s.cancel_at IS NULL
  AND s.current_period_end >= $4 AND s.current_period_end >= $5 AND s.current_period_end <= $6
  AND NOT EXISTS (SELECT FROM plan_change c
    WHERE c.subscription = s.id AND c.applied_at IS NULL AND c.dropped_at IS NULL AND NOT c.is_now)
  AND NOT EXISTS (SELECT FROM price_move m WHERE m.migration = $1 AND m.subscription = s.id)
"""


async def _told(migration: PriceMigration, subscription_id: UUID, renews_at: datetime) -> None:
    move = PriceMove(
        id=ids.new(), migration=migration.id, subscription=subscription_id, told_at=clock.now(), renews_at=renews_at
    )
    if await PriceMove.insert(move).on_conflict(action="DO NOTHING").returning(PriceMove.id):
        await outbox.announce(PriceMigrationAnnounced(move.id, subscription_id, migration.to_version, renews_at))


async def _tell_anew(migration: PriceMigration) -> None:
    """Whoever was told of a renewal that has moved to a later day, by a pause or else, is told of that day."""
    async with database.transaction():
        rows = await database.fetch_as(_Slipped, _SLIPPED, migration.id, list(MAY_MOVE))
        for one in rows:
            slipped = PriceMove.update({PriceMove.renews_at: one.renews_at, PriceMove.told_at: clock.now()})
            await slipped.where(PriceMove.id == one.move)
            await outbox.announce(
                PriceMigrationAnnounced(one.move, one.subscription, migration.to_version, one.renews_at, True)
            )


class _Slipped(NamedTuple):
    move: UUID
    subscription: UUID
    renews_at: datetime


_SLIPPED = """
SELECT m.id AS move, s.id AS subscription, s.current_period_end AS renews_at
FROM price_move m JOIN subscription s ON s.id = m.subscription JOIN plan_version v ON v.id = s.plan_version
JOIN price_migration g ON g.id = m.migration AND g.plan = v.plan
WHERE m.migration = $1 AND m.moved_at IS NULL AND s.status = ANY($2) AND s.cancel_at IS NULL
  AND s.current_period_end > m.renews_at + interval '1 day' AND NOT EXISTS (SELECT FROM plan_change c
    WHERE c.subscription = s.id AND c.applied_at IS NULL AND c.dropped_at IS NULL AND NOT c.is_now)
FOR UPDATE OF m
"""


@dataclass(frozen=True, slots=True)
class AnnouncedPrice:
    """A new price that somebody has been told of and does not pay yet."""

    move: PriceMove
    to_version: UUID


async def announced(*, until_at: datetime) -> tuple[AnnouncedPrice, ...]:
    """Those that are still to come, until then."""
    running = {one.id: one for one in await PriceMigration.objects().where(PriceMigration.stopped_at.is_null())}
    if not running:
        return ()
    is_coming = PriceMove.migration.is_in(list(running)) & PriceMove.moved_at.is_null()
    moves = await PriceMove.objects().where(
        is_coming & (PriceMove.renews_at > clock.now()) & (PriceMove.renews_at <= until_at)
    )
    return tuple(AnnouncedPrice(one, running[one.migration].to_version) for one in moves)


_DUE = """
SELECT m.id FROM price_move m JOIN subscription s ON s.id = m.subscription
JOIN price_migration g ON g.id = m.migration JOIN plan_version v ON v.id = s.plan_version AND v.plan = g.plan
WHERE m.migration = $1 AND m.moved_at IS NULL AND s.current_period_end >= m.renews_at
  AND s.current_period_end <= $2 AND NOT EXISTS (SELECT FROM plan_change c
    WHERE c.subscription = s.id AND c.applied_at IS NULL AND c.dropped_at IS NULL AND NOT c.is_now)
ORDER BY s.current_period_end
"""


async def _move(move_id: UUID) -> None:
    """The same key asks for the same change, however often it is tried; after a refusal it is asked anew."""
    move = await PriceMove.objects().where(PriceMove.id == move_id).first()
    assert move is not None
    kept = await subscriptions.by_id(move.subscription)
    migration = await PriceMigration.objects().where(PriceMigration.id == move.migration).first()
    assert migration is not None
    if kept.status not in MAY_MOVE or kept.cancel_at or await _is_arranged(kept):
        return
    to = await coming_price.payable(kept, plan_catalogue.by_version(migration.to_version))
    price = await subscriptions.price_of(to)
    key = await billing_requests.anew(f"move:{move.id}")
    await subscription_changes.take_price_from_renewal(kept.id, price, key=key)
    await PriceMove.update({PriceMove.moved_at: clock.now()}).where(PriceMove.id == move.id)
    await subscriptions.apply(kept.id)


async def _is_arranged(kept: Subscription) -> bool:
    """Another price than the one that is held; the same with another tax is none."""
    arranged = await coming_price.arranged_version(kept)
    return arranged is not None and not reverse_charges.is_same_price(arranged, kept.plan_version)
