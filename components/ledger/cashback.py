"""Cashback: earned by an order, pending while it can be returned, then available; reversed by a refund."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database, ids
from components.ledger import double_entry, ledger_accounts, lots
from components.ledger.double_entry import Side
from components.ledger.ledger_accounts import CASHBACK, CASHBACK_GIVEN, OWED, PENDING, LockedAccounts
from components.ledger.lots import SpentLot
from components.ledger.tables import Lot, Posting


@dataclass(frozen=True, slots=True)
class Cap:
    """The maximum, in minor units, of what is earned from `since` until just before `until`."""

    amount: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Earning:
    """What an order earns. It may be spent from `due_at`, and until just before `expires_at` if there is one.

    What was earned by the `others`, benefits that count as this one, counts within the cap.
    """

    person_id: UUID
    order_id: UUID
    benefit_id: UUID
    amount: int
    words: str
    earned_at: datetime
    due_at: datetime
    expires_at: datetime | None = None
    cap: Cap | None = None
    others: tuple[UUID, ...] = ()


async def earn(earning: Earning, *others: Earning) -> int:
    """How much was earned within the cap; an order earns once, however often this is called.

    If one order could earn in several ways, the one that gives most within its cap; of equals, the first.
    """
    async with database.transaction():
        held = await ledger_accounts.lock_accounts(earning.person_id)
        cause = f"cashback:{earning.order_id}"
        ways = [(min(one.amount, await _room(one)), one) for one in (earning, *others)]
        amount, earning = max(ways, key=lambda way: way[0])
        if amount <= 0 or await double_entry.exists(cause):
            return 0
        lot = ids.new()
        await lots.add(_lot(earning, lot, amount))
        sides = (Side(held[CASHBACK_GIVEN], -amount, lot), Side(held[PENDING], amount, lot))
        await double_entry.post(
            cause, kind="earned", person_id=earning.person_id, words=earning.words, sides=sides,
            because_of=earning.order_id, at=earning.earned_at,
        )  # fmt: skip
    return amount


async def reverse(order_id: UUID, *, refunded: int, total: int, words: str) -> int:
    """Reverse the share of an order's cashback for what has been refunded so far; returns how much that was.

    `refunded` of `total` is everything refunded until now, so the order in which refunds are reported does not matter.
    Cashback that is already spent is taken from other cashback, or from the next when there is none. When less was
    refunded than expected, because a refund failed, the difference is restored (a negative amount).
    """
    found = await Lot.objects().where((Lot.order_id == order_id) & Lot.due_at.is_not_null()).first()
    if found is None or total <= 0:
        return 0
    async with database.transaction():
        held = await ledger_accounts.lock_accounts(found.person)
        lot = await lots.by_id(found.id)
        amount = lot.amount * min(refunded, total) // total - await _reversed(lot.id, lot.amount)
        if not amount:
            return 0
        is_back = amount > 0
        sides = await _back(held, lot, amount) if is_back else _restored(held, lot, -amount)
        await double_entry.post(
            f"cashback-back:{order_id}:{await _turn(order_id)}", kind="reversed" if is_back else "restored",
            person_id=found.person, words=words, sides=sides, because_of=order_id,
        )  # fmt: skip
    return int(amount)


async def release_pending(lot_id: UUID, person_id: UUID) -> None:
    """The pending time is over: it becomes available, less what is owed. Idempotent."""
    async with database.transaction():
        held = await ledger_accounts.lock_accounts(person_id)
        lot = await lots.by_id(lot_id)
        pending = lot.pending
        if not pending or lot.due_at > clock.now():
            return
        made_good = min(pending, held.owed)
        sides = (
            Side(held[PENDING], -pending, lot_id),
            Side(held[OWED], made_good, lot_id),
            Side(held[CASHBACK], pending - made_good, lot_id),
        )
        await double_entry.post(
            f"ripe:{lot_id}", kind="available", person_id=person_id, words=lot.words, sides=sides,
            because_of=lot.order_id, at=lot.due_at,
        )  # fmt: skip


def _lot(earning: Earning, lot_id: UUID, amount: int) -> Lot:
    return Lot(
        id=lot_id, person=earning.person_id, kind=CASHBACK, benefit=earning.benefit_id, order_id=earning.order_id,
        words=earning.words, amount=amount, given_at=earning.earned_at, due_at=earning.due_at,
        expires_at=earning.expires_at,
    )  # fmt: skip


async def _room(earning: Earning) -> int:
    """What may still be earned under the cap."""
    if earning.cap is None:
        return earning.amount
    cap = earning.cap
    earned = await database.fetch_value(
        _EARNED, earning.person_id, [earning.benefit_id, *earning.others], cap.since, cap.until
    )
    return cap.amount - int(earned)


_EARNED = """
SELECT coalesce(-sum(e.amount), 0)::bigint FROM ledger_lot l JOIN ledger_entry e ON e.lot = l.id
JOIN ledger_account a ON a.id = e.account AND a.kind = 'cashback_given'
WHERE l.person = $1 AND l.benefit = ANY ($2) AND l.given_at >= $3 AND l.given_at < $4
"""


async def _reversed(lot_id: UUID, amount: int) -> int:
    """How much of what a lot had earned has been reversed."""
    return amount - int(await database.fetch_value(_KEPT, lot_id))


_KEPT = """
SELECT coalesce(-sum(e.amount), 0)::bigint FROM ledger_entry e
JOIN ledger_account a ON a.id = e.account AND a.kind = 'cashback_given' WHERE e.lot = $1
"""


async def _turn(order_id: UUID) -> int:
    """How often an order's cashback was reversed or restored, and once more. The person's accounts are held."""
    turns = (Posting.because_of == order_id) & Posting.kind.is_in(["reversed", "restored"])
    return 1 + int(await Posting.count().where(turns))


async def _back(held: LockedAccounts, lot: Lot, amount: int) -> list[Side]:
    """From what is pending, then from the same lot, then from other cashback; the rest is owed."""
    own = [SpentLot(lot.id, PENDING, lot.pending), SpentLot(lot.id, CASHBACK, lot.remaining)]
    others = [one for one in await lots.spendable_lots(held.person_id, kinds=(CASHBACK,)) if one.lot != lot.id]
    taken = lots.spend_from([*own, *others], amount)
    missing = amount - sum(one.amount for one in taken)
    return [
        *(Side(held[one.kind], -one.amount, one.lot) for one in taken),
        Side(held[OWED], -missing, lot.id),
        Side(held[CASHBACK_GIVEN], amount, lot.id),
    ]


def _restored(held: LockedAccounts, lot: Lot, amount: int) -> list[Side]:
    """What is owed is settled first; the rest is pending until it is due, or available at once."""
    made_good = min(amount, held.owed)
    waits = lot.due_at > clock.now()
    return [
        Side(held[CASHBACK_GIVEN], -amount, lot.id),
        Side(held[OWED], made_good, lot.id),
        Side(held[PENDING if waits else CASHBACK], amount - made_good, lot.id),
    ]
