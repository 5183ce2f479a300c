"""What one operator gives back within a day counts together against the limit, whatever it is for."""

import sys
from datetime import timedelta

import pytest

from components.foundation import clock, database
from tests.scenarios.test_38_term_refunds import with_a_term
from tests.support import buy_products, fill_basket, join_members, make_plans, make_products, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.web.staff.test_refund_confirmation import ASKED, Between, limit

__all__ = ["limit"]
LATER, A_DAY = timedelta(minutes=11), timedelta(days=1)
AMOUNTS = {"order": 4, "fee": 3, "term": 2, "credit": 1}
"""Ten pounds in all, which is the limit."""


class Giving:
    """The forms of each kind of giving back, as the operator has them open."""

    def __init__(self, staff: Browser, addresses: dict[str, tuple[str, str]]) -> None:
        self.staff, self.addresses = staff, addresses

    async def give(self, kind: str, amount: str, **more: str) -> Page:
        form, action = self.addresses[kind]
        fields = {"credit": {"amount": amount, "words": "Sorry"}, "order": {"how": "amount", "amount": amount}}
        typed = fields.get(kind, {"how": "amount", "amount": amount, "follows": "keep"})
        return await self.staff.submit(await self.staff.get(form), action, **typed, **more)


@pytest.fixture
async def giving(shop: Shop, limit: None) -> Giving:
    """A paid order, a membership fee, a term paid once, and a member: eleven minutes after the owner signed in."""
    await with_a_term(shop)
    term = await database.fetch_value("SELECT id FROM paid_term")
    await fill_basket.ways()
    await make_products.product()
    await join_members.joins(shop, await make_plans.club(), email="noor@kiln.test")
    await buy_products.buy(shop, shop.browser(), quantity=1)
    order = await buy_products.the_order()
    invoice = await database.fetch_value("SELECT invoice FROM paid_period")
    payer = await database.fetch_value("SELECT payer FROM subscription")
    orders, members = f"/staff/orders/{order.number}/refunds", f"/staff/members/{payer}"
    fee = f"{members}/fees/{invoice}/refunds"
    staff = await shop.signed_in("iris@kiln.test")
    clock.set_everywhere(clock.now() + LATER)
    return Giving(
        staff,
        {
            "order": (f"{orders}/new", orders),
            "fee": (f"{fee}/new", fee),
            "term": (f"/staff/paid-once/{term}/refund",) * 2,
            "credit": (f"{members}/credit",) * 2,
        },
    )


@pytest.mark.parametrize("last", ["fee", "credit"])
async def test_all_that_was_given_back_counts_whichever_comes_last(giving: Giving, last: str) -> None:
    for kind in [one for one in AMOUNTS if one != last]:
        assert (await giving.give(kind, f"{AMOUNTS[kind]}.00")).heading != ASKED, kind
    above = await giving.give(last, f"{AMOUNTS[last]}.01")
    assert above.heading == ASKED and above.status == 403
    assert (await giving.give(last, f"{AMOUNTS[last]}.00")).heading != ASKED, "the limit itself is not above it"
    assert await given() == 1000
    done = await giving.staff.submit(above, giving.addresses[last][1], confirm_password=people.PASSWORD)
    assert done.heading != ASKED and await given() == 1001 + AMOUNTS[last] * 100


async def test_a_day_later_it_is_forgotten_and_another_operator_has_a_day_of_their_own(
    giving: Giving, shop: Shop
) -> None:
    await giving.give("order", "9.00")
    assert (await giving.give("credit", "2.00")).heading == ASKED
    await people.owner("sam@kiln.test")
    another = Giving(await shop.signed_in("sam@kiln.test"), giving.addresses)
    clock.set_everywhere(clock.now() + LATER)
    assert (await another.give("credit", "9.00")).heading != ASKED
    clock.set_everywhere(clock.now() + A_DAY)
    giving.staff = await shop.signed_in("iris@kiln.test")
    clock.set_everywhere(clock.now() + LATER)
    assert (await giving.give("credit", "2.00")).heading != ASKED


async def test_the_same_form_twice_counts_once(giving: Giving) -> None:
    address, action = giving.addresses["credit"]
    form = await giving.staff.get(address)
    for _ in range(2):
        assert (await giving.staff.submit(form, action, amount="6.00", words="Sorry")).heading != ASKED
    assert await given() == 600


async def test_two_kinds_at_once_are_no_way_around_it(giving: Giving, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each allowed before either was made."""
    for first, second in (("credit", "order"), ("order", "fee"), ("fee", "term"), ("term", "credit")):
        module = sys.modules[MODULES[second]]
        before, between = await given(), Between(module.confirm_refund)  # type: ignore[attr-defined]
        between.act = lambda kind=first: giving.give(kind, "6.00")  # type: ignore[misc]
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(module, "confirm_refund", between)
            refused = await giving.give(second, "6.00")
        assert refused.status == 409 and "in the meantime" in refused.words, (first, second, refused.words)
        assert await given() == before + 600
        clock.set_everywhere(clock.now() + A_DAY)


MODULES = {
    "order": "web.staff.orders.refunds",
    "fee": "web.staff.members.fee_refunds",
    "term": "web.staff.members.paid_once_refunds",
    "credit": "web.staff.members.member_credit",
}


async def given() -> int:
    tables = ("refund", "fee_refund", "paid_once_refund", "ledger_lot")
    return sum([await database.fetch_value(f"SELECT coalesce(sum(amount), 0)::int FROM {table}") for table in tables])
