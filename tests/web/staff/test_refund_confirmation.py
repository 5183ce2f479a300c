"""Refunds above a limit ask staff to confirm that it is them, and are then made as they were typed."""

import dataclasses
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock, database, settings
from tests.scenarios.test_38_term_refunds import with_a_term
from tests.support import buy_products, fill_basket, join_members, make_plans, make_products, people
from tests.support.pages import Browser, Page
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


@pytest.mark.parametrize("kind", ["orders", "term", "fee"])
async def test_two_at_once_are_no_way_around_the_limit(
    shop: Shop, limit: None, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Each below the limit, both allowed before either was made: the second is refused, and asked for anew."""
    iris, here, table = await with_a_payment(shop, kind)
    module, address = sys.modules[MODULES[kind]], here if kind == "term" else f"{here}/new"
    form, other = await iris.get(address), await iris.get(address)
    between = Between(module.confirm_refund)  # type: ignore[attr-defined]
    between.act = lambda: iris.submit(other, here, how="amount", amount="6.00", **FOLLOWS[kind])
    monkeypatch.setattr(module, "confirm_refund", between)
    clock.set_everywhere(clock.now() + timedelta(minutes=11))
    second = await iris.submit(form, here, how="amount", amount="7.00", **FOLLOWS[kind])
    assert second.status == 409 and "in the meantime" in second.words, second.words
    assert await database.fetch_values(f"SELECT amount FROM {table}") == [600]
    assert (await iris.submit(second, here)).heading == ASKED


MODULES = {
    "orders": "web.staff.orders.refunds",
    "term": "web.staff.members.paid_once_refunds",
    "fee": "web.staff.members.fee_refunds",
}
FOLLOWS: dict[str, dict[str, str]] = {"orders": {}, "term": {"follows": "keep"}, "fee": {"follows": "keep"}}


async def with_a_payment(shop: Shop, kind: str) -> tuple[Browser, str, str]:
    """The owner, where it is refunded, and the table of its refunds."""
    if kind == "term":
        iris = await with_a_term(shop)
        return (
            iris,
            f"/staff/paid-once/{await database.fetch_value('SELECT id FROM paid_term')}/refund",
            "paid_once_refund",
        )
    await people.owner()
    if kind == "fee":
        await join_members.joins(shop, await make_plans.club())
        invoice = await database.fetch_value("SELECT invoice FROM paid_period")
        here = f"/staff/members/{await join_members.person()}/fees/{invoice}/refunds"
        return await shop.signed_in("iris@kiln.test"), here, "fee_refund"
    await fill_basket.ways()
    await make_products.product()
    await buy_products.buy(shop, shop.browser(), quantity=1)
    order = await buy_products.the_order()
    return await shop.signed_in("iris@kiln.test"), f"/staff/orders/{order.number}/refunds", "refund"


class Between:
    """Has something else done once, between the permission and the refund."""

    def __init__(self, real: Any) -> None:
        self.real = real
        self.act: Callable[[], Awaitable[Page]] | None = None

    async def __call__(self, *args: Any, **given: Any) -> Any:
        asked = await self.real(*args, **given)
        if self.act is not None:
            act, self.act = self.act, None
            await act()
        return asked
