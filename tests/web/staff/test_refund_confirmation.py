"""Refunds above a limit ask staff to confirm that it is them, and are then made as they were typed."""

import dataclasses
from datetime import timedelta

import pytest

from components.foundation import clock, database, settings
from tests.scenarios.test_38_term_refunds import with_a_term
from tests.support import buy_products, make_products, people
from tests.support.shops import Shop

ASKED = "Confirm that it's you"


@pytest.fixture
async def goods(goods: Shop) -> Shop:
    await make_products.product()
    return goods


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten pounds."""
    known = dataclasses.replace(settings.current(), refund_confirm_above=10)
    monkeypatch.setattr(settings, "current", lambda: known)


async def test_a_refund_above_the_limit_is_confirmed_first_and_made_as_typed(goods: Shop, limit: None) -> None:
    await buy_products.buy(goods, goods.browser(), quantity=1)
    order, iris = await buy_products.the_order(), await people.owner()
    staff = await goods.signed_in(iris.email)
    clock.set_everywhere(clock.now() + timedelta(minutes=11))
    address = f"/staff/orders/{order.number}/refunds"
    form = await staff.get(f"{address}/new")
    small = await staff.submit(form, address, how="amount", amount="4.00")
    assert "£4.00 refunded" in small.alerts(), small.words
    split = await staff.submit(await staff.get(f"{address}/new"), address, how="amount", amount="6.01", reason="Chip")
    assert split.heading == ASKED, "many small refunds are a way around the limit"
    assert await buy_products.count("refund") == 1
    done = await staff.submit(split, address, confirm_password=people.PASSWORD)
    assert "£6.01 refunded" in done.alerts()
    assert "Chip" in repr(await database.fetch("SELECT reason FROM refund"))


async def test_so_is_that_of_a_term_paid_once(shop: Shop, limit: None) -> None:
    iris = await with_a_term(shop)
    clock.set_everywhere(clock.now() + timedelta(minutes=11))
    here = f"/staff/paid-once/{await database.fetch_value('SELECT id FROM paid_term')}/refund"
    asked = await iris.submit(await iris.get(here), here, how="amount", amount="10.01", follows="end")
    assert asked.heading == ASKED and await buy_products.count("paid_once_refund") == 0
    done = await iris.submit(asked, here, confirm_password=people.PASSWORD)
    assert "£10.01 refunded. The membership is being ended." in done.alerts()


async def test_units_and_everything_count_with_their_sum(goods: Shop, limit: None) -> None:
    await buy_products.buy(goods, goods.browser(), quantity=1)
    order, iris = await buy_products.the_order(), await people.owner()
    staff = await goods.signed_in(iris.email)
    clock.set_everywhere(clock.now() + timedelta(minutes=11))
    address = f"/staff/orders/{order.number}/refunds"
    form = await staff.get(f"{address}/new")
    line = next(name for name in form.form(address).given if name.startswith("units-"))
    for typed in ({"how": "whole"}, {"how": "units", line: "1"}):
        assert (await staff.submit(form, address, **typed)).heading == ASKED
    assert await buy_products.count("refund") == 0
