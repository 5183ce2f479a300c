"""Buying, as a shopper does it: by links and plain forms, without script."""

from components.foundation import database
from tests.support import buy_products, make_products, people
from tests.support.shops import Shop


async def test_a_guest_buys_without_script(goods: Shop) -> None:
    await make_products.product(on_hand=5)
    guest = goods.browser()
    thanks = await buy_products.buy(goods, guest, quantity=2)
    assert thanks.heading == "Thank you, Noor."
    assert "51.95" in thanks.prices()
    await goods.catch_up()
    assert await database.fetch_one("SELECT on_hand, reserved FROM variant") == {"on_hand": 3, "reserved": 0}
    assert "Your basket is empty" in (await guest.get("/basket")).words
    assert (await buy_products.the_order()).address.postcode == "LS1 4AB"
    assert await buy_products.is_sound()


async def test_a_member_pays_her_price_and_reads_why(goods: Shop) -> None:
    await make_products.product()
    maya = await buy_products.member(goods)
    thanks = await buy_products.buy(goods, maya)
    order = await buy_products.the_order()
    assert (order.total, order.goods, order.delivery, order.member_savings) == (2160, 2160, 0, 240 + 395)
    assert "10% off" in thanks.words and "2.40 saved" in thanks.words
    listed = await maya.get("/account/orders")
    assert order.number in listed.words
    assert "21.60" in (await maya.get(f"/account/orders/{order.number}")).prices()
    await goods.catch_up()
    assert await buy_products.count("benefit_use") == 2
    assert await buy_products.is_sound()


async def test_a_known_person_finds_her_address_filled_in(goods: Shop) -> None:
    await make_products.product()
    maya = await buy_products.member(goods)
    await buy_products.buy(goods, maya)
    await buy_products.put_in(maya)
    page = await maya.get("/checkout")
    assert page.form("/checkout").given["line1"] == "4 Mill Lane"


async def test_everything_that_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(goods: Shop) -> None:
    await make_products.product()
    guest = goods.browser()
    await buy_products.put_in(guest)
    page = await buy_products.check_out(guest, email="noor at example", city="")
    assert page.status == 422
    assert "Enter an e-mail address like" in page.alerts() and "“Town or city” is required." in page.alerts()
    assert page.form("/checkout").given["line1"] == "4 Mill Lane"
    assert await buy_products.count("orders") == 0


async def test_a_parcel_abroad_shows_its_new_price_before_it_is_paid(goods: Shop) -> None:
    await make_products.product()
    guest = goods.browser()
    await buy_products.put_in(guest)
    page = await buy_products.check_out(guest, **buy_products.IN_GERMANY)
    assert page.status == 422 and "36.00" in page.prices()
    checkout_session = await guest.submit(page, "/checkout")
    assert buy_products.is_pay_page(checkout_session)
    assert (await buy_products.the_order()).total == 3600


async def test_a_price_that_changed_is_shown_before_any_session_exists(goods: Shop) -> None:
    mug = (await make_products.product()).variants[0]
    guest = goods.browser()
    await buy_products.put_in(guest)
    page = await guest.get("/checkout")
    await database.execute("UPDATE variant SET price = 2600 WHERE id = $1", mug.id)
    await goods.refresh()
    again = await guest.submit(page, "/checkout", **buy_products.TYPED)
    assert again.status == 409 and "Something has changed" in again.alerts() and "26.00" in again.prices()
    assert await buy_products.count("checkout_session") == await buy_products.count("orders") == 0
    assert buy_products.is_pay_page(await guest.submit(again, "/checkout"))


async def test_an_open_payment_keeps_the_price_it_was_opened_with(goods: Shop) -> None:
    mug = (await make_products.product()).variants[0]
    guest = goods.browser()
    await buy_products.put_in(guest)
    checkout_session = await buy_products.check_out(guest)
    await database.execute("UPDATE variant SET price = 9900 WHERE id = $1", mug.id)
    await goods.refresh()
    outcome = await goods.pay(checkout_session)
    assert "27.95" in (await guest.get(outcome.url)).prices()


async def test_a_members_only_piece_is_asked_about_again_when_paying(goods: Shop) -> None:
    mug = await make_products.product()
    guest = goods.browser()
    await buy_products.put_in(guest)
    page = await guest.get("/checkout")
    await database.execute("UPDATE product SET members_only = true WHERE id = $1", mug.id)
    await goods.refresh()
    refused = await guest.submit(page, "/checkout", **buy_products.TYPED)
    assert refused.path == "/basket" and "Members only" in refused.words
    assert await buy_products.count("orders") == 0


async def test_what_costs_nothing_is_ordered_without_a_payment(goods: Shop) -> None:
    await make_products.product(price=0, needs_delivery=False)
    guest = goods.browser()
    await buy_products.put_in(guest)
    thanks = await buy_products.check_out(guest)
    assert thanks.path.startswith("/orders/") and thanks.heading == "Thank you, Noor."
    assert await buy_products.count("checkout_session") == 0
    assert await buy_products.is_sound()


async def test_the_basket_asks_the_database_three_times_at_most(goods: Shop) -> None:
    await make_products.product()
    maya = await buy_products.member(goods)
    await buy_products.put_in(maya)
    with database.counted() as tally:
        await maya.get("/basket")
    assert tally.count <= 3


async def test_a_guest_opens_an_account_from_the_order(goods: Shop) -> None:
    await make_products.product()
    guest = goods.browser()
    thanks = await buy_products.buy(goods, guest)
    order = await buy_products.the_order()
    refused = await guest.submit(thanks, f"/orders/{order.token}/account", password="short")
    assert refused.status == 422
    asked = await guest.submit(refused, f"/orders/{order.token}/account", password="a long kiln word")
    mine = await people.enters_code(goods, guest, asked)
    assert mine.path == f"/account/orders/{order.number}"
    await goods.signed_in(order.email, "a long kiln word")
    await buy_products.put_in(guest)
    assert "Moon mug" in (await guest.get("/basket")).words


async def test_a_guest_order_is_claimed_only_by_whoever_confirmed_its_e_mail(goods: Shop) -> None:
    await make_products.product()
    await buy_products.buy(goods, goods.browser(), email="noor@kiln.test")
    order = await buy_products.the_order()
    await people.newcomer("noor@kiln.test")
    await people.customer("maya@kiln.test")
    for email in ("maya@kiln.test", "noor@kiln.test"):
        browser = await goods.signed_in(email)
        page = await browser.post(f"/orders/{order.token}/owner", {})
        assert page.path == f"/orders/{order.token}" and "Save this order to my account" not in page.words
        assert (await buy_products.the_order()).person is None, email
    await database.execute("UPDATE person SET email_confirmed_at = now()")
    browser = await goods.signed_in("noor@kiln.test")
    page = await browser.get(f"/orders/{order.token}")
    assert (await browser.submit(page, f"/orders/{order.token}/owner")).path == f"/account/orders/{order.number}"


async def test_buying_again_fills_the_basket_at_todays_prices(goods: Shop) -> None:
    await make_products.product()
    maya = await buy_products.member(goods)
    await buy_products.buy(goods, maya, quantity=2)
    order = await buy_products.the_order()
    page = await maya.get(f"/account/orders/{order.number}")
    basket = await maya.submit(page, f"/account/orders/{order.number}/again")
    assert basket.path == "/basket" and "43.20" in basket.prices()
