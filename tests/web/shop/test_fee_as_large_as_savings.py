"""A fee that is exactly what the order saves is said to be that: not £0.00 more."""

from tests.support import buy_products, make_plans, make_products
from tests.support.shops import Shop


async def test_nothing_is_more_by_nothing(goods: Shop) -> None:
    await make_products.product(on_hand=20)
    await make_plans.club(price=635)
    guest = goods.browser()
    await buy_products.put_in(guest)
    page = await guest.get("/checkout")
    assert "You save £6.35 on this order. That is exactly the fee." in page.words, page.words
    basket = await guest.get("/basket")
    assert "It makes no difference: this basket alone saves £6.35" in basket.words, basket.words
    assert "£0.00" not in page.words + basket.words
