"""A guest who joins with an order: nothing says that it orders before the e-mail is confirmed, and then the last
question and the button are where they land."""

from components.foundation.shop_settings import setting_rows
from tests.support import buy_products, make_plans, make_products, people
from tests.support.shops import Shop

JOINS = "/checkout?join=annual"
ORDERS = "Zahlungspflichtig bestellen"


async def test_the_button_goes_on_to_the_code_and_then_orders(goods: Shop) -> None:
    await setting_rows.change({"shop_languages": "de"}, by=None)
    await make_products.product()
    await make_plans.club()
    guest = goods.browser()
    guest.client.cookies.set("language", "de")
    await buy_products.put_in(guest)
    assert ORDERS in (await guest.get("/checkout?join=")).words
    first = await guest.get(JOINS)
    assert ORDERS not in first.words and "Weiter" in first.words
    assert "Zuerst schicken wir Ihnen einen Code" in first.words and "vor Ablauf der Widerrufsfrist" not in first.words
    back = await people.enters_code(goods, guest, await guest.submit(first, "/checkout", **buy_products.TYPED))
    assert back.response.url.fragment == "checkout-pay"
    _, _, end = back.text.partition('id="checkout-pay"')
    assert "Bitte prüfen Sie Ihre Bestellung" in end and "vor Ablauf der Widerrufsfrist" in end and ORDERS in end


async def test_who_is_signed_in_is_asked_as_soon_as_a_membership_is_chosen(goods: Shop) -> None:
    await make_products.product()
    await make_plans.club()
    await people.customer("maya@kiln.test", name="Maya")
    maya = await goods.signed_in("maya@kiln.test")
    await buy_products.put_in(maya)
    page = await maya.get("/checkout?join=")
    assert "begins_now" not in page.text and "is confirmed" not in page.text
    chosen = await maya.client.post(
        "/checkout/choices",
        data={**buy_products.TYPED, "join": "annual"},
        headers={"HX-Request": "true", "HX-Request-Type": "partial"},
    )
    assert "begins_now" in chosen.text
