"""An order can be returned for as long as was said when it was placed, whatever the shop says of later ones."""

from components.foundation import database
from components.foundation.shop_settings import setting_rows
from tests.support import buy_products
from tests.support.shops import Shop
from tests.web.shop.test_fee_codes_with_orders import MAYA, club, pays, shopping

__all__ = ["club"]


async def test_fewer_days_are_for_orders_placed_from_then_on(club: Shop) -> None:
    maya = await shopping(club)
    page = await maya.submit(await maya.get("/checkout"), "/checkout", **MAYA)
    await setting_rows.change({"return_days": "14"}, by=None)
    await club.refresh()
    assert "within 30 days" in (await pays(club, maya, page)).words
    order = await buy_products.the_order()
    for address in (f"/orders/{order.token}", f"/account/orders/{order.number}"):
        assert "You can return anything within 30 days" in (await maya.get(address)).words
    await database.execute("UPDATE orders SET return_days = NULL")
    assert "within 14 days" in (await maya.get(f"/orders/{order.token}")).words, "placed before it was kept"
