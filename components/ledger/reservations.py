"""Credit kept for an order while it is being paid: spent with it, or released with it, to the last penny."""

from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, database, ids
from components.foundation.refusals import Refusal
from components.ledger import ledger_accounts, lots, postings
from components.ledger.ledger_accounts import CASHBACK, CREDIT, OWED, RESERVED, SPENT
from components.ledger.lots import Taken
from components.ledger.postings import Side
from components.ledger.tables import Lot, Posting

AT_LEAST = timedelta(days=30)
"""Credit that comes back by a refund may be spent for this long, even if it would have run out before."""


class NotEnoughCredit(Refusal):
    message = "Your credit has changed since you opened this page. Please look at it again, then pay."
    status = 409


async def reserve(order_id: UUID, *, person_id: UUID, amount: int, words: str) -> None:
    """Keep so much for this order, what runs out first before the rest. Raises `NotEnoughCredit`, keeping nothing."""
    if amount <= 0:
        return
    async with database.transaction():
        held = await ledger_accounts.lock_accounts(person_id)
        if await _reserved(order_id):
            return
        taken = lots.spend_from(await lots.spendable_lots(person_id, kinds=(CASHBACK, CREDIT)), amount)
        if sum(one.amount for one in taken) < amount:
            raise NotEnoughCredit
        sides = [Side(held[one.kind], -one.amount, one.lot) for one in taken]
        sides += [Side(held[RESERVED], one.amount, one.lot) for one in taken]
        cause = f"reserved:{order_id}:{await _times('reserved', order_id) + 1}"
        await postings.post(cause, kind="reserved", person_id=person_id, words=words, sides=sides, because_of=order_id)


async def spend(order_id: UUID, *, amount: int, words: str) -> bool:
    """The order is paid: what was kept for it is spent, once. False when it was released before and is gone since."""
    if amount <= 0 or await postings.exists(f"spent:{order_id}"):
        return True
    person_id = await _whose(order_id)
    if person_id is None:
        return False
    try:
        async with database.transaction():
            await reserve(order_id, person_id=person_id, amount=amount, words=words)
            held = await ledger_accounts.lock_accounts(person_id)
            kept = await _reserved(order_id)
            sides = [Side(held[RESERVED], -one.amount, one.lot) for one in kept]
            sides += [Side(held[SPENT], one.amount, one.lot) for one in kept]
            await postings.post(
                f"spent:{order_id}", kind="spent", person_id=person_id, words=words, sides=sides, because_of=order_id
            )
    except NotEnoughCredit:
        return False
    return True


async def release(order_id: UUID, *, words: str) -> None:
    """The order came to nothing: what was kept for it may be spent again. A second time changes nothing."""
    person_id = await _whose(order_id)
    if person_id is None:
        return
    async with database.transaction():
        held = await ledger_accounts.lock_accounts(person_id)
        kept = await _reserved(order_id)
        if not kept:
            return
        sides = [Side(held[RESERVED], -one.amount, one.lot) for one in kept]
        sides += [Side(held[one.kind], one.amount, one.lot) for one in kept]
        cause = f"released:{order_id}:{await _times('released', order_id) + 1}"
        await postings.post(cause, kind="released", person_id=person_id, words=words, sides=sides, because_of=order_id)


async def restore(order_id: UUID, *, amount: int, cause: str, words: str) -> bool:
    """A refund gives back credit that was spent on the order, once for a cause; what is owed is made good first."""
    person_id = await _whose(order_id)
    if person_id is None or amount <= 0:
        return False
    async with database.transaction():
        held = await ledger_accounts.lock_accounts(person_id)
        if await postings.exists(cause):
            return False
        lot = ids.new()
        await lots.add(
            Lot(
                id=lot,
                person=person_id,
                kind=CREDIT,
                order_id=order_id,
                words=words,
                amount=amount,
                given_at=clock.now(),
                expires_at=await _expiry(order_id),
            )
        )
        made_good = min(amount, held.owed)
        sides = (
            Side(held[SPENT], -amount, lot),
            Side(held[OWED], made_good, lot),
            Side(held[CREDIT], amount - made_good, lot),
        )
        return await postings.post(
            cause, kind="given back", person_id=person_id, words=words, sides=sides, because_of=order_id
        )


async def _whose(order_id: UUID) -> UUID | None:
    """Whose credit was kept for the order; the order itself may have forgotten its person."""
    is_kept = (Posting.because_of == order_id) & (Posting.kind == "reserved")
    found = await Posting.objects().where(is_kept).first()
    return found.person if found else None


async def _reserved(order_id: UUID) -> list[Taken]:
    return await database.fetch_as(Taken, _RESERVED, order_id)


_RESERVED = """
SELECT l.id AS lot, l.kind, sum(e.amount)::bigint AS amount FROM ledger_posting p
JOIN ledger_entry e ON e.posting = p.id JOIN ledger_account a ON a.id = e.account AND a.kind = 'reserved'
JOIN ledger_lot l ON l.id = e.lot
WHERE p.because_of = $1 GROUP BY l.id HAVING sum(e.amount) > 0 ORDER BY l.id
"""


async def _times(kind: str, order_id: UUID) -> int:
    return int(await Posting.count().where((Posting.because_of == order_id) & (Posting.kind == kind)))


async def _expiry(order_id: UUID) -> datetime | None:
    """The latest of what was spent, and not before a month from now; none if any of it never ran out."""
    latest: datetime | None = await database.fetch_value(_LATEST_EXPIRY, order_id)
    return max(latest, clock.now() + AT_LEAST) if latest else None


_LATEST_EXPIRY = """
SELECT CASE WHEN bool_or(l.expires_at IS NULL) THEN NULL ELSE max(l.expires_at) END FROM ledger_posting p
JOIN ledger_entry e ON e.posting = p.id JOIN ledger_lot l ON l.id = e.lot
WHERE p.because_of = $1 AND p.kind = 'spent'
"""
