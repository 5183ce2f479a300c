"""Checkout attempts of a basket: at most one is running, and repeating the same agreement continues the same
attempt."""

from collections.abc import Mapping
from uuid import UUID

from components.checkout.basket import basket_coupons, baskets
from components.checkout.tables import Attempt
from components.foundation import clock, ids, json
from components.foundation.database import transaction
from components.orders import queries


async def begin(
    basket_id: UUID, *, order_id: UUID, form_key: UUID, agreed: bytes, units: Mapping[UUID, int]
) -> Attempt:
    """Within the placing transaction; the caller has locked the basket's row."""
    attempt = Attempt(
        id=ids.new(), basket=basket_id, order=order_id, form_key=form_key, agreed=agreed, at=clock.now(),
        units=json.dump({str(variant): quantity for variant, quantity in units.items()}),
    )  # fmt: skip
    await Attempt.insert(attempt)
    return attempt


async def order_of_form(basket_id: UUID, form_key: UUID) -> UUID | None:
    """The order already created by this same form, the latest if several."""
    made = Attempt.select(Attempt.order).where(Attempt.basket == basket_id, Attempt.form_key == form_key)
    row = await made.order_by(Attempt.at, ascending=False).first()
    return row["order"] if row else None


async def finish_paid(order_id: UUID) -> None:
    """The order is paid: its units and its code leave the basket, once however often this is called; the code for a fee
    where that was paid with it. What a trial becomes is not known yet: see `basket_coupons.membership_started`."""
    order = await queries.by_id(order_id)
    paid_fee = order is not None and order.begins_membership and not order.joining_trial_days
    async with transaction():
        paid = Attempt.update(ended_at=clock.now(), ended_as="paid").returning(Attempt.basket, Attempt.units)
        for row in await paid.where(Attempt.order == order_id, Attempt.ended_as != "paid"):
            units = {UUID(variant): quantity for variant, quantity in json.load(row["units"]).items()}
            await baskets.remove_bought(row["basket"], units)
            await basket_coupons.remove(row["basket"])
            if paid_fee:
                await basket_coupons.remove_fee_code(row["basket"])


async def finish_expired(order_id: UUID) -> None:
    """The time to pay is over; the basket is free for another attempt."""
    await _end(order_id, "lapsed")


async def finish_replaced(order_id: UUID) -> None:
    """Another attempt replaces it."""
    await _end(order_id, "replaced")


async def _end(order_id: UUID, how: str) -> None:
    ended = Attempt.update(ended_at=clock.now(), ended_as=how)
    await ended.where(Attempt.order == order_id, Attempt.ended_at.is_null())
