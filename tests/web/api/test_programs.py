"""What a key opens: orders as they change, who may have what and why, the whole catalogue, and counted stock."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import collections, products
from components.catalog.stock import stock
from components.foundation import audit, clock, database, ids
from components.memberships.grants import complimentary
from components.orders import fulfilments, queries
from components.orders.refunds import refunds
from components.orders.refunds.refund_requests import RefundRequest
from components.people import api_keys, customer_accounts
from components.product_files import stock_reports
from tests.support import buy_products, fill_basket, make_plans, make_products, people
from tests.support.cells import every_cell
from tests.support.programs import Program, key_for
from tests.support.shops import Shop

LATER = timedelta(minutes=1)


async def program(shop: Shop, *scopes: str) -> Program:
    owner = await customer_accounts.by_email("iris@kiln.test") or await people.owner()
    return Program(shop.app, key=await key_for(owner.id, *scopes))


def pass_time(by: timedelta = LATER) -> None:
    clock.set_everywhere(clock.now() + by)


@pytest.fixture
async def bought(shop: Shop) -> Shop:
    """Two orders of a mug, one minute apart."""
    await fill_basket.ways()
    await make_products.product("Moon mug", price=2400, sku="MOON", on_hand=20)
    for _ in range(2):
        await buy_products.buy(shop, shop.browser())
        pass_time()
    return shop


async def numbers(asking: Program, **params: Any) -> tuple[list[str], str]:
    told = await asking.get("/orders", **params)
    return [one["number"] for one in told["orders"]], told["next"]


async def test_orders_are_told_by_their_latest_change_each_once(bought: Shop) -> None:
    packer = await program(bought, "orders:read")
    (first, second), cursor = await numbers(packer)
    assert await numbers(packer, cursor=cursor) == ([], cursor)
    view = await queries.by_number(first)
    assert view is not None
    await fulfilments.ship(view.id, by=people.NOBODY, carrier="Post", tracking="T1")
    assert (await numbers(packer, cursor=cursor))[0] == []  # younger than five seconds
    pass_time()
    (shipped,) = (await packer.get("/orders", cursor=cursor))["orders"]
    assert (shipped["number"], shipped["state"], shipped["shipment"]["tracking"]) == (first, "shipped", "T1")
    assert (await numbers(packer))[0] == [second, first]
    since = (clock.now() - timedelta(seconds=70)).isoformat()
    assert (await numbers(packer, changed_since=since))[0] == [first]


async def test_a_long_list_is_walked_by_cursor_and_nothing_is_left_out(bought: Shop) -> None:
    packer = await program(bought, "orders:read")
    every = (await numbers(packer))[0]
    walked, cursor = [], ""
    while len(walked) < 10:
        found, cursor = await numbers(packer, limit=1, **({"cursor": cursor} if cursor else {}))
        if not found:
            break
        walked += found
    assert walked == every and len(every) == 2


async def test_a_refund_is_a_change_of_its_order(bought: Shop) -> None:
    packer = await program(bought, "orders:read")
    (first, second), cursor = await numbers(packer)
    view = await queries.by_number(first)
    assert view is not None
    await refunds.create(view.id, RefundRequest(amount=500, reason="A chip"), by=people.NOBODY, key=ids.new())
    pass_time()
    (told,) = (await packer.get("/orders", cursor=cursor))["orders"]
    assert (told["number"], [one["amount"]["minor"] for one in told["refunds"]]) == (first, [500])
    assert (await numbers(packer))[0] == [second, first]


async def test_one_order_is_as_it_was_agreed(bought: Shop) -> None:
    packer = await program(bought, "orders:read")
    (number, _), _ = await numbers(packer)
    told = await packer.get(f"/orders/{number}")
    (line,) = told["lines"]
    assert (line["sku"], line["unit"]["value"], line["trace"][0]["words"]) == ("MOON", "24.00", "Regular price")
    assert (told["total"]["value"], told["state"], told["address"]["country"]) == ("27.95", "paid", "GB")
    await packer.refused("/orders/K-999", 404)
    assert "token" not in told  # it opens the order's page


@every_cell(
    ("query", "field"),
    [
        ("cursor=nonsense", "cursor"),
        ("cursor=WzEsMl0", "cursor"),
        ("changed_since=yesterday", "changed_since"),
        ("changed_since=2026-11-26T12:00:00", "changed_since"),
        ("changed_since=0001-01-01T00:00:00Z", "changed_since"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
    ],
)
async def test_a_place_that_cannot_be_is_said_at_its_field(shop: Shop, query: str, field: str) -> None:
    packer = await program(shop, "orders:read")
    assert set((await packer.refused(f"/orders?{query}", 422))["fields"]) == {field}


async def test_who_may_have_what_is_answered_at_any_instant(shop: Shop) -> None:
    plan, began = await make_plans.club(), clock.now()
    maya = await fill_basket.person("maya@kiln.test", "Maya")
    await complimentary.grant(maya, plan, until=began + timedelta(days=30), by=maya)
    door = await program(shop, "members:read")
    told = await door.get("/people", email=" Maya@Kiln.test ")
    assert (told["is_member"], [one["plan"] for one in told["memberships"]]) == (True, ["annual"])
    held = next(one for one in told["entitlements"] if one["name"] == "10% off")
    assert (held["kind"], held["because_of"]) == ("member_price", "complimentary")
    why = next(one for one in told["answers"] if one["name"] == "10% off")
    assert why["is_held"] and "complimentary" in why["why"] and why["rows"]
    for days, is_member in ((-1, False), (29, True), (30, False)):
        at = (began + timedelta(days=days)).isoformat()
        then = await door.get("/people", email="maya@kiln.test", at=at)
        assert (then["is_member"], bool(then["entitlements"])) == (is_member, is_member), days
    assert "No membership" in then["answers"][0]["why"]
    await door.refused("/people?email=nobody@kiln.test", 404)
    await door.refused("/people?email=%00%00%00", 400)
    for at in ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2026-11-26", "now"):
        assert set((await door.refused(f"/people?email=maya@kiln.test&at={at}", 422))["fields"]) == {"at"}


async def test_the_whole_catalogue_has_drafts_and_stock(shop: Shop) -> None:
    await collections.get_or_create("Mugs")
    await make_products.product("Moon mug", sku="MOON", on_hand=7, barcode="5012345678900", collections=("mugs",))
    pass_time()
    await products.create(ProductDetails(title="A draft", status="draft"), [VariantDetails(price=100)])
    mirror = await program(shop, "catalogue:read")
    first = await mirror.get("/catalogue", limit=1)
    (mug,) = first["products"]
    assert (mug["slug"], mug["status"], mug["collections"]) == ("moon-mug", "active", ["mugs"])
    assert mug["variants"][0]["stock"] == {"is_counted": True, "sells_when_out": False, "on_hand": 7, "reserved": 0}
    second = await mirror.get("/catalogue", limit=1, cursor=first["next"])
    assert [one["status"] for one in second["products"]] == ["draft"] and second["next"] is None
    assert set((await mirror.refused("/catalogue?cursor=IjEi", 422))["fields"]) == {"cursor"}


async def test_counted_stock_is_set_once_however_often_it_is_sent(shop: Shop) -> None:
    mug = await make_products.product("Moon mug", sku="MOON", on_hand=5)
    warehouse = await program(shop, "stock:write")
    body = {"counts": [{"sku": "MOON", "on_hand": 12}]}
    first = await warehouse.post("/stock-adjustments", body, **{"Idempotency-Key": "monday"})
    assert first == {
        "counts": [{"variant": str(mug.variants[0].id), "sku": "MOON", "on_hand": 12}], "is_repeated": False,
    }  # fmt: skip
    assert (await Program(shop.app).get("/products/moon-mug"))["variants"][0]["stock"]["available"] == 12
    await stock.set_on_hand(mug.variants[0].id, to=3)
    again = await warehouse.post("/stock-adjustments", body, **{"Idempotency-Key": "monday"})
    assert again == {**first, "is_repeated": True}
    assert await make_products.on_hand(mug.variants[0].id) == (3, 0)
    other = {"counts": [{"sku": "MOON", "on_hand": 1}]}
    await warehouse.refused("/stock-adjustments", 409, json=other, headers={"Idempotency-Key": "monday"})
    (entry, *_) = [one for one in await audit.entries(subject="variant") if one["what"] == "stock adjusted"]
    assert entry["actor"] == (await api_keys.all_keys())[0].id
    (movement,) = await database.fetch(
        "SELECT change, by FROM stock_movement WHERE kind = 'adjustment' AND by IS NOT NULL"
    )
    assert movement["change"] == 7


async def test_of_many_at_once_one_counts(shop: Shop) -> None:
    mug = await make_products.product("Moon mug", sku="MOON", on_hand=5)
    warehouse = await program(shop, "stock:write")
    body = {"counts": [{"sku": "MOON", "on_hand": 12}]}
    sent = [warehouse.post("/stock-adjustments", body, **{"Idempotency-Key": "monday"}) for _ in range(8)]
    answers = await asyncio.gather(*sent)
    assert sorted(one["is_repeated"] for one in answers) == [False] + [True] * 7
    assert await make_products.on_hand(mug.variants[0].id) == (12, 0)
    assert await database.fetch_value("SELECT count(*) FROM stock_movement WHERE kind = 'adjustment'") == 1


async def test_one_count_that_cannot_be_and_none_is_made(shop: Shop) -> None:
    mug = await make_products.product("Moon mug", sku="MOON", on_hand=5)
    warehouse = await program(shop, "stock:write")
    twice = [{"sku": "MOON", "on_hand": 1}, {"variant": str(mug.variants[0].id), "on_hand": 2}]
    for counts, place in (
        ([{"sku": "MOON", "on_hand": 1}, {"sku": "NONE", "on_hand": 1}], "counts[1]"),
        ([{"sku": "MOON", "on_hand": 1}, {"variant": str(people.NOBODY), "on_hand": 1}], "counts[1]"),
        (twice, "counts[1]"),
        ([{"on_hand": 1}], "counts[0]"),
        ([{"sku": "MOON", "on_hand": -1}], "counts[0].on_hand"),
        ([{"sku": "MOON", "on_hand": 2**40}], "counts[0].on_hand"),
    ):
        headers = {"Idempotency-Key": "tuesday"}
        refused = await warehouse.refused("/stock-adjustments", 422, json={"counts": counts}, headers=headers)
        assert set(refused["fields"]) == {place}
    assert await make_products.on_hand(mug.variants[0].id) == (5, 0)
    assert await database.fetch_value("SELECT count(*) FROM stored_report") == 0
    body = {"counts": [{"sku": "MOON", "on_hand": 1}]}
    assert set((await warehouse.refused("/stock-adjustments", 422, json=body))["fields"]) == {"Idempotency-Key"}


async def test_stock_held_for_orders_is_not_counted_away(shop: Shop) -> None:
    mug = await make_products.product("Moon mug", sku="MOON", on_hand=5)
    await stock.reserve({mug.variants[0].id: 3}, because_of=people.NOBODY, until=clock.now() + LATER)
    warehouse = await program(shop, "stock:write")
    body, headers = {"counts": [{"sku": "MOON", "on_hand": 2}]}, {"Idempotency-Key": "one"}
    refused = await warehouse.refused("/stock-adjustments", 422, json=body, headers=headers)
    assert "reserved" in refused["fields"]["counts[0]"]


async def test_old_answers_are_forgotten(shop: Shop) -> None:
    await make_products.product("Moon mug", sku="MOON", on_hand=5)
    warehouse = await program(shop, "stock:write")
    body = {"counts": [{"sku": "MOON", "on_hand": 2}]}
    await warehouse.post("/stock-adjustments", body, **{"Idempotency-Key": "one"})
    pass_time(timedelta(days=31))
    await stock_reports.delete_old()
    assert await database.fetch_value("SELECT count(*) FROM stored_report") == 0
