"""Scenario 38 for terms paid once: a refund made in Stripe is seen, counted, and decided about."""

import pytest

from components.foundation import clock, database
from components.insights.metrics import money_in, plan_results
from components.memberships.editing import plans
from components.memberships.entitlements import entitlements
from components.memberships.grants import fixed_term
from components.memberships.invariants import invariants
from components.memberships.plans import plan_catalogue
from components.payments import connection
from components.payments.values import Payer
from tests.support import join_members, people
from tests.support.pages import Browser
from tests.support.shops import Shop

HERE = "/staff/term-refunds"
REFUND_FAILS = "4000000000005126"


async def with_a_term(shop: Shop, card: str = "4242424242424242") -> Browser:
    await people.owner("iris@kiln.test")
    await plans.create(slug="pass", name="Year pass", summary="", price=5000, interval="year", is_once=True, by=None)
    maya = await people.customer(join_members.MAYA, name="Maya")
    payer, plan = Payer(maya.id, maya.email, "Maya"), plan_catalogue.by_slug("pass")
    url = await fixed_term.start(payer, plan, success_path="/", cancel_path="/")
    await shop.stand_in.pay(url.rsplit("/", 1)[-1].split("?")[0], card=card)
    await shop.catch_up()
    return await shop.signed_in("iris@kiln.test")


async def refunded_in_stripe(shop: Shop, amount: int) -> None:
    intent = await database.fetch_value("SELECT stripe_id FROM mirrored_payment WHERE purpose = 'term'")
    await connection.client().v1.refunds.create_async({"payment_intent": str(intent), "amount": amount})
    await shop.catch_up()


async def is_member() -> bool:
    return (await entitlements.for_person(await join_members.person())).is_member


async def given_back() -> tuple[int, int]:
    parts = {one.name: one.amount for one in await money_in.parts(30)}
    return parts["Refunds of terms paid once"], sum(one.refunds for one in await plan_results.by_plan(30))


@pytest.mark.parametrize(("decision", "amount"), [("keep", 2000), ("end", 5000)])
async def test_38_staff_decide_about_a_term_refunded_in_stripe(shop: Shop, decision: str, amount: int) -> None:
    iris = await with_a_term(shop)
    assert "Nothing to decide" in (await iris.get(HERE)).words
    await refunded_in_stripe(shop, amount)
    await shop.catch_up()
    assert await is_member() and await given_back() == (-amount, amount), "this shop has no tax"
    assert "1 membership paid once was refunded in Stripe" in (await iris.get("/staff")).words
    page = await iris.get(HERE)
    assert f"Maya £{amount / 100:.2f} 1 March 2027 1 March 2028" in page.words
    term = await database.fetch_value("SELECT id FROM paid_term")
    clock.set_everywhere(clock.now().replace(hour=18))
    answer = await iris.submit(page, f"{HERE}/{term}/{decision}")
    assert ("The membership goes on." if decision == "keep" else "The membership has ended.") in answer.alerts()
    assert await is_member() is (decision == "keep")
    assert "nothing to decide" in (await iris.submit(page, f"{HERE}/{term}/{decision}")).alerts()
    assert "refunded in Stripe" not in (await iris.get("/staff")).words and await invariants() == []


async def test_38_a_terms_refund_that_fails_later_counts_no_more_and_asks_nothing(shop: Shop) -> None:
    await with_a_term(shop, REFUND_FAILS)
    await refunded_in_stripe(shop, 5000)
    await join_members.until(shop, clock.now().replace(day=8))
    iris = await shop.signed_in("iris@kiln.test")
    assert "Nothing to decide" in (await iris.get(HERE)).words
    assert await given_back() == (0, 0) and await is_member()
