"""Attempts at paying for a basket: at most one runs, and the same agreement again is the same attempt."""

from collections.abc import Mapping
from uuid import UUID

from components.checkout.basket import basket_coupons, baskets
from components.checkout.tables import Attempt
from components.foundation import clock, database, ids, json
from components.foundation.database import transaction


async def begin(
    basket_id: UUID, *, order_id: UUID, form_key: UUID, agreed: bytes, units: Mapping[UUID, int]
) -> Attempt:
    """Within the placing transaction; the basket's row is held by the caller."""
    attempt = Attempt(
        id=ids.new(), basket=basket_id, order=order_id, form_key=form_key, agreed=agreed, at=clock.now(),
        units=json.dump({str(variant): quantity for variant, quantity in units.items()}),
    )  # fmt: skip
    await Attempt.insert(attempt)
    return attempt


async def order_of_form(basket_id: UUID, form_key: UUID) -> UUID | None:
    """The order that this very form has made before, the latest if several."""
    sql = 'SELECT "order" FROM attempt WHERE basket = $1 AND form_key = $2 ORDER BY at DESC LIMIT 1'
    found: UUID | None = await database.fetch_value(sql, basket_id, form_key)
    return found


async def finish_paid(order_id: UUID) -> None:
    """The order is paid: its units leave the basket, once however often this is called."""
    async with transaction():
        row = await database.fetch_one(
            """UPDATE attempt SET ended_at = $2, ended_as = 'paid' WHERE "order" = $1 AND ended_as <> 'paid'
            RETURNING basket, units""",
            order_id, clock.now(),
        )  # fmt: skip
        if row is not None:
            units = {UUID(variant): quantity for variant, quantity in json.load(row["units"]).items()}
            await baskets.remove_bought(row["basket"], units)
            await basket_coupons.remove(row["basket"])


async def finish_expired(order_id: UUID) -> None:
    """The time to pay is over; the basket is free for another attempt."""
    await _end(order_id, "lapsed")


async def finish_replaced(order_id: UUID) -> None:
    """Another attempt takes its place."""
    await _end(order_id, "replaced")


async def _end(order_id: UUID, how: str) -> None:
    await database.execute(
        'UPDATE attempt SET ended_at = $2, ended_as = $3 WHERE "order" = $1 AND ended_at IS NULL',
        order_id, clock.now(), how,
    )  # fmt: skip
