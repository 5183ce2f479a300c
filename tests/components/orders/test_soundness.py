"""Every invariant is broken once on purpose, and says so."""

import pytest

from components.checkout.basket import basket_context
from components.checkout.basket.priced_basket import Shopper, price
from components.foundation import clock, database
from components.insights import order_invariants
from components.orders import completion, order_creation
from components.orders.order_creation import Agreement
from tests.support import fill_basket, make_products

FAULTS = (
    ("UPDATE orders SET payment_reference = NULL", "2795 to pay, 0 captured"),
    ("UPDATE orders SET goods = goods + 1, total = total + 1", "its lines come to 2400, its goods to 2401"),
    ("UPDATE orders SET total = total + 1", "do not come to its total"),
    ("UPDATE order_line SET unit = unit + 1", "is not its price times its quantity"),
    ("UPDATE orders SET stock_taken_at = NULL", "1 units agreed, 1 taken from the stock"),
    (
        "UPDATE reservation SET ended_at = NULL; UPDATE orders SET paid_at = NULL, cancelled_at = now()",
        "still holds stock",
    ),
    (
        """INSERT INTO refund (id, "order", amount, currency, reason, restocks, at, status)
        SELECT gen_random_uuid(), id, total + 1, currency, '', false, now(), 'succeeded' FROM orders""",
        "refunded 2796 of 2795",
    ),
    (
        "INSERT INTO announced_fact SELECT gen_random_uuid(), name, body, announced_at FROM announced_fact",
        "as paid 2 times",
    ),
    (
        """WITH r AS (INSERT INTO refund (id, "order", amount, currency, reason, restocks, at, status)
             SELECT gen_random_uuid(), id, 1, currency, '', false, now(), 'succeeded' FROM orders RETURNING id)
        INSERT INTO refund_line (id, refund, line, quantity, amount)
        SELECT gen_random_uuid(), r.id, l.id, 2, 1 FROM r, order_line l""",
        "more units refunded",
    ),
)


async def paid_order() -> None:
    await fill_basket.ways()
    token = await fill_basket.basket_of(await make_products.variant_id())
    shopper = Shopper(None, (await fill_basket.shopper()).standing, clock.now())
    shown = price(await basket_context.load(token, person_id=None, at=shopper.at), shopper)
    order = await order_creation.place(
        Agreement(
            person_id=None,
            email="noor@kiln.test",
            name="Noor",
            address=fill_basket.HOME,
            delivery_method="Standard",
            quote=shown.quote,
            price_context_key="guest",
            expires_at=clock.now(),
        )
    )
    await completion.record_paid(order.id, reference="transfer")


async def test_an_untouched_order_is_sound(db: None) -> None:
    await paid_order()
    assert await order_invariants.of_orders() == []


@pytest.mark.parametrize(("fault", "words"), FAULTS, ids=[words for _, words in FAULTS])
async def test_a_fault_is_told(db: None, fault: str, words: str) -> None:
    await paid_order()
    await database.execute(fault)
    assert any(words in broken for broken in await order_invariants.of_orders())


async def test_the_database_itself_refuses_what_can_never_be(db: None) -> None:
    await paid_order()
    for fault in (
        "UPDATE orders SET cancelled_at = now()",
        "UPDATE orders SET delivery = delivery + 1",
        "UPDATE orders SET paid_at = NULL, fulfilled_at = now()",
        "UPDATE order_line SET quantity = 0",
    ):
        with pytest.raises(Exception, match="check constraint"):
            await database.execute(fault)
