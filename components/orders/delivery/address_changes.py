"""Correcting where an order goes, before it is shipped. What was charged for it stays."""

from dataclasses import replace
from uuid import UUID

from components.foundation import audit, clock, database, ids, json, outbox
from components.foundation.database import transaction
from components.foundation.refusals import NotFound, Refusal
from components.orders import queries
from components.orders.facts import OrderAddressChanged
from components.orders.tables import Order, OrderAddressChange
from components.orders.views import OrderView, PostalAddress

FIELDS = ("name", "line1", "line2", "district", "city", "region", "postcode", "phone")


class AddressFixed(Refusal):
    message = "The address of this order can no longer be changed."
    status = 409


class CountryFixed(Refusal):
    """Tax, customs and delivery were worked out for the country: another one is another order."""

    message = (
        "The country can’t be changed, because tax and delivery were charged for it. Refund the order and ask the "
        "customer to place it again."
    )


def obstacle(order: OrderView) -> str:
    """Why its address cannot be changed; "" when it can."""
    if not order.is_paid:
        return "The order is not paid. Until it is, the customer can change the address at checkout."
    if order.fulfilled_at:
        return "The order has been shipped already. Ask the carrier whether the parcel can be redirected."
    if not order.left:
        return "The order was refunded in full, so nothing is sent."
    return "The order is picked up." if order.address.is_pickup else ""


async def change(order_id: UUID, address: PostalAddress, *, by: UUID) -> bool:
    """Returns whether anything was different. Raises `NotFound`, `AddressFixed`, `CountryFixed`."""
    async with transaction():
        held = await database.locked(Order, Order.id == order_id)
        order = await queries.by_id(order_id)
        if held is None or order is None:
            raise NotFound("We could not find this order.")
        if words := obstacle(order):
            raise AddressFixed(words)
        if address.country != order.address.country:
            raise CountryFixed
        wanted = replace(order.address, **{name: getattr(address, name) for name in FIELDS})
        changed = [name for name in FIELDS if getattr(wanted, name) != getattr(order.address, name)]
        if not changed:
            return False
        row = OrderAddressChange(id=ids.new(), order=order_id, at=clock.now(), by=by, before=json.dump(order.address))
        await OrderAddressChange.insert(row)
        await held.update_self({Order.address: json.dump(wanted), Order.address_changed_at: row.at})
        # Only which parts: an address in the log would outlive the customer's account.
        await audit.record(by, "delivery address changed", "order", order.number, after={"parts": ", ".join(changed)})
        await outbox.announce(OrderAddressChanged(order_id, row.id))
    return True
