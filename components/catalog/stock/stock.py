"""Stock: reserved during payment, sold once paid, and released if the payment fails.

Each reservation is one conditional UPDATE: of several buyers of the last unit exactly one gets it. Variants are always
updated in the order of their ids, so that two baskets never deadlock. Variants without counted stock, or that may be
sold when out of stock, are never refused.

Units reserved before general sale are counted against the variant's early access quota by the same UPDATE, and against
the member's limit by `early_access.purchases`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from piccolo.columns import Column
from piccolo.columns.combination import Combinable

from components.catalog.catalog_refusals import EarlyAccessSoldOut, OutOfStock, StockInUse, UnknownVariant
from components.catalog.early_access import purchases
from components.catalog.early_access.purchases import EarlyBuyer, EarlyPurchase
from components.catalog.tables import Reservation, StockMovement, Variant
from components.foundation import audit, clock, database, ids


class _Held(NamedTuple):
    """The variant of a reservation."""

    tracks_stock: bool
    is_early: bool | None
    product: UUID
    title: str
    public_from: datetime


class _EndedHold(NamedTuple):
    id: UUID
    variant: UUID
    quantity: int
    counted: bool


class _Stock(NamedTuple):
    """The stock of a variant that could not be reserved."""

    title: str
    variant_title: str
    left: int
    public_from: datetime | None
    is_there: bool
    early_left: int | None


_HOLD = """
UPDATE variant v SET reserved = reserved + CASE WHEN tracks_stock THEN $2 ELSE 0 END,
  early_taken = early_taken + CASE WHEN p.public_from > $3 THEN $2 ELSE 0 END
FROM product p
WHERE v.id = $1 AND p.id = v.product AND withdrawn_at IS NULL
  AND (NOT tracks_stock OR sells_when_out OR on_hand - reserved >= $2)
  AND (p.public_from > $3 IS NOT TRUE OR early_allotment IS NULL OR early_taken + $2 <= early_allotment)
RETURNING tracks_stock, p.public_from > $3 AS is_early, v.product, p.title, p.public_from"""


_SELL_LATE = """
UPDATE reservation SET ended_at = $2, ended_as = 'sold'
WHERE ended_as IN ('lapsed', 'released') AND id IN (
  SELECT DISTINCT ON (r.variant) r.id FROM reservation r
  WHERE r.because_of = $1 AND NOT EXISTS (
    SELECT FROM reservation s WHERE s.because_of = $1 AND s.variant = r.variant AND s.ended_as = 'sold')
  ORDER BY r.variant, r.ended_at DESC, r.id DESC)
RETURNING id, variant, quantity, counted"""

_TAKE = """
UPDATE variant SET on_hand = on_hand - CASE WHEN tracks_stock THEN $2 ELSE 0 END, early_taken = early_taken + $3
WHERE id = $1 AND (NOT tracks_stock OR sells_when_out OR on_hand - reserved >= $2)
  AND ($3 = 0 OR early_allotment IS NULL OR early_taken + $3 <= early_allotment)
RETURNING tracks_stock"""

_LEFT = """
SELECT p.title, v.title AS variant_title, greatest(v.on_hand - v.reserved, 0) AS left, p.public_from,
  withdrawn_at IS NULL AND (NOT tracks_stock OR sells_when_out OR on_hand - reserved >= $2) AS is_there,
  v.early_allotment - v.early_taken AS early_left
FROM variant v JOIN product p ON p.id = v.product WHERE v.id = $1"""


async def reserve(
    lines: Mapping[UUID, int], *, because_of: UUID, until: datetime, buyer: EarlyBuyer | None = None
) -> None:
    """Reserve these quantities for one order, all or none. Raises `OutOfStock` for the first that is short.

    Before general sale, units are reserved only for a `buyer` with early access. Raises `NotOpenYet`,
    `EarlyAccessSoldOut` when the quota is used up, `EarlyLimitReached` above the member's limit.
    """
    async with database.transaction():
        early = []
        for variant_id in sorted(lines):
            quantity = lines[variant_id]
            held = await database.fetch_one_as(_Held, _HOLD, variant_id, quantity, clock.now())
            if held is None:
                raise await _out_of_stock(variant_id, quantity)
            reservation = Reservation(
                id=ids.new(), variant=variant_id, quantity=quantity, counted=held.tracks_stock,
                because_of=because_of, until=until,
            )  # fmt: skip
            await Reservation.insert(reservation)
            if held.is_early:
                early.append(EarlyPurchase(variant_id, held.product, held.title, held.public_from, quantity))
        await purchases.record(early, because_of=because_of, buyer=buyer)


_EXTEND = "UPDATE reservation SET until = greatest(until, $2) WHERE because_of = $1 AND ended_at IS NULL"


async def extend(because_of: UUID, *, until: datetime) -> bool:
    """Extend the reservations; False when there are none any more."""
    return await database.execute(_EXTEND, because_of, until) > 0


async def release(because_of: UUID) -> None:
    """Release what is reserved for this order; calling it again changes nothing."""
    async with database.transaction():
        await _give_back(because_of, await _end(because_of, "released"))


async def remove_old_reservations() -> None:
    """Run by the schedule."""
    await release_expired()


async def release_expired() -> int:
    """Release every reservation past its time; returns how many."""
    lapsed = Reservation.select(Reservation.because_of).distinct().output(as_list=True)
    orders = await lapsed.where(Reservation.ended_at.is_null(), Reservation.until <= clock.now())
    return sum([await _lapse(because_of) for because_of in orders])


async def _lapse(because_of: UUID) -> int:
    async with database.transaction():
        ended = await _end(because_of, "lapsed", Reservation.until <= clock.now())
        await _give_back(because_of, ended)
    return len(ended)


async def _end(because_of: UUID, how: str, *only: Combinable) -> list[_EndedHold]:
    one = Reservation
    ended: dict[Column | str, Any] = {one.ended_at: clock.now(), one.ended_as: how}
    these = one.update(ended).where(one.because_of == because_of, one.ended_at.is_null(), *only)
    return [_EndedHold(**row) for row in await these.returning(one.id, one.variant, one.quantity, one.counted)]


async def _give_back(because_of: UUID, ended: list[_EndedHold]) -> None:
    early = await purchases.release(because_of, [hold.variant for hold in ended])
    units = {row.variant: row.units for row in early}
    for hold in _in_order(ended):
        counted, was_early = hold.quantity if hold.counted else 0, units.get(hold.variant, 0)
        if counted or was_early:
            less = Variant.update(reserved=Variant.reserved - counted, early_taken=Variant.early_taken - was_early)
            await less.where(Variant.id == hold.variant)
    await purchases.uncount(early)


async def sell(because_of: UUID) -> None:
    """Take what was reserved out of stock, for good; calling it again changes nothing.

    After the reservation has expired it takes what is available. Raises `OutOfStock`, taking nothing, when that is
    short. Before general sale that includes a used-up early access quota, and the member's limit.
    """
    async with database.transaction():
        for hold in _in_order(await _end(because_of, "sold")):
            await _sell_held(hold, because_of)
        late = await database.fetch_as(_EndedHold, _SELL_LATE, because_of, clock.now())
        early = await purchases.record_again(because_of, [hold.variant for hold in late])
        units = {row.variant: row.units for row in early}
        for hold in _in_order(late):
            await _sell_late(hold, because_of, early=units.get(hold.variant, 0))
        await purchases.recount(early)


async def _sell_held(hold: _EndedHold, because_of: UUID) -> None:
    if not hold.counted:
        return
    less = Variant.update(reserved=Variant.reserved - hold.quantity, on_hand=Variant.on_hand - hold.quantity)
    await less.where(Variant.id == hold.variant)
    await record_movement(hold.variant, -hold.quantity, "sold", because_of=because_of)


async def _sell_late(hold: _EndedHold, because_of: UUID, *, early: int) -> None:
    counted = await database.fetch_value(_TAKE, hold.variant, hold.quantity, early)
    if counted is None:
        raise await _out_of_stock(hold.variant, hold.quantity)
    if counted:
        await record_movement(hold.variant, -hold.quantity, "sold", because_of=because_of)


async def restock(variant_id: UUID, quantity: int, *, because_of: UUID, by: UUID | None = None) -> None:
    """Put returned units back into stock. Stock that is not counted stays uncounted."""
    async with database.transaction():
        more = Variant.update(on_hand=Variant.on_hand + quantity).returning(Variant.id)
        if await more.where(Variant.id == variant_id, Variant.tracks_stock.eq(True)):
            await record_movement(variant_id, quantity, "restocked", because_of=because_of, by=by)


async def set_on_hand(variant_id: UUID, *, to: int, by: UUID | None = None) -> None:
    """Set the counted stock. Raises `StockInUse` when that is less than is reserved for orders."""
    async with database.transaction():
        row = await database.locked(Variant, Variant.id == variant_id)
        if row is None:
            raise UnknownVariant
        is_counted = row.tracks_stock and not row.sells_when_out
        if to < (row.reserved if is_counted else min(0, row.on_hand)):
            raise StockInUse
        if to == row.on_hand:
            return
        await Variant.update(on_hand=to).where(Variant.id == variant_id)
        await record_movement(variant_id, to - row.on_hand, "adjustment", by=by)
        if by is not None:
            before, after = {"on_hand": row.on_hand}, {"on_hand": to}
            await audit.record(by, "stock adjusted", "variant", variant_id, before=before, after=after)


async def record_movement(
    variant_id: UUID, change: int, kind: str, *, because_of: UUID | None = None, by: UUID | None = None
) -> None:
    """Record a movement; the caller changes `on_hand` by the same number in the same transaction."""
    await StockMovement.insert(
        StockMovement(
            id=ids.new(), variant=variant_id, change=change, kind=kind, because_of=because_of, at=clock.now(), by=by
        )
    )


_MOVEMENT = ("id", "variant", "change", "kind", "at", "by")


async def record_openings(counts: Sequence[tuple[UUID, int]], *, by: UUID | None = None) -> None:
    """The first movements of new variants."""
    at = clock.now()
    rows = [(ids.new(), variant_id, count, "opening", at, by) for variant_id, count in counts]
    await database.insert_rows(StockMovement, _MOVEMENT, rows)


async def _out_of_stock(variant_id: UUID, quantity: int) -> OutOfStock:
    """Why the units could not be reserved: too little stock, or too little early access quota."""
    found = await database.fetch_one_as(_Stock, _LEFT, variant_id, quantity)
    if found is None:
        return OutOfStock("This", 0)
    name = found.title if found.variant_title in ("", found.title) else f"{found.title} ({found.variant_title})"
    if found.is_there and found.public_from is not None and found.early_left is not None:
        return EarlyAccessSoldOut(name, found.early_left, found.public_from)
    return OutOfStock(name, found.left)


def _in_order(holds: list[_EndedHold]) -> list[_EndedHold]:
    return sorted(holds, key=lambda hold: hold.variant)
