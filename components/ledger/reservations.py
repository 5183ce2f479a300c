"""Credit reserved for an order or a renewal while it is being paid: spent or released with it, to the last penny."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, database, ids
from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.ledger import double_entry, ledger_accounts, lots
from components.ledger.double_entry import Side
from components.ledger.ledger_accounts import CASHBACK, CREDIT, OWED, RESERVED, SPENT
from components.ledger.lots import SpentLot
from components.ledger.tables import Lot, Posting

AT_LEAST = timedelta(days=30)
"""Credit returned by a refund can be spent for this long, even if it would have expired before."""


class NotEnoughCredit(Refusal):
    message = N_("Your store credit has changed since this page was loaded. Please check it again before you pay.")
    status = 409


async def reserve(order_id: UUID, *, person_id: UUID, amount: int, words: str) -> None:
    """Reserve the amount for this order, soonest to expire first. Raises `NotEnoughCredit`, reserving nothing."""
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
        await double_entry.post(
            cause, kind="reserved", person_id=person_id, words=words, sides=sides, because_of=order_id
        )


async def reserve_part(order_id: UUID, *, person_id: UUID, words: str, choose: Callable[[int], int]) -> int:
    """Reserve as much as `choose` makes of what can be spent at this moment; returns how much that was."""
    async with database.transaction():
        await ledger_accounts.lock_accounts(person_id)
        spendable = await lots.spendable_lots(person_id, kinds=(CASHBACK, CREDIT))
        amount = choose(sum(one.amount for one in spendable))
        await reserve(order_id, person_id=person_id, amount=amount, words=words)
    return amount


async def spend(order_id: UUID, *, amount: int, words: str) -> bool:
    """The order is paid: what was reserved for it is spent, once. False when it was released and has gone since."""
    if amount <= 0 or await double_entry.exists(f"spent:{order_id}"):
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
            await double_entry.post(
                f"spent:{order_id}", kind="spent", person_id=person_id, words=words, sides=sides, because_of=order_id
            )
    except NotEnoughCredit:
        return False
    return True


async def release(order_id: UUID, *, words: str) -> None:
    """The order was not paid: what was reserved for it can be spent again. Idempotent."""
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
        await double_entry.post(
            cause, kind="released", person_id=person_id, words=words, sides=sides, because_of=order_id
        )


async def restore(order_id: UUID, *, amount: int, cause: str, words: str) -> bool:
    """A refund returns credit that was spent on the order, once per cause; what is owed is settled first."""
    person_id = await _whose(order_id)
    if person_id is None or amount <= 0:
        return False
    async with database.transaction():
        held = await ledger_accounts.lock_accounts(person_id)
        if await double_entry.exists(cause):
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
        return await double_entry.post(
            cause, kind="given back", person_id=person_id, words=words, sides=sides, because_of=order_id
        )


async def _whose(order_id: UUID) -> UUID | None:
    """Whose credit was reserved for the order; the order itself may no longer have its person."""
    is_kept = (Posting.because_of == order_id) & (Posting.kind == "reserved")
    found = await Posting.objects().where(is_kept).first()
    return found.person if found else None


async def _reserved(order_id: UUID) -> list[SpentLot]:
    return await database.fetch_as(SpentLot, _RESERVED, order_id)


_RESERVED = """
SELECT l.id AS lot, l.kind, sum(e.amount)::bigint AS amount FROM ledger_posting p
JOIN ledger_entry e ON e.posting = p.id JOIN ledger_account a ON a.id = e.account AND a.kind = 'reserved'
JOIN ledger_lot l ON l.id = e.lot
WHERE p.because_of = $1 GROUP BY l.id HAVING sum(e.amount) > 0 ORDER BY l.id
"""


async def _times(kind: str, order_id: UUID) -> int:
    return int(await Posting.count().where((Posting.because_of == order_id) & (Posting.kind == kind)))


async def _expiry(order_id: UUID) -> datetime | None:
    """The latest expiry of what was spent, at least a month from now; none if any of it does not expire."""
    latest: datetime | None = await database.fetch_value(_LATEST_EXPIRY, order_id)
    return max(latest, clock.now() + AT_LEAST) if latest else None


_LATEST_EXPIRY = """
SELECT CASE WHEN bool_or(l.expires_at IS NULL) THEN NULL ELSE max(l.expires_at) END FROM ledger_posting p
JOIN ledger_entry e ON e.posting = p.id JOIN ledger_lot l ON l.id = e.lot
WHERE p.because_of = $1 AND p.kind = 'spent'
"""
