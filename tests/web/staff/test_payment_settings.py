"""Settings, Payments: an owner who has shown that it is them changes the Stripe key; what is sold sets defaults."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from components.foundation import clock, settings
from components.foundation.secrecy import kept_stripe_key
from components.foundation.shop_settings import setting_rows
from components.payments import stripe_connection
from tests.support import people
from tests.support.shops import Shop

GOOD = "sk_test_51NorthlineNorthline0001"
PATH = "/staff/settings/payments"


@pytest.fixture(autouse=True)
def tried(shop: Shop) -> Iterator[None]:
    stripe_connection.use_for_trials(shop.stand_in.http_client())
    yield
    stripe_connection.use_for_trials(None)
    kept_stripe_key.forget(settings.current().data)


async def test_a_key_is_tried_kept_and_forgotten_by_an_owner(shop: Shop) -> None:
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    page = await iris.get(PATH)
    page = await iris.submit(page, PATH, way="stripe", key="sk_test_rolledNorthlineNorthline")
    assert page.status == 422 and "expired or was replaced" in page.words
    page = await iris.submit(page, PATH, way="stripe", key=GOOD)
    assert "Stripe accepts the key" in page.words and "A key is kept" in page.words
    assert kept_stripe_key.read(settings.current().data) == GOOD and GOOD not in page.text
    audit = await iris.get("/staff/audit")
    assert "Stripe key set" in audit.words and GOOD not in audit.text
    page = await iris.submit(page, PATH, way="practice")
    assert "practice again" in page.words and kept_stripe_key.read(settings.current().data) == ""


async def test_nobody_changes_where_the_money_goes_without_showing_again_that_it_is_them(shop: Shop) -> None:
    await people.owner()
    await people.staff("sam@kiln.test", ("settings", "orders"))
    iris, sam = await shop.signed_in("iris@kiln.test"), await shop.signed_in("sam@kiln.test")
    assert (await sam.get(PATH)).status == 403 and (await sam.post(PATH, {"way": "stripe"})).status == 403
    with clock.frozen(clock.now() + timedelta(hours=2)):
        assert (await iris.get(PATH)).path.startswith("/account/confirm")
        page = await iris.post(PATH, {"way": "stripe", "key": GOOD})
        assert page.path.startswith("/account/confirm") and kept_stripe_key.read(settings.current().data) == ""


async def test_new_products_begin_with_the_usual_tax_of_what_the_shop_sells(shop: Shop) -> None:
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    page = await iris.get("/staff/products/new")
    assert page.form("/staff/products").given["tax_category"] == "standard"
    await setting_rows.change({"trade": "books"}, by=None)
    page = await iris.get("/staff/products/new")
    assert page.form("/staff/products").given["tax_category"] == "zero" and "“Novel” or “Notebook”" in page.words
