"""Picking up an order: no address asked, the tax of the place, and everybody is told where and when."""

from dataclasses import replace

import pytest

from components.checkout.delivery import delivery_terms
from components.checkout.tables import DeliveryMethod
from components.checkout.taxes import tax_rates
from components.foundation import database
from components.foundation.shop_settings import setting_rows
from components.insights.evidence import evidence_of_orders
from components.orders import fulfilments
from components.orders.views import OrderView
from components.people import addresses, operators
from tests.support import buy_products, fill_basket, make_delivery, make_products
from tests.support.pages import Browser
from tests.support.shops import Shop

PLACE = {"line1": "12 Castle Street", "city": "Leeds", "postcode": "ls14ab", "country": "GB"}
HOURS = "Monday to Friday, 9 to 17"


@pytest.fixture
async def owner(shop: Shop) -> Browser:
    iris = await fill_basket.person("iris@kiln.test", "Iris Hall")
    await operators.add(iris, role="owner", permissions=())
    owner = await shop.signed_in("iris@kiln.test")
    await make_delivery.method("Post", "GB", "DE", fee=500)
    await tax_rates.set_rate("GB", rate_bp=2000)
    await make_products.product(price=2400)
    page = await owner.get("/staff/delivery/pickup/new")
    wrong = await owner.submit(page, "/staff/delivery/pickup", name="In the shop", **{**PLACE, "postcode": "nowhere"})
    assert wrong.status == 422 and "Enter a postcode like EC1Y 8SY." in wrong.words
    listed = await owner.submit(wrong, "/staff/delivery/pickup", postcode="ls14ab", hours=HOURS)
    assert "In the shop" in listed.words and "12 Castle Street, Leeds LS1 4AB" in listed.words
    return owner


async def _pickup() -> str:
    return str(next(one.id for one in (await delivery_terms.current()).methods if one.pickup))


async def test_an_order_is_picked_up(shop: Shop, owner: Browser) -> None:
    guest, pickup = shop.browser(), await _pickup()
    await buy_products.put_in(guest)
    form = await guest.get("/checkout")
    typed = {**form.form("/checkout").given, "method": pickup, "line1": "1 Elm Row", "country": "DE"}
    shown = await guest.post_for_part("/checkout/choices", typed)
    assert "You pick up your order here." in shown.text and HOURS in shown.text and "24.00" in shown.prices()
    assert 'type="hidden" name="line1" value="1 Elm Row"' in shown.text and 'id="postcode"' not in shown.text
    sent = {"email": "noor@example.org", "name": "Noor Haddad", "method": pickup, "country": "DE"}
    page = await guest.submit(await guest.post("/checkout/choices", typed), "/checkout", **sent)
    assert buy_products.is_pay_page(page), page.alerts()
    await guest.get((await shop.pay(page)).url)
    order = await buy_products.the_order()
    assert (order.total, order.tax, order.address.country, order.address.is_pickup) == (2400, 400, "GB", True)
    told = await guest.get(f"/orders/{order.token}")
    assert "Pick up at" in told.words and "12 Castle Street" in told.words and HOURS in told.words
    staff = await owner.get(f"/staff/orders/{order.number}")
    assert "They pick it up at:" in staff.words and "Mark as ready to pick up" in staff.words
    await shop.catch_up()
    assert "We’ll e-mail you when your order is ready to pick up." in told.words
    await fulfilments.ship(order.id, by=None)
    await shop.catch_up()
    for page in (await guest.get(f"/orders/{order.token}"), await owner.get(f"/staff/orders/{order.number}")):
        assert "eady to pick up" in page.words and "shipped on" not in page.words and "carrier" not in page.words
    await is_collected(shop, owner, order)
    found = await database.fetch("SELECT subject, text FROM email")
    written = {row["subject"]: row["text"] for row in found}
    assert "Pick up at:" in written[f"Your order {order.number}"]
    assert "again when it's ready to pick up." in written[f"Your order {order.number}"]
    assert "12 Castle Street" in written[f"Your order {order.number} is ready to pick up"]


async def test_nobody_picks_up_who_did_not_choose_to(shop: Shop, owner: Browser) -> None:
    """Also where the place stands first, and costs nothing; it is found chosen only where nothing is sent."""
    await DeliveryMethod.update(position=0).where(DeliveryMethod.pickup.is_not_null())
    await DeliveryMethod.update(position=9).where(DeliveryMethod.pickup.is_null())
    guest, pickup = shop.browser(), await _pickup()
    await buy_products.put_in(guest)
    for country in ("GB", "DE"):
        given = (await guest.get("/checkout")).form("/checkout").given
        form = await guest.post("/checkout/choices", {**given, "country": country})
        assert form.form("/checkout").given["method"] != pickup and 'id="postcode"' in form.text
    basket = await guest.get("/basket")
    assert "In the shop" not in basket.words and "5.00" in basket.prices()
    await database.execute("UPDATE delivery_method SET ended_at = now() WHERE pickup IS NULL")
    assert (await guest.get("/checkout")).form("/checkout").given["method"] == pickup


async def is_collected(shop: Shop, owner: Browser, order: OrderView) -> None:
    """Every place names what it is: ready, then picked up; never shipped."""
    guest, here, file = shop.browser(), f"/staff/orders/{order.number}", "/staff/orders/export.csv"
    ready = await owner.get(here)
    assert "Ready to pick up" in (await owner.get("/staff/orders")).words
    assert order.number in (await owner.get("/staff/orders?show=ready")).words
    assert order.number not in (await owner.get("/staff/orders?show=shipped")).words
    assert ",Ready to pick up," in (await owner.get(file)).text and "To be picked up" in await evidence(order)
    for _ in range(2):
        done = await owner.submit(ready, f"{here}/collection")
        assert f"{order.number} is marked as picked up." in done.alerts()
    assert "Mark as picked up" not in done.words and done.words.count("Picked up") == 2, "badge and timeline"
    assert "You picked up your order on" in (await guest.get(f"/orders/{order.token}")).words
    assert ",Picked up," in (await owner.get(file)).text and "picked up by the customer" in await evidence(order)
    assert order.number not in (await owner.get("/staff/orders?show=ready")).words
    assert await buy_products.count("audit_entry", "what = 'order picked up'") == 1
    again = await buy_products.the_order()
    assert (again.state, replace(again, parcel=None, fulfilled_at=None).state) == ("picked up", "paid")


async def evidence(order: OrderView) -> str:
    return str(await evidence_of_orders.parts(await buy_products.the_order(), reason="general"))


async def test_what_is_not_ready_or_not_picked_up_is_not_collected(shop: Shop, owner: Browser) -> None:
    guest = shop.browser()
    await buy_products.put_in(guest)
    page = await guest.submit(
        await guest.get("/checkout"),
        "/checkout",
        method=(await delivery_terms.current()).methods[0].id,
        **buy_products.TYPED,
    )
    await guest.get((await shop.pay(page)).url)
    order = await buy_products.the_order()
    iris = (await operators.all_operators())[0].person_id
    for _ in range(2):
        with pytest.raises(fulfilments.NotReadyToCollect):
            await fulfilments.collect(order.id, by=iris)
        assert (await owner.post(f"/staff/orders/{order.number}/collection", {})).status == 409
        await fulfilments.ship(order.id, by=None)
    assert (await buy_products.the_order()).state == "shipped"


async def test_a_new_pickup_place_comes_after_what_is_there_and_knows_the_shops_address(owner: Browser) -> None:
    assert [one.name for one in (await delivery_terms.current()).methods] == ["Post", "In the shop"]
    town = {"country": "DE", "company_street": "Elbchaussee 12", "company_town": "22765 Hamburg"}
    await setting_rows.change(town, by=None)
    form = (await owner.get("/staff/delivery/pickup/new")).form("/staff/delivery/pickup").given
    assert form["position"] == str(1 + max(one.position for one in (await delivery_terms.current()).methods))
    assert [form[name] for name in ("line1", "postcode", "city")] == ["Elbchaussee 12", "22765", "Hamburg"]


async def test_a_change_of_the_place_leaves_placed_orders_alone(shop: Shop, owner: Browser) -> None:
    maya = await fill_basket.person("maya@kiln.test", "Maya Lindqvist")
    member, pickup = await shop.signed_in("maya@kiln.test"), await _pickup()
    await buy_products.put_in(member)
    page = await member.submit(await member.get("/checkout"), "/checkout", name="Maya", method=pickup)
    assert buy_products.is_pay_page(page), page.alerts()
    assert await addresses.of_person(maya) == [], "the shop's own address is not theirs"
    link = f"/staff/delivery/pickup/{pickup}"
    assert (await owner.get(f"/staff/delivery/methods/{pickup}")).path == link
    moved = await owner.submit(await owner.get(link), link, line1="1 Market Square")
    assert "1 Market Square, Leeds LS1 4AB" in moved.words
    assert (await buy_products.the_order()).address.line1 == "12 Castle Street"
    assert await buy_products.count("audit_entry", "what = 'delivery method changed'") == 1
