"""Shipping orders."""

from uuid import UUID

from components.foundation import audit, clock, database, ids, outbox
from components.foundation.database import transaction
from components.foundation.refusals import NotFound, Refusal
from components.orders.facts import OrderShipped
from components.orders.tables import Fulfilment, Order


class NotReadyToShip(Refusal):
    message = "Only a paid order with everything in stock can be shipped."


async def ship(order_id: UUID, *, carrier: str = "", tracking: str = "", by: UUID | None) -> Fulfilment:
    """The parcel is on its way. Calling it again changes nothing. Raises `NotReadyToShip`."""
    async with transaction():
        order = await database.locked(Order, Order.id == order_id)
        if order is None:
            raise NotFound("We could not find this order.")
        if sent := await Fulfilment.objects().get(Fulfilment.order == order_id):
            return sent
        if not order.has_its_stock:
            raise NotReadyToShip
        sent = Fulfilment(
            id=ids.new(), order=order_id, at=clock.now(), by=by, carrier=carrier.strip(), tracking=tracking.strip()
        )
        await Fulfilment.insert(sent)
        order.fulfilled_at = sent.at
        await order.save(columns=[Order.fulfilled_at])
        if by is not None:
            await audit.record(
                by, "order shipped", "order", order.number, after={"carrier": carrier, "tracking": tracking}
            )
        await outbox.announce(OrderShipped(order_id, sent.id))
    return sent
