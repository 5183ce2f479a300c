"""Shipping orders, or having them ready, and what is picked up."""

from uuid import UUID

from components.foundation import audit, clock, database, ids, outbox
from components.foundation.database import transaction
from components.foundation.refusals import NotFound, Refusal
from components.orders import queries
from components.orders.facts import OrderShipped
from components.orders.tables import Fulfilment, Order


class NotReadyToShip(Refusal):
    message = "Only a paid order with everything in stock can be shipped."


class NotReadyToCollect(Refusal):
    message = "Only an order that is ready to pick up can be marked as picked up."
    status = 409


async def collect(order_id: UUID, *, by: UUID) -> Fulfilment:
    """The customer has picked it up. Calling it again changes nothing. Raises `NotReadyToCollect`."""
    async with transaction():
        order = await database.locked(Order, Order.id == order_id)
        found = await queries.by_id(order_id)
        ready = await Fulfilment.objects().get(Fulfilment.order == order_id)
        if order is None or found is None or ready is None or not found.address.is_pickup:
            raise NotReadyToCollect
        if ready.collected_at:
            return ready
        if not found.may_collect:
            raise NotReadyToCollect
        ready.collected_at, ready.collected_by = clock.now(), by
        await ready.save(columns=[Fulfilment.collected_at, Fulfilment.collected_by])
        await audit.record(by, "order picked up", "order", order.number)
    return ready


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
