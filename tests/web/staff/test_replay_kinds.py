"""Every kind of benefit in a draft: added, changed, switched on and off, refused at its field, and counted."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from components.foundation import clock, database, ids
from components.insights.backtests import rule_drafts
from components.insights.backtests.backtest_result import BacktestResult
from components.memberships.benefits.kinds import all_kinds
from components.memberships.editing import plan_benefits
from components.memberships.plans import plan_cache, plan_catalogue
from components.orders.refunds import refund_requests, refunds
from tests.support import buy_products, make_products
from tests.support.cells import every_cell
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.staff.test_replays import draft, iris, sold

__all__ = ["iris"]
ANSWERS: dict[str, dict[str, str]] = {
    "member_price": {"discount_type": "percent", "percent": "15", "covers": "everything"},
    "free_delivery": {"threshold": "20", "reach": "all"},
    "early_access": {"hours": "48", "covers": "everything"},
    "members_only": {"covers": "everything"},
    "content": {},
    "cashback": {"rate": "5", "cap": "0", "each": "year", "days": "365"},
    "periodic_credit": {"amount": "3", "each": "period", "expiry": "days", "days": "90"},
    "gift": {"occasion": "birthday", "variants": "CUP", "days": "30"},
    "partner_code": {"promise": "A fifth off a farm"},
    "perk": {"promise": "Repairs at cost", "times": "2"},
}


@pytest.fixture
async def path(shop: Shop, iris: Browser) -> str:
    """The address of an empty draft, where something has been sold."""
    await sold(shop)
    await make_products.product("Cup", sku="CUP", cost=400)
    return (await draft(iris)).path


async def ran(shop: Shop, browser: Browser, path: str) -> BacktestResult:
    await browser.post(f"{path}/runs")
    await shop.catch_up()
    outcome = (await rule_drafts.all_drafts())[0].outcome
    assert outcome is not None
    return outcome


@pytest.mark.parametrize("kind", list(ANSWERS))
async def test_a_kind_is_added_changed_switched_off_and_on_again(shop: Shop, iris: Browser, kind: str) -> None:
    await sold(shop)
    await make_products.product("Cup", sku="CUP", cost=400)
    path = (await draft(iris)).path
    page = await iris.get(path)
    assert all(f'<option value="{key}"' in page.text for key in all_kinds())
    address = f"{path}/benefits/new?plan=annual&kind={kind}"
    assert (await iris.get(address)).status == 200
    page = await iris.post(address, {"name": "Something new", **ANSWERS[kind]})
    assert page.path == path and "Something new" in page.words
    (new,) = (await rule_drafts.all_drafts())[0].revision.defined
    edit = await iris.get(f"{path}/benefits/{new.id}")
    page = await iris.submit(edit, f"{path}/benefits/{new.id}", name="Something newer")
    assert "Something newer" in page.words
    pair = {"plan": str(plan_catalogue.by_slug("annual").id), "benefit": str(new.id)}
    assert (await iris.post(f"{path}/promises", pair)).status == 200
    assert (await rule_drafts.all_drafts())[0].revision.is_empty
    await iris.post(f"{path}/promises", pair)
    await ran(shop, iris, path)
    told = (await iris.get(path)).words
    assert "Given away" in told and "Members affected" in told and "Assumptions" in told
    if kind not in ("member_price", "free_delivery"):
        assert all_kinds()[kind].title in told


@every_cell(
    ("kind", "wrong", "field"),
    [
        ("member_price", {"percent": "-3"}, "percent"),
        ("member_price", {"percent": "1e99999999"}, "percent"),
        ("free_delivery", {"threshold": "-1"}, "threshold"),
        ("free_delivery", {"threshold": "99999999999999"}, "threshold"),
        ("early_access", {"hours": "0"}, "hours"),
        ("early_access", {"covers": "product", "products": "no-such-thing"}, "products"),
        ("members_only", {"covers": "collection"}, "collections"),
        ("cashback", {"rate": "51"}, "rate"),
        ("cashback", {"cap": "-1"}, "cap"),
        ("cashback", {"days": "99999"}, "days"),
        ("cashback", {"each": "decade"}, "each"),
        ("periodic_credit", {"amount": "0"}, "amount"),
        ("periodic_credit", {"amount": "1000000000000000"}, "amount"),
        ("gift", {"variants": "NO-SUCH-SKU"}, "variants"),
        ("gift", {"occasion": "whim"}, "occasion"),
        ("gift", {"occasion": "streak", "number": "0"}, "number"),
        ("partner_code", {"promise": "x" * 301}, "promise"),
        ("perk", {"times": "-1"}, "times"),
        ("content", {"name": ""}, "name"),
    ],
)
async def test_a_bad_answer_is_refused_at_its_field(
    path: str, iris: Browser, kind: str, wrong: dict[str, Any], field: str
) -> None:
    page = await iris.post(f"{path}/benefits/new?plan=annual&kind={kind}", {"name": "New", **ANSWERS[kind], **wrong})
    assert page.status == 422 and f'id="{field}-error"' in page.text, page.alerts()
    assert (await rule_drafts.all_drafts())[0].revision.is_empty


async def test_unknown_things_and_days_are_refused_with_words(shop: Shop, iris: Browser) -> None:
    await sold(shop)
    path, plan = (await draft(iris)).path, str(plan_catalogue.by_slug("annual").id)
    for address, sent in (
        ("promises", {"plan": plan, "benefit": str(ids.new())}),
        ("promises", {"plan": str(ids.new()), "benefit": plan}),
        ("promises", {"plan": "x", "benefit": "y"}),
        ("removals", {"benefit": ""}),
        ("runs", {}),
    ):
        page = await iris.post(f"{path}/{address}", sent)
        assert page.status == 422 and page.alerts(), address
    for kind, plan_slug in (("member_price", "no-such-plan"), ("no_such_kind", "annual")):
        address = f"{path}/benefits/new?plan={plan_slug}&kind={kind}"
        assert (await iris.get(address)).status == (await iris.post(address, {"name": "x"})).status == 404
    assert (await iris.post(f"/staff/simulator/{ids.new()}/runs")).status == 404
    for day in ("2020-01-01T00:00", "9999-12-31T23:59", "0001-01-01T00:00", "2040-01-01T00:00", "soon"):
        page = await iris.post(f"{path}/publication", {"at": day})
        assert page.status == 422 and 'id="at-error"' in page.text, day


async def test_todays_cashback_replayed_is_what_was_earned(shop: Shop, iris: Browser, at: datetime) -> None:
    await make_products.product("Moon mug", price=2399, on_hand=50)
    maya = await buy_products.member(shop)
    back = {"rate": 333, "cap": 200, "each": "month", "days": 365}
    benefit_id = await plan_benefits.create_benefit(kind_key="cashback", name="Back", answers=back, by=None)
    await plan_benefits.attach(plan_catalogue.by_slug("annual").id, benefit_id, by=None)
    await plan_cache.refresh()
    for minute in range(3):
        clock.set_everywhere(at + timedelta(minutes=minute))
        await buy_products.buy(shop, maya, quantity=2)
    await shop.catch_up()
    rows = await database.fetch("SELECT id FROM orders ORDER BY placed_at")
    order = await buy_products.order(rows[1]["id"])
    clock.set_everywhere(at + timedelta(hours=1))
    wish = refund_requests.for_units(order, {order.lines[0].id: 1}, restocks=False, reason="Chipped")
    await refunds.send((await refunds.create(order.id, wish, by=None, key=ids.new())).id)
    await shop.catch_up()
    path = (await draft(iris)).path
    await iris.post(f"{path}/benefits/new?plan=annual&kind=perk", {"name": "Perk", "promise": "Repairs", "times": "0"})
    outcome = await ran(shop, iris, path)
    earned = await database.fetch_value(
        """SELECT -sum(e.amount)::int FROM ledger_entry e JOIN ledger_account a ON a.id = e.account
        WHERE a.kind = 'cashback_given'"""
    )
    cashback = next(one for one in outcome.kinds if one.key == "cashback")
    assert cashback.now == cashback.drafted == earned > 0
    assert outcome.cost == 0 and "it would have cost you nothing" in (await iris.get(path)).words


async def test_gifts_and_credit_that_were_given_are_what_is_replayed(shop: Shop, iris: Browser) -> None:
    """A member with a birthday in these days, who joined in them and has marked a perk."""
    cup = await make_products.product("Cup", sku="CUP", cost=400, price=900)
    await sold(shop)
    maya = await database.fetch_value("SELECT id FROM person WHERE email = 'maya@kiln.test'")
    await database.execute("UPDATE person SET birthday = '1990-03-01' WHERE id = $1", maya)
    path = (await draft(iris)).path
    for occasion in ("birthday", "joining"):
        sent = {"name": occasion, "occasion": occasion, "variants": "CUP", "days": "30"}
        await iris.post(f"{path}/benefits/new?plan=annual&kind=gift", sent)
    outcome = await ran(shop, iris, path)
    gift = next(one for one in outcome.kinds if one.key == "gift")
    assert (gift.drafted, gift.times_drafted) == (800, 2)
    assert [(one.now == one.drafted, one.given_drafted) for one in outcome.people] == [(True, 1800)]
    words = (await iris.get(path)).words
    assert "gets £18.00 more" in words and "it would have cost you £8.00" in words
    assert cup.variants[0].price == 900


async def test_the_page_says_whose_costs_are_known(shop: Shop, iris: Browser) -> None:
    await sold(shop)
    path = (await draft(iris)).path
    await iris.post(f"{path}/benefits/new?plan=annual&kind=cashback", {"name": "Back", **ANSWERS["cashback"]})
    await ran(shop, iris, path)
    assert "Cost known for 0 of 2 lines; 50% of the shop price is assumed for the rest." in (await iris.get(path)).words
    await database.execute("UPDATE variant SET cost = 700")
    await database.execute("UPDATE order_line SET unit_cost = 600 WHERE quantity = 2")
    outcome = await ran(shop, iris, path)
    assert outcome.cost_of_goods == 2 * 600 + 700
    assert "Cost known for 2 of 2 lines (for 1 of them, today’s cost)." in (await iris.get(path)).words
