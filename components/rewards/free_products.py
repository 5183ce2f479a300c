"""Gifts: granted once for an occasion, chosen in the basket, reserved while the order is paid, and claimed with it."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from piccolo.columns.combination import Combinable

from components.foundation import clock, database, ids, json
from components.foundation.database import Query, any_of
from components.foundation.database.advisory_locks import take_turns
from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.rewards.tables import Gift

LONGER = timedelta(days=30)
"""A gift returned by a refund may be claimed for at least this long."""


class GiftGone(Refusal):
    message = N_("This gift has already been claimed, or the time to claim it has passed.")
    status = 409


class NotOffered(Refusal):
    message = N_("Choose one of the options offered.")


@dataclass(frozen=True, slots=True)
class WaitingGift:
    """A gift that may be claimed. `chosen` is in the member's basket; `order_id` is the order being paid that
    reserves it."""

    id: UUID
    benefit_id: UUID
    cause: str
    words: str
    offered: tuple[UUID, ...]
    given_at: datetime
    claim_until: datetime | None
    chosen: UUID | None
    order_id: UUID | None


@dataclass(frozen=True, slots=True)
class Claimed:
    words: str
    variant_id: UUID
    order_id: UUID
    claimed_at: datetime


async def grant(
    person_id: UUID,
    *,
    benefit_id: UUID,
    cause: str,
    words: str,
    offered: Sequence[UUID],
    claim_until: datetime | None,
    others: Sequence[str] = (),
) -> bool:
    """False when this occasion already has its gift, of this cause or of one of the `others`."""
    gift = Gift(
        id=ids.new(),
        person=person_id,
        benefit=benefit_id,
        cause=cause,
        words=words,
        offered=json.dump([str(one) for one in offered]),
        given_at=clock.now(),
        claim_until=claim_until,
    )
    given = Gift.insert(gift).on_conflict(target=Gift.cause, action="DO NOTHING").returning(Gift.id)
    if not others:
        return bool(await given)
    async with serialized(str(person_id)):
        return not await Gift.exists().where(any_of(Gift.cause, others)) and bool(await given)


_WAITING = """
SELECT json_agg(json_build_array(id, benefit, cause, words, offered, given_at, claim_until, chosen, order_id)
  ORDER BY claim_until NULLS LAST, given_at, id)
FROM gift WHERE person = $1 AND claimed_at IS NULL AND withdrawn_at IS NULL
  AND (order_id IS NOT NULL OR holds('-infinity', claim_until, $2))"""


def query(person_id: UUID, at: datetime) -> Query[tuple[WaitingGift, ...]]:
    """The person's unclaimed gifts, those that expire first at the beginning."""
    return Query(_WAITING, (person_id, at), lambda found: tuple(_waiting(*one) for one in found or ()))


async def waiting_gifts(person_id: UUID | None, at: datetime | None = None) -> tuple[WaitingGift, ...]:
    if person_id is None:
        return ()
    (found,) = await database.batch(query(person_id, at or clock.now()))
    return tuple(found)


async def claimed_gifts(person_id: UUID) -> tuple[Claimed, ...]:
    """The newest first."""
    gifts = Gift.select(Gift.words, Gift.chosen, Gift.order_id, Gift.claimed_at)
    claimed = gifts.where(Gift.person == person_id, Gift.claimed_at.is_not_null())
    rows = await claimed.order_by(Gift.claimed_at, ascending=False).limit(50)
    return tuple(Claimed(row["words"], row["chosen"], row["order_id"], row["claimed_at"]) for row in rows)


async def choose(gift_id: UUID, *, person_id: UUID, variant_id: UUID) -> None:
    """Put it in the person's basket. Raises `GiftGone`, `NotOffered`."""
    async with database.transaction():
        gift = await database.locked(Gift, (Gift.id == gift_id) & (Gift.person == person_id) & _open(clock.now()))
        if gift is None:
            raise GiftGone
        if str(variant_id) not in json.load(gift.offered):
            raise NotOffered
        await Gift.update(chosen=variant_id).where(Gift.id == gift_id)


async def unchoose(gift_id: UUID, *, person_id: UUID) -> None:
    """Take it out of the person's basket; it stays unclaimed."""
    own = (Gift.id == gift_id) & (Gift.person == person_id)
    await Gift.update(chosen=None).where(own, Gift.claimed_at.is_null(), Gift.order_id.is_null())


async def reserve(gift_ids: Collection[UUID], *, order_id: UUID) -> None:
    """Reserve chosen gifts for an order, all or none: of concurrent orders exactly one gets a gift. Raises
    `GiftGone`."""
    async with database.transaction():
        for gift_id in sorted(gift_ids):
            reservation = Gift.update(order_id=order_id).where(Gift.id == gift_id, Gift.chosen.is_not_null())
            if not await reservation.where(_open(clock.now())).returning(Gift.id):
                raise GiftGone


async def release(order_id: UUID) -> None:
    """The order expired: its gifts may be claimed with another."""
    await Gift.update(order_id=None).where(Gift.order_id == order_id, Gift.claimed_at.is_null())


async def claim(gift_ids: Collection[UUID], *, order_id: UUID) -> bool:
    """The order is paid: claim its gifts, once. False when one was released and claimed with another order."""
    if not gift_ids:
        return True
    these = Gift.id.is_in(list(gift_ids))
    claimable = Gift.claimed_at.is_null() & ((Gift.order_id == order_id) | Gift.order_id.is_null())
    await Gift.update(order_id=order_id, claimed_at=clock.now()).where(these, claimable, Gift.chosen.is_not_null())
    claimed = await Gift.count().where(these, Gift.order_id == order_id, Gift.claimed_at.is_not_null())
    return int(claimed) == len(set(gift_ids))


_UNCLAIM = """
UPDATE gift SET order_id = NULL, claimed_at = NULL, chosen = NULL,
  claim_until = CASE WHEN claim_until IS NULL THEN NULL ELSE greatest(claim_until, $3) END
WHERE id = $1 AND order_id = $2 AND claimed_at IS NOT NULL"""


async def unclaim(gift_id: UUID, *, order_id: UUID) -> bool:
    """It was returned by a refund of that order: it may be claimed again, at least for a while."""
    return await database.execute(_UNCLAIM, gift_id, order_id, clock.now() + LONGER) > 0


@dataclass(frozen=True, slots=True)
class Given:
    cause: str
    is_withdrawn: bool


_GRANTED_FOR = """
SELECT cause, withdrawn_at IS NOT NULL AS is_withdrawn FROM gift
WHERE starts_with(cause, $1) AND ($2::uuid IS NULL OR person = $2) ORDER BY cause"""


async def granted_for(begins: str, *, person_id: UUID | None = None) -> tuple[Given, ...]:
    """Every gift whose cause starts with this text, in any state; of one person when one is named."""
    return tuple(await database.fetch_as(Given, _GRANTED_FOR, begins, person_id))


@asynccontextmanager
async def serialized(what: str) -> AsyncIterator[None]:
    """A transaction that only one process is in at a time, for gifts that depend on one another."""
    async with database.transaction():
        await take_turns(f"gift:{what}")
        yield


async def withdraw(cause: str) -> bool:
    """Its occasion was reversed. A gift that is claimed, or reserved for an order, stays."""
    withdrawn = Gift.update(withdrawn_at=clock.now()).where(Gift.cause == cause, Gift.withdrawn_at.is_null())
    return bool(await withdrawn.where(Gift.claimed_at.is_null(), Gift.order_id.is_null()).returning(Gift.id))


async def restore(cause: str) -> bool:
    """A withdrawn gift is valid again."""
    return bool(await Gift.update(withdrawn_at=None).where(Gift.cause == cause).returning(Gift.id))


def _open(at: datetime) -> Combinable:
    """Unclaimed, and not reserved by an order."""
    is_in_time = Gift.claim_until.is_null() | (Gift.claim_until > at)
    return Gift.claimed_at.is_null() & Gift.withdrawn_at.is_null() & Gift.order_id.is_null() & is_in_time


def _waiting(
    gift: str, benefit: str, cause: str, words: str, offered: Any, given_at: str, until: str | None,
    chosen: str | None, order: str | None,
) -> WaitingGift:  # fmt: skip
    return WaitingGift(
        UUID(gift),
        UUID(benefit),
        cause,
        words,
        tuple(UUID(one) for one in offered),
        datetime.fromisoformat(given_at),
        datetime.fromisoformat(until) if until else None,
        UUID(chosen) if chosen else None,
        UUID(order) if order else None,
    )
