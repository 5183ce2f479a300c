"""Fee guarantees, discounts and save offers of a shop of some months: every amount is that of the raw rows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock, database, ids
from components.foundation.money import Money
from components.memberships.billing import cancellations
from components.memberships.billing.states import current_states
from components.memberships.discounts import discount_upkeep, fee_discounts
from components.memberships.discounts.discount_terms import FeeDiscountTerms
from components.memberships.editing import plans
from components.memberships.entitlements import savings
from components.memberships.keeping_members import offers_made, save_offers, save_results
from components.memberships.plans import plan_catalogue
from components.memberships.promises import fee_guarantees, guarantee_standings
from tests.figures.comparing import Differences, compare
from tests.support import join_members, make_plans
from tests.support.shops import Shop


async def months(shop: Shop, count: int) -> None:
    for _ in range(count):
        for hours in (31 * 24, 25):
            clock.set_everywhere(clock.now() + timedelta(hours=hours))
            await shop.catch_up()
        await discount_upkeep.keep_promises()
        await fee_guarantees.settle_due()
        await shop.catch_up()


async def saves(email: str, amount: int) -> str:
    reference = f"order-line:{ids.new()}"
    use = savings.Use(reference, None, "A bowl", "10% off", 10 * amount, 9 * amount)
    await savings.record(
        await join_members.person(email), order_id=ids.new(), currency="GBP", uses=[use], at=clock.now()
    )
    return reference


async def subscription_of(email: str) -> Any:
    sql = "SELECT id FROM subscription WHERE payer = $1"
    return await database.fetch_value(sql, await join_members.person(email))


async def some_months(shop: Shop) -> None:
    """Four members of a guaranteed plan: one saves little, one much and brings it back, two pay less than the fee."""
    plan = await make_plans.club(price=500, interval="month", slug="sure")
    await plans.set_terms(plan.id, plans.PlanTerms(guarantees_fee=True), by=None)
    await save_offers.add(reason="price", kind="discount", percent_bp=2500, payments=2, every_months=12, by=None)
    await save_offers.add(reason="use", kind="pause", by=None)
    sure = plan_catalogue.by_slug("sure")
    for name in ("maya", "noor", "theo", "sam"):
        await join_members.joins(shop, sure, email=f"{name}@kiln.test")
    await fee_discounts.put(
        await subscription_of("theo@kiln.test"), FeeDiscountTerms(amount=Money(101, "GBP"), payments=2), key=ids.new()
    )
    made = await offers_made.show(await current_states.of_subscription(await subscription_of("sam@kiln.test")))
    offer = next(one for one in made if one.kind == "discount")
    await save_offers.accept_discount(offer.id, person_id=await join_members.person("sam@kiln.test"))
    await saves("maya@kiln.test", 123)
    brought_back = await saves("noor@kiln.test", 700)
    await months(shop, 1)
    await savings.reverse(brought_back, because_of=f"refund:{ids.new()}", regular=7000, paid=6300, at=clock.now())
    await months(shop, 1)
    await saves("maya@kiln.test", 250)
    await cancellations.schedule(await subscription_of("noor@kiln.test"), reason="price")
    await months(shop, 2)


async def test_promises_are_the_same_counted_twice(shop: Shop) -> None:
    await some_months(shop)
    found = await compare(number=6)
    assert found.found == []
    settled = await database.fetch_values("SELECT given FROM fee_guarantee WHERE given > 0")
    used = await database.fetch_values("SELECT count(*) FROM mirrored_invoice WHERE discount > 0")
    assert (
        len(settled) >= 8
        and 377 in settled
        and used == [4]
        and guarantee_standings.owed(await guarantee_standings.unsettled()) > 0
    )


def of_promises(found: Differences) -> list[str]:
    return [one for one in found.found if "guarantee" in one or "discount" in one or "save offer" in one]


@pytest.mark.parametrize(
    ("module", "name", "old", "new", "said"),
    [
        (guarantee_standings, "_STANDING", "r.status <> 'failed'", "true", "guarantee"),
        (save_results, "_BY_OFFER", "count(s.accepted_at)", "count(s.id)", "save offer"),
    ],
)
async def test_a_wrong_formula_is_found(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, old: str, new: str, said: str
) -> None:
    await some_months(shop)
    invoice = await database.fetch_value("SELECT payment FROM guaranteed_fee g JOIN fee_guarantee f ON f.id = "
                                         "g.guarantee WHERE f.settled_at IS NULL LIMIT 1")  # fmt: skip
    await database.execute(
        """INSERT INTO fee_refund (id, subscription, invoice, amount, currency, status, at)
           SELECT $1, subscription, invoice, 100, 'GBP', 'failed', $3 FROM paid_period WHERE invoice = $2""",
        ids.new(), invoice, clock.now(),
    )  # fmt: skip
    wrong = getattr(module, name).replace(old, new)
    assert wrong != getattr(module, name)
    monkeypatch.setattr(module, name, wrong)
    assert any(said in one for one in of_promises(await compare(number=2))), said


async def test_what_was_given_without_a_posting_is_found(shop: Shop) -> None:
    """And what a discount took off that its invoices do not show."""
    await some_months(shop)
    changes: tuple[tuple[str, Callable[[str], bool]], ...] = (
        ("UPDATE fee_guarantee SET given = given + 1 WHERE id = (SELECT id FROM fee_guarantee WHERE given > 0 LIMIT 1)",
         lambda one: "credit of a guarantee" in one),
        ("UPDATE mirrored_invoice SET discount = discount + 1 WHERE stripe_id = (SELECT stripe_id FROM mirrored_invoice"
         " WHERE discount > 0 AND reason = 'subscription_cycle' LIMIT 1)", lambda one: "what a discount took" in one),
    )  # fmt: skip
    for sql, is_said in changes:
        await database.execute(sql)
        assert any(is_said(one) for one in of_promises(await compare(number=2))), sql
