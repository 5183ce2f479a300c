"""How the shop delivers is set by those who may."""

from components.people import operators
from tests.support import buy_products, fill_basket, make_products
from tests.support.shops import Shop


async def test_a_new_fee_holds_for_the_next_basket(shop: Shop) -> None:
    await make_products.product()
    iris = await fill_basket.person("iris@kiln.test", "Iris Hall")
    await operators.add(iris, role="owner", permissions=())
    owner = await shop.signed_in("iris@kiln.test")
    page = await owner.get("/staff/delivery/methods/new")
    wrong = await owner.submit(page, "/staff/delivery/methods", name="Bicycle", fee="2.50", countries="GB XX")
    assert wrong.status == 422 and "Unknown country codes: XX" in wrong.alerts()
    listed = await owner.submit(wrong, "/staff/delivery/methods", countries="GB", free_from="30")
    assert "Bicycle" in listed.words and "2.50" in listed.prices()
    guest = shop.browser()
    await buy_products.put_in(guest)
    assert {"26.50", "2.50"} <= set((await guest.get("/basket")).prices())
    assert await buy_products.count("audit_entry", "subject = 'delivery method'") == 1


async def test_an_ended_method_can_no_longer_be_chosen(shop: Shop) -> None:
    await fill_basket.ways()
    await make_products.product()
    iris = await fill_basket.person("iris@kiln.test", "Iris Hall")
    await operators.add(iris, role="owner", permissions=())
    owner, guest = await shop.signed_in("iris@kiln.test"), shop.browser()
    await buy_products.put_in(guest)
    form = await guest.get("/checkout")
    link = next(
        link for link in (await owner.get("/staff/delivery")).links() if "/methods/" in link and "new" not in link
    )
    await owner.submit(await owner.get(link), f"{link}/end")
    refused = await guest.submit(form, "/checkout", **buy_products.TYPED)
    assert refused.status == 422 and "Choose one of the options listed." in refused.alerts()
