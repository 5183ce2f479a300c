"""Gifts: given once for an occasion, chosen in the basket, kept while the order is paid, and claimed with it."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from components.foundation import clock, database, ids, json
from components.foundation.database import Query
from components.foundation.refusals import Refusal

LONGER = timedelta(days=30)
"""A gift that came back with a refund may be claimed for at least this long."""

_OPEN = """claimed_at IS NULL AND withdrawn_at IS NULL AND order_id IS NULL
AND (claim_until IS NULL OR claim_until > $2)"""


class GiftGone(Refusal):
    message = "This gift has already been claimed, or the time to claim it has passed."
    status = 409


class NotOffered(Refusal):
    message = "Choose one of the options offered."


@dataclass(frozen=True, slots=True)
class WaitingGift:
    """A gift that may be claimed. `chosen` lies in her basket; `order_id` is the order being paid that keeps it."""

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
    person_id: UUID, *, benefit_id: UUID, cause: str, words: str, offered: Sequence[UUID], claim_until: datetime | None
) -> bool:
    """False when this occasion has had its gift already."""
    given = await database.execute(
        """INSERT INTO gift (id, person, benefit, cause, words, offered, given_at, claim_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (cause) DO NOTHING""",
        ids.new(), person_id, benefit_id, cause, words, json.dump([str(one) for one in offered]), clock.now(),
        claim_until,
    )  # fmt: skip
    return given > 0


def query(person_id: UUID, at: datetime) -> Query[tuple[WaitingGift, ...]]:
    """Every gift of hers that waits, what must be claimed first before the rest."""
    return Query(
        """SELECT json_agg(json_build_array(id, benefit, cause, words, offered, given_at, claim_until, chosen, order_id)
          ORDER BY claim_until NULLS LAST, given_at, id)
        FROM gift WHERE person = $1 AND claimed_at IS NULL AND withdrawn_at IS NULL
          AND (order_id IS NOT NULL OR claim_until IS NULL OR claim_until > $2)""",
        (person_id, at),
        lambda found: tuple(_waiting(*one) for one in found or ()),
    )


async def waiting_gifts(person_id: UUID | None, at: datetime | None = None) -> tuple[WaitingGift, ...]:
    if person_id is None:
        return ()
    (found,) = await database.batch(query(person_id, at or clock.now()))
    return tuple(found)


async def claimed_gifts(person_id: UUID) -> tuple[Claimed, ...]:
    """The newest first."""
    rows = await database.fetch(
        """SELECT words, chosen, order_id, claimed_at FROM gift WHERE person = $1 AND claimed_at IS NOT NULL
        ORDER BY claimed_at DESC LIMIT 50""",
        person_id,
    )
    return tuple(Claimed(row["words"], row["chosen"], row["order_id"], row["claimed_at"]) for row in rows)


async def choose(gift_id: UUID, *, person_id: UUID, variant_id: UUID) -> None:
    """Put it in her basket. Raises `GiftGone`, `NotOffered`."""
    async with database.transaction():
        row = await database.fetch_one(f"SELECT offered FROM gift WHERE id = $1 AND person = $3 AND {_OPEN} FOR UPDATE",
                                       gift_id, clock.now(), person_id)  # fmt: skip
        if row is None:
            raise GiftGone
        if str(variant_id) not in json.load(row["offered"]):
            raise NotOffered
        await database.execute("UPDATE gift SET chosen = $2 WHERE id = $1", gift_id, variant_id)


async def unchoose(gift_id: UUID, *, person_id: UUID) -> None:
    """Take it out of her basket; it goes on waiting."""
    await database.execute(
        "UPDATE gift SET chosen = NULL WHERE id = $1 AND person = $2 AND claimed_at IS NULL AND order_id IS NULL",
        gift_id, person_id,
    )  # fmt: skip


async def reserve(gift_ids: Collection[UUID], *, order_id: UUID) -> None:
    """Keep chosen gifts for an order, all or none: of many orders exactly one gets a gift. Raises `GiftGone`."""
    async with database.transaction():
        for gift_id in sorted(gift_ids):
            kept = await database.execute(
                f"UPDATE gift SET order_id = $3 WHERE id = $1 AND chosen IS NOT NULL AND {_OPEN}",
                gift_id, clock.now(), order_id,
            )  # fmt: skip
            if not kept:
                raise GiftGone


async def release(order_id: UUID) -> None:
    """The order came to nothing: its gifts may be claimed with another."""
    await database.execute("UPDATE gift SET order_id = NULL WHERE order_id = $1 AND claimed_at IS NULL", order_id)


async def claim(gift_ids: Collection[UUID], *, order_id: UUID) -> bool:
    """The order is paid: its gifts are claimed, once. False when one was released and has gone with another order."""
    if not gift_ids:
        return True
    await database.execute(
        """UPDATE gift SET order_id = $2, claimed_at = $3
        WHERE id = ANY($1) AND claimed_at IS NULL AND (order_id = $2 OR order_id IS NULL) AND chosen IS NOT NULL""",
        list(gift_ids), order_id, clock.now(),
    )  # fmt: skip
    hers = await database.fetch_value(
        "SELECT count(*) FROM gift WHERE id = ANY($1) AND order_id = $2 AND claimed_at IS NOT NULL",
        list(gift_ids), order_id,
    )  # fmt: skip
    return int(hers) == len(set(gift_ids))


async def unclaim(gift_id: UUID, *, order_id: UUID) -> bool:
    """It came back with a refund of that order: she may claim it again, at least for a while."""
    changed = await database.execute(
        """UPDATE gift SET order_id = NULL, claimed_at = NULL, chosen = NULL,
          claim_until = CASE WHEN claim_until IS NULL THEN NULL ELSE greatest(claim_until, $3) END
        WHERE id = $1 AND order_id = $2 AND claimed_at IS NOT NULL""",
        gift_id, order_id, clock.now() + LONGER,
    )  # fmt: skip
    return changed > 0


@dataclass(frozen=True, slots=True)
class Given:
    cause: str
    is_withdrawn: bool


async def granted_for(begins: str, *, person_id: UUID | None = None) -> tuple[Given, ...]:
    """Every gift whose cause begins so, whatever became of it; of one person when one is named."""
    rows = await database.fetch(
        """SELECT cause, withdrawn_at IS NOT NULL AS is_withdrawn FROM gift
        WHERE starts_with(cause, $1) AND ($2::uuid IS NULL OR person = $2) ORDER BY cause""",
        begins, person_id,
    )  # fmt: skip
    return tuple(Given(**row) for row in rows)


@asynccontextmanager
async def serialized(what: str) -> AsyncIterator[None]:
    """A transaction that one hand at a time is in, for gifts that look at one another."""
    async with database.transaction():
        await database.fetch_value("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text", f"gift:{what}")
        yield


async def withdraw(cause: str) -> bool:
    """What it was given for has come back. One that is claimed, or kept for an order, stays."""
    changed = await database.execute(
        """UPDATE gift SET withdrawn_at = $2 WHERE cause = $1 AND claimed_at IS NULL AND order_id IS NULL
        AND withdrawn_at IS NULL""",
        cause, clock.now(),
    )  # fmt: skip
    return changed > 0


async def restore(cause: str) -> bool:
    """A withdrawn gift is deserved once more."""
    return await database.execute("UPDATE gift SET withdrawn_at = NULL WHERE cause = $1", cause) > 0


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
