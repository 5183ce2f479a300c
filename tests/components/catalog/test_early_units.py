"""Many members want what is not open to everybody yet: an allotment for all of them, a cap for each."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from components.catalog import invariants
from components.catalog.catalog_refusals import (
    AllotmentInUse,
    AlreadyOnSale,
    BadDetail,
    EarlyAccessSoldOut,
    EarlyLimitReached,
    NoSaleDate,
    NotOpenYet,
    OutOfStock,
)
from components.catalog.early_access import counts, purchases
from components.catalog.early_access.purchases import EarlyBuyer
from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import early_access_quotas, products
from components.catalog.products import variants as catalog_variants
from components.catalog.snapshot import snapshot_refresh
from components.catalog.stock import stock
from components.catalog.views import ProductView
from components.foundation import clock, database, ids
from components.people.facts import PersonErased
from tests.support import make_products

pytestmark = pytest.mark.usefixtures("db")
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
NOON = datetime.fromisoformat("2027-03-01T12:00:00+00:00")
OPENING = NOON + 2 * DAY


async def mug(*, allotment: int | None = None, on_hand: int = 50, title: str = "Moon mug", **rest: Any) -> ProductView:
    product = await make_products.product(title, public_from=OPENING, on_hand=on_hand, **rest)
    await early_access_quotas.save(product.lead.id, allotment)
    return product


async def buy(
    product: ProductView, quantity: int = 1, *, person: UUID | None = None, most: int | None = None, presents: int = 0
) -> UUID:
    """Held for an order of somebody to whom the product is open early."""
    order, variant = ids.new(), product.lead.id
    buyer = EarlyBuyer(
        person_id=person or ids.new(), most={product.id: most}, presents={variant: presents} if presents else {}
    )
    until = clock.now() + timedelta(minutes=30)
    await stock.reserve({variant: quantity}, because_of=order, until=until, buyer=buyer)
    return order


async def taken() -> int:
    return int(await database.fetch_value("SELECT sum(early_taken) FROM variant"))


async def is_sound() -> bool:
    assert await invariants.invariants() == []
    return True


def through(answers: list[Any]) -> int:
    return sum(isinstance(answer, UUID) for answer in answers)


async def test_of_thirty_early_buyers_of_five_early_pieces_exactly_five_get_one() -> None:
    moon = await mug(allotment=5)
    answers = await asyncio.gather(*(buy(moon) for _ in range(30)), return_exceptions=True)
    assert through(answers) == 5 == await taken()
    assert sum(isinstance(answer, EarlyAccessSoldOut) for answer in answers) == 25
    assert await make_products.on_hand(moon.lead.id) == (50, 5)
    assert await is_sound()


async def test_ten_orders_of_one_member_at_once_with_a_cap_of_two_are_two() -> None:
    moon, maya = await mug(), ids.new()
    answers = await asyncio.gather(*(buy(moon, person=maya, most=2) for _ in range(10)), return_exceptions=True)
    assert through(answers) == 2 == await taken()
    assert sum(isinstance(answer, EarlyLimitReached) for answer in answers) == 8
    assert await make_products.on_hand(moon.lead.id) == (50, 2)
    assert await is_sound()


async def test_more_than_the_cap_at_once_is_refused_and_nothing_is_kept() -> None:
    moon, maya = await mug(), ids.new()
    with pytest.raises(
        EarlyLimitReached, match=r"Moon mug: limit of two per member until Wednesday 3 March at 12:00\."
    ):
        await buy(moon, 3, person=maya, most=2)
    assert await taken() == 0 and await make_products.on_hand(moon.lead.id) == (50, 0)
    assert await is_sound()


async def test_two_variants_of_a_product_share_a_members_cap() -> None:
    made = await products.create(
        ProductDetails(title="Moon mug", option_names=("Glaze",), public_from=OPENING),
        [VariantDetails(price=2400, options=(glaze,), on_hand=5) for glaze in ("Moss", "Salt")],
    )
    variants = list((await catalog_variants.by_options(made)).values())
    buyer = EarlyBuyer(person_id=ids.new(), most={made: 2})
    with pytest.raises(EarlyLimitReached):
        await stock.reserve({variants[0]: 1, variants[1]: 2}, because_of=ids.new(), until=clock.in_days(1), buyer=buyer)
    await stock.reserve(dict.fromkeys(variants, 1), because_of=ids.new(), until=clock.in_days(1), buyer=buyer)
    assert await taken() == 2 and await is_sound()


async def test_a_present_comes_out_of_the_allotment_but_is_not_counted_for_her() -> None:
    moon, maya = await mug(allotment=2), ids.new()
    await buy(moon, 2, person=maya, most=1, presents=1)
    assert await taken() == 2 and (await counts.for_person(maya)).of(moon.id) == 1
    with pytest.raises(EarlyAccessSoldOut):
        await buy(moon, presents=1)
    assert await is_sound()


@pytest.mark.parametrize(("after", "is_early"), [(-SECOND, True), (timedelta(), False), (SECOND, False)])
async def test_the_allotment_counts_until_the_second_it_opens_to_everybody(after: timedelta, is_early: bool) -> None:
    moon = await mug(allotment=0)
    with clock.frozen(OPENING + after):
        if is_early:
            with pytest.raises(EarlyAccessSoldOut):
                await buy(moon)
        else:
            await stock.reserve({moon.lead.id: 1}, because_of=ids.new(), until=clock.in_days(1))
    assert await taken() == 0 and await is_sound()


async def test_what_is_left_of_the_allotment_goes_to_everybody() -> None:
    moon = await mug(allotment=5, on_hand=5)
    await buy(moon, 2)
    with clock.frozen(OPENING):
        await stock.reserve({moon.lead.id: 3}, because_of=ids.new(), until=clock.in_days(1))
    assert await make_products.on_hand(moon.lead.id) == (5, 5) and await taken() == 2


async def test_without_a_number_early_buyers_may_have_all_of_it_and_are_counted_all_the_same() -> None:
    moon = await mug(on_hand=3)
    await buy(moon, 3)
    assert await taken() == 3
    with pytest.raises(OutOfStock, match="sold out"):
        await buy(moon)


async def test_stock_that_is_not_counted_has_an_allotment_too() -> None:
    moon = await mug(allotment=1, tracks_stock=False)
    await buy(moon)
    with pytest.raises(EarlyAccessSoldOut):
        await buy(moon)


async def test_nobody_takes_early_to_whom_it_is_not_open() -> None:
    """However the shop came to believe that it was: a stale page, a date that has just been moved."""
    moon, bowl = await mug(), await mug(title="Tea bowl")
    with pytest.raises(NotOpenYet):
        await stock.reserve({moon.lead.id: 1}, because_of=ids.new(), until=clock.in_days(1))
    with pytest.raises(NotOpenYet):
        buyer = EarlyBuyer(person_id=ids.new(), most={bowl.id: None})
        await stock.reserve({moon.lead.id: 1}, because_of=ids.new(), until=clock.in_days(1), buyer=buyer)
    assert await taken() == 0


async def test_what_lapses_is_there_for_the_next_and_for_her() -> None:
    moon, maya = await mug(allotment=1), ids.new()
    await buy(moon, person=maya, most=1)
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        await asyncio.gather(*(stock.release_expired() for _ in range(3)))
        assert await taken() == 0 and await is_sound()
        await buy(moon, person=maya, most=1)
    assert await taken() == 1 and await is_sound()


async def test_what_is_released_is_given_back_once() -> None:
    moon = await mug(allotment=2)
    order = await buy(moon, 2)
    await asyncio.gather(*(stock.release(order) for _ in range(5)))
    assert await taken() == 0 and await is_sound()


async def test_what_is_sold_stays_counted() -> None:
    moon = await mug(allotment=2)
    order = await buy(moon, 2)
    await asyncio.gather(*(stock.sell(order) for _ in range(5)))
    await stock.release(order)
    assert await taken() == 2 and await make_products.on_hand(moon.lead.id) == (48, 0)
    assert await is_sound()


async def test_paid_after_it_lapsed_it_takes_its_early_piece_again() -> None:
    moon, maya = await mug(allotment=1), ids.new()
    order = await buy(moon, person=maya, most=1)
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        await stock.release_expired()
        await stock.sell(order)
        await stock.sell(order)
    assert await taken() == 1 and (await counts.for_person(maya)).of(moon.id) == 1
    assert await is_sound()


@pytest.mark.parametrize("by_another", [True, False])
async def test_paid_late_it_is_not_sold_over_the_allotment_or_the_cap_until_all_may_buy(by_another: bool) -> None:
    moon, maya = await mug(allotment=1 if by_another else 5), ids.new()
    order = await buy(moon, person=maya, most=1)
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        await stock.release_expired()
        await buy(moon, person=None if by_another else maya, most=1)
        with pytest.raises(EarlyAccessSoldOut if by_another else EarlyLimitReached):
            await stock.sell(order)
    assert await taken() == 1 and await is_sound()
    with clock.frozen(OPENING):
        await stock.sell(order)
    assert await taken() == 1 and await make_products.on_hand(moon.lead.id) == (49, 1)
    assert await is_sound()


async def test_what_comes_back_is_early_again_while_the_head_start_lasts() -> None:
    moon, maya = await mug(allotment=2), ids.new()
    order = await buy(moon, 2, person=maya, most=2)
    await stock.sell(order)
    await purchases.reverse(order, {moon.lead.id: 1})
    await purchases.refund(order, {moon.lead.id: 1})
    assert await taken() == 1 and (await counts.for_person(maya)).of(moon.id) == 1
    with clock.frozen(OPENING):
        await purchases.reverse(order, {moon.lead.id: 1})
    assert await taken() == 1, "once it is open to everybody there is nobody to keep it for"
    assert await is_sound()


async def test_more_cannot_come_back_than_was_taken() -> None:
    moon, maya = await mug(allotment=2), ids.new()
    order = await buy(moon, 2, person=maya, most=2)
    await stock.sell(order)
    for _ in range(3):
        await purchases.reverse(order, {moon.lead.id: 2})
        await purchases.refund_all(order)
    assert await taken() == 0 and await is_sound()


async def test_members_with_the_same_things_in_another_order_do_not_wait_for_each_other() -> None:
    moon, bowl, maya = await mug(), await mug(title="Tea bowl"), ids.new()
    buyer = EarlyBuyer(person_id=maya, most={moon.id: None, bowl.id: None})
    both = {moon.lead.id: 1, bowl.lead.id: 1}

    async def come_and_go(n: int) -> None:
        order, lines = ids.new(), both if n % 2 else dict(reversed(both.items()))
        await stock.reserve(lines, because_of=order, until=clock.in_days(1), buyer=buyer)
        await (stock.release(order) if n % 3 else stock.sell(order))

    await asyncio.gather(*(come_and_go(n) for n in range(40)))
    assert await is_sound()


async def test_an_erased_member_leaves_the_counts_of_the_shelf() -> None:
    moon, maya = await mug(allotment=5), ids.new()
    order = await buy(moon, 2, person=maya)
    await purchases.forget_person(PersonErased(maya, ""))
    assert await database.fetch_value("SELECT count(*) FROM early_units WHERE person IS NOT NULL") == 0
    await stock.release(order)
    assert await taken() == 0 and await is_sound()


async def test_an_allotment_needs_a_day_to_come_and_is_not_below_what_is_sold() -> None:
    plain, moon = await make_products.product("Plain mug"), await mug(allotment=3)
    with pytest.raises(NoSaleDate):
        await early_access_quotas.save(plain.lead.id, 3)
    with pytest.raises(BadDetail):
        await early_access_quotas.save(moon.lead.id, -1)
    await buy(moon, 2)
    with pytest.raises(AllotmentInUse, match="2 are already sold or reserved in early access"):
        await early_access_quotas.save(moon.lead.id, 1)
    assert await early_access_quotas.save(moon.lead.id, 2) and not await early_access_quotas.save(moon.lead.id, 2)
    with clock.frozen(OPENING), pytest.raises(AlreadyOnSale):
        await early_access_quotas.save(moon.lead.id, 9)
    with clock.frozen(OPENING):
        assert await early_access_quotas.save(moon.lead.id, None)


async def test_a_moved_or_removed_date_decides_from_then_on() -> None:
    moon = await mug(allotment=1)
    first = await buy(moon)
    revised = ProductDetails(title="Moon mug", public_from=OPENING + DAY)
    await products.revise(moon.id, revised)
    with clock.frozen(OPENING), pytest.raises(EarlyAccessSoldOut):
        await buy(moon)
    await products.revise(moon.id, ProductDetails(title="Moon mug"))
    await stock.reserve({moon.lead.id: 1}, because_of=ids.new(), until=clock.in_days(1))
    assert await taken() == 1
    await stock.release(first)
    assert await taken() == 0 and await is_sound()


async def test_the_snapshot_says_how_many_are_left_and_when_that_changes() -> None:
    moon = await mug(allotment=2)
    await snapshot_refresh.catch_up([moon.id])
    before = snapshot_refresh.snapshot().product_by_id(moon.id)
    assert before is not None and (before.lead.early_left, before.lead.available_early) == (2, 2)
    await buy(moon, 2)
    await snapshot_refresh.catch_up([moon.id])
    after = snapshot_refresh.snapshot().product_by_id(moon.id)
    assert after is not None and not after.has_some_early and after.is_in_stock
    assert after.stamp > before.stamp


FAULTS = (
    ("UPDATE early_units SET returned = 1", "early units counted, but orders have 1"),
    ("UPDATE early_count SET units = 3", "3 early units counted for a member, but their orders have 2"),
    ("DELETE FROM early_count", "0 early units counted for a member, but their orders have 2"),
    ("UPDATE variant SET early_allotment = 1, early_taken = 1", "1 early units counted, but orders have 2"),
    (
        "UPDATE reservation SET ended_at = now(), ended_as = 'lapsed'",
        "2 early units of an order that holds or bought 0",
    ),
    (
        "UPDATE early_units SET returned = 1; UPDATE variant SET early_taken = 1",
        "1 early units of an order that holds or bought 2",
    ),
)


@pytest.mark.parametrize(("fault", "words"), FAULTS, ids=[words for _, words in FAULTS])
async def test_a_fault_in_the_books_is_told(fault: str, words: str) -> None:
    await buy(await mug(allotment=5), 2)
    await database.execute(fault)
    assert any(words in broken for broken in await invariants.invariants())


async def test_the_database_itself_refuses_more_than_the_allotment() -> None:
    await buy(await mug(allotment=2), 2)
    for fault in ("UPDATE variant SET early_taken = 3", "UPDATE early_units SET returned = 3"):
        with pytest.raises(Exception, match="check constraint"):
            await database.execute(fault)
