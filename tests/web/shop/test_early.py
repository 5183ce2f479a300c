"""Before it opens to everybody: what members read and may do, how many there are for all of them and for each."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from components.catalog.product_details import ProductDetails
from components.catalog.products import early_access_quotas, products
from components.catalog.snapshot import snapshot_refresh
from components.catalog.stock import stock
from components.catalog.views import ProductView
from components.checkout import schedule
from components.checkout.placement.payment_page import PlacedOrder
from components.foundation import clock, database, ids
from components.memberships.editing import plan_benefits
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from components.orders.refunds import refund_requests, refunds
from components.orders.refunds.refund_requests import RefundRequest
from tests.support import buy_products, fill_basket, give_benefits, make_products, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
WEDNESDAY = "Wednesday 3 March at 12:00"


@pytest.fixture
def opening(at: datetime) -> datetime:
    return at + 2 * DAY


async def early(
    goods: Shop, opening: datetime, *, allotment: int | None = None, most: int | None = None
) -> ProductView:
    """A mug that members may buy three days before, with nine on the shelf."""
    await give_benefits.plan(("early_access", "Three days early", {"hours": 72, "most": most, "covers": "everything"}))
    mug = await make_products.product(public_from=opening, on_hand=9)
    await early_access_quotas.save(mug.lead.id, allotment)
    await goods.refresh()
    return mug


async def member(goods: Shop, name: str = "maya") -> Browser:
    return (await give_benefits.member(goods, f"{name}@kiln.test"))[1]


async def taken() -> int:
    return int(await database.fetch_value("SELECT early_taken FROM variant"))


def basket_form(mug: ProductView) -> str:
    return basket_form_of(mug.lead.id)


def basket_form_of(variant_id: UUID) -> str:
    return f"/basket/lines/{variant_id}"


def said(page: Page) -> str:
    """An instant is an element of its own: the full stop after it stands apart."""
    return page.words.replace(" .", ".")


def may_buy(words: str) -> bool:
    return "Add to basket" in words


async def test_the_page_says_for_how_many_and_until_when(goods: Shop, opening: datetime) -> None:
    await early(goods, opening, allotment=3, most=1)
    maya = await member(goods)
    page = await maya.get("/products/moon-mug")
    assert f"Early access: on general sale from {WEDNESDAY}. Limit one per member until then." in said(page)
    assert "Only 3 left in early access" in page.words
    assert 'max="1"' in page.text
    assert "Early access" in (await maya.get("/products")).words
    assert "3 early" not in (await goods.browser().get("/products/moon-mug")).words


@pytest.mark.parametrize(("beside", "may"), [(-SECOND, False), (timedelta(), True), (SECOND, True)])
async def test_members_may_from_their_own_second(goods: Shop, opening: datetime, beside: timedelta, may: bool) -> None:
    await early(goods, opening + 8 * DAY, allotment=1, most=1)
    maya = await member(goods)
    clock.set_everywhere(opening + 5 * DAY + beside)
    assert may_buy((await maya.get("/products/moon-mug")).words) is may


@pytest.mark.parametrize(("beside", "may"), [(-SECOND, False), (timedelta(), True), (SECOND, True)])
async def test_a_guest_and_a_member_past_her_cap_may_from_everybodys_second(
    goods: Shop, opening: datetime, beside: timedelta, may: bool
) -> None:
    await early(goods, opening, allotment=1, most=1)
    maya, guest = await member(goods), goods.browser()
    await buy_products.buy(goods, maya)
    clock.set_everywhere(opening + beside)
    await goods.refresh()
    for browser in (maya, guest):
        assert may_buy((await browser.get("/products/moon-mug")).words) is may
    if may:
        await buy_products.put_in(guest, quantity=8)
        assert buy_products.is_pay_page(await buy_products.check_out(guest))
        assert await taken() == 1
    assert await buy_products.is_sound()


async def test_what_is_gone_is_said_on_card_page_and_basket(goods: Shop, opening: datetime) -> None:
    mug = await early(goods, opening, allotment=1)
    maya, noor = await member(goods), await member(goods, "noor")
    await buy_products.put_in(noor)
    assert "Early access" in (await noor.get("/products")).words
    assert "Members can buy it now" in (await goods.browser().get("/products/moon-mug")).words
    await buy_products.buy(goods, maya)
    await goods.refresh()
    page, cards = await noor.get("/products/moon-mug"), await noor.get("/products")
    assert f"Early access stock has sold out The rest goes on general sale from {WEDNESDAY}." in said(page)
    assert not may_buy(page.words) and "schema.org/OutOfStock" in page.text
    assert "Early access sold out" in cards.words and "Sold out" not in cards.words
    assert "Early access" not in cards.words.replace("Early access sold out", "")
    basket = await noor.get("/basket")
    assert f"Early access stock has sold out; the rest goes on general sale from {WEDNESDAY}." in basket.words
    assert "Currently unavailable" in basket.words
    refused = await noor.post_for_part("/basket", {"variant": str(mug.lead.id)})
    assert refused.status == 422 and "Early access stock has sold out" in refused.words
    outside = (await goods.browser().get("/products/moon-mug")).words
    assert "Members can buy it" not in outside and "Early access" not in outside


async def test_thirty_members_at_once_and_five_early_pieces_make_five_orders(goods: Shop, opening: datetime) -> None:
    await early(goods, opening, allotment=5)
    browsers, forms = [], []
    for n in range(30):
        person = await fill_basket.person(f"member-{n}@kiln.test", "Maya")
        await complimentary.grant(person, plan_catalogue.by_slug("annual"), until=None, by=person)
        browsers.append(await goods.signed_in(f"member-{n}@kiln.test"))
        await buy_products.put_in(browsers[-1])
        forms.append(await browsers[-1].get("/checkout"))
    pages = await asyncio.gather(
        *(one.submit(form, "/checkout", **buy_products.TYPED) for one, form in zip(browsers, forms, strict=True))
    )
    through = [page for page in pages if buy_products.is_pay_page(page)]
    assert len(through) == 5 == await taken()
    assert all("early access" in page.words.lower() for page in pages if page not in through)
    for page in through:
        await goods.pay(page)
    await goods.catch_up()
    assert await buy_products.count("orders", "paid_at IS NOT NULL") == 5
    assert await buy_products.is_sound()


async def test_ten_baskets_of_one_member_at_once_with_a_cap_of_two_make_two_orders(
    goods: Shop, opening: datetime
) -> None:
    """A person has one basket: ten of them, as ten browsers without a name would have that she signs in with later."""
    await early(goods, opening, most=2)
    person, _ = await give_benefits.member(goods)
    shopper, tokens = await fill_basket.shopper(person), []
    for _ in range(10):
        tokens.append(await fill_basket.basket_of(await the_variant(), access=shopper.access))
    details = [await fill_basket.details(token, shopper) for token in tokens]
    placed = await asyncio.gather(
        *(fill_basket.place(token, one, shopper) for token, one in zip(tokens, details, strict=True)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, PlacedOrder) for one in placed) == 2 == await taken()
    assert await buy_products.count("orders") == 2
    assert await buy_products.is_sound()


async def the_variant() -> UUID:
    found: UUID = await database.fetch_value("SELECT id FROM variant")
    return found


async def test_more_than_her_cap_is_counted_down_and_the_words_say_why(goods: Shop, opening: datetime) -> None:
    mug = await early(goods, opening, most=2)
    maya = await member(goods)
    added = await maya.post_for_part("/basket", {"variant": str(mug.lead.id), "quantity": "5"})
    assert f"Limit of two per member until {WEDNESDAY}: you now have 2 in your basket." in added.words
    again = await maya.post_for_part("/basket", {"variant": str(mug.lead.id)})
    assert (
        again.status == 422
        and f"Limit of two per member until {WEDNESDAY}: you already have 2 in your basket." in again.words
    )
    changed = await maya.post_for_part(basket_form(mug), {"quantity": "3"})
    assert f"Limit of two per member until {WEDNESDAY}." in changed.words and 'value="2"' in changed.text
    assert buy_products.is_pay_page(await buy_products.check_out(maya))
    assert await taken() == 2


async def test_what_she_ordered_before_counts_and_what_she_is_paying_for_does_not_count_twice(
    goods: Shop, opening: datetime
) -> None:
    mug = await early(goods, opening, most=2)
    maya = await member(goods)
    await buy_products.put_in(maya)
    first = await buy_products.check_out(maya)
    basket = (await maya.get("/basket")).words
    assert "Limit of two per member" in basket and "the total includes" not in basket
    assert (await buy_products.check_out(maya)).path == first.path, "the same attempt"
    await goods.pay(first)
    await goods.catch_up()
    assert "Limit two per member until then; you can buy one more." in (await maya.get("/products/moon-mug")).words
    added = await maya.post_for_part("/basket", {"variant": str(mug.lead.id), "quantity": "2"})
    assert (
        f"Limit of two per member until {WEDNESDAY}, and you have already ordered one: you now have 1 in your basket."
        in added.words
    )
    await goods.pay(await buy_products.check_out(maya))
    await goods.catch_up()
    page = await maya.get("/products/moon-mug")
    assert f"You have already ordered your limit of two More goes on general sale from {WEDNESDAY}." in said(page)
    refused = await maya.post_for_part("/basket", {"variant": str(mug.lead.id)})
    assert f"Limit of two per member until {WEDNESDAY}, and you have reached it." in refused.words
    assert await taken() == 2 and await buy_products.is_sound()


async def test_her_basket_counts_what_she_ordered_before_and_not_what_she_is_paying_for(
    goods: Shop, opening: datetime
) -> None:
    await early(goods, opening, most=2)
    maya = await member(goods)
    await buy_products.put_in(maya, quantity=2)
    await buy_products.check_out(maya)
    basket = (await maya.get("/basket")).words
    assert "Go to checkout" in basket and "ordered" not in basket and "the total includes" not in basket
    await maya.submit(await maya.get("/basket"), basket_form_of(await the_variant()), quantity="1")
    await goods.pay(await buy_products.check_out(maya))
    await goods.catch_up()
    await buy_products.put_in(maya)
    await database.execute("UPDATE basket_line SET quantity = 2")
    counted = f"Limit of two per member until {WEDNESDAY}, and you have already ordered one: the total includes 1."
    assert counted in (await maya.get("/basket")).words
    await goods.pay(await buy_products.check_out(maya))
    await goods.catch_up()
    basket = await maya.get("/basket")
    assert f"Limit of two per member until {WEDNESDAY}, and you have reached it." in basket.words
    assert "Currently unavailable" in basket.words and await taken() == 2


async def test_a_line_that_became_too_many_is_counted_down_before_anything_is_paid(
    goods: Shop, opening: datetime
) -> None:
    await early(goods, opening)
    maya = await member(goods)
    await buy_products.put_in(maya, quantity=3)
    form = await maya.get("/checkout")
    benefit = await database.fetch_value("SELECT id FROM benefit")
    answers = {"hours": 72, "most": 1, "covers": "everything"}
    await plan_benefits.change_benefit(benefit, name="Three days early", answers=answers, by=None)
    await goods.refresh()
    again = await maya.submit(form, "/checkout", **buy_products.TYPED)
    assert again.status == 409 and "Something has changed" in again.alerts()
    assert await buy_products.count("orders") == 0
    basket = await maya.get("/basket")
    assert f"Limit of one per member until {WEDNESDAY}: the total includes 1." in basket.words
    assert buy_products.is_pay_page(await maya.submit(again, "/checkout"))
    assert await taken() == 1


async def test_an_unpaid_order_that_lapses_gives_the_piece_back_to_others_and_to_her(
    goods: Shop, opening: datetime
) -> None:
    await early(goods, opening, allotment=1, most=1)
    maya = await member(goods)
    await buy_products.put_in(maya)
    await buy_products.check_out(maya)
    assert await taken() == 1
    clock.set_everywhere(clock.now() + 2 * HOUR)
    await schedule.expire_orders()
    await goods.catch_up()
    assert await taken() == 0
    assert buy_products.is_pay_page(await buy_products.check_out(maya))
    assert await taken() == 1 and await buy_products.is_sound()


async def test_paid_after_the_allotment_went_to_others_is_put_before_the_staff(goods: Shop, opening: datetime) -> None:
    await early(goods, opening, allotment=1)
    maya, noor = await member(goods), await member(goods, "noor")
    await buy_products.put_in(maya)
    page = await buy_products.check_out(maya)
    (order_id,) = [row["id"] for row in await database.fetch("SELECT id FROM orders")]
    await goods.pay(page)
    await database.execute("UPDATE reservation SET until = $1", clock.now() - SECOND)
    await stock.release_expired()
    await goods.refresh()
    await buy_products.buy(goods, noor)
    await goods.catch_up()
    late = await buy_products.order(order_id)
    assert late.is_paid and late.stock_taken_at is None
    assert "the rest goes on general sale from" in late.flag
    assert await taken() == 1


@pytest.mark.parametrize(("restocks", "early_left"), [(True, 1), (False, 0)])
async def test_a_refund_frees_her_cap_and_with_its_piece_the_allotment(
    goods: Shop, opening: datetime, restocks: bool, early_left: int
) -> None:
    await early(goods, opening, allotment=2, most=2)
    maya = await member(goods)
    await buy_products.buy(goods, maya, quantity=2)
    order = await buy_products.the_order()
    wish = refund_requests.for_units(order, {order.lines[0].id: 1}, restocks=restocks)
    await refunds.create(order.id, wish, by=None, key=ids.new())
    await goods.refresh()
    assert snapshot_refresh.snapshot().variant(await the_variant()).early_left == early_left  # type: ignore[union-attr]
    assert may_buy((await maya.get("/products/moon-mug")).words) is restocks
    clock.set_everywhere(opening)
    rest = refund_requests.whole_order(await buy_products.order(order.id), restocks=True)
    await refunds.create(order.id, rest, by=None, key=ids.new())
    assert await taken() == 2 - early_left
    assert await database.fetch_value("SELECT units FROM early_count") == 0
    assert await buy_products.is_sound()


async def test_an_amount_that_is_the_whole_order_frees_her_cap_too(goods: Shop, opening: datetime) -> None:
    await early(goods, opening, most=1)
    maya = await member(goods)
    await buy_products.buy(goods, maya)
    order = await buy_products.the_order()
    await refunds.create(order.id, RefundRequest(amount=order.total), by=None, key=ids.new())
    await goods.refresh()
    assert may_buy((await maya.get("/products/moon-mug")).words)
    assert await buy_products.is_sound()


async def test_ordering_again_brings_as_many_as_she_may_have_and_says_so(goods: Shop, opening: datetime) -> None:
    await early(goods, opening, most=3)
    maya = await member(goods)
    await buy_products.buy(goods, maya, quantity=2)
    number = (await buy_products.the_order()).number
    basket = await maya.post(f"/account/orders/{number}/again")
    told = (
        f"Limit of three per member until {WEDNESDAY}, and you have already ordered 2: you now have 1 in your basket."
    )
    assert f"Moon mug: {told}" in basket.words
    assert "Everything from that order" not in basket.words


async def test_without_a_membership_it_is_not_had_early_even_by_its_address(goods: Shop, opening: datetime) -> None:
    mug = await early(goods, opening, allotment=5)
    guest = goods.browser()
    refused = await guest.post_for_part("/basket", {"variant": str(mug.lead.id)})
    assert refused.status == 422 and "is not available to you" in refused.words
    assert await taken() == 0


async def test_whoever_joins_with_the_order_has_her_early_piece_counted(goods: Shop, opening: datetime) -> None:
    """Her membership ended while the mug lay in her basket; with the order she begins another."""
    await early(goods, opening, allotment=1, most=1)
    person = await fill_basket.person("maya@kiln.test", "Maya Lindqvist")
    await complimentary.grant(person, plan_catalogue.by_slug("annual"), until=opening - DAY, by=person)
    maya = await goods.signed_in("maya@kiln.test")
    await buy_products.put_in(maya)
    clock.set_everywhere(opening - DAY)
    assert "Not available to you yet" in (await maya.get("/basket")).words
    page = await maya.submit(await maya.get("/checkout?join=annual"), "/checkout", **buy_products.TYPED)
    assert buy_products.is_pay_page(page), page.alerts()
    assert await taken() == 1
    assert await database.fetch_value("SELECT person FROM early_count") == person
    await goods.pay(page)
    await goods.catch_up()
    assert await buy_products.is_sound()


async def test_a_guest_who_joins_with_the_order_is_counted_as_the_account_she_gets(
    goods: Shop, opening: datetime
) -> None:
    mug = await early(goods, opening, allotment=1, most=1)
    await make_products.product("Plain mug")
    guest = goods.browser()
    await buy_products.put_in(guest, "plain-mug")
    await database.execute("UPDATE basket_line SET variant = $1", mug.lead.id)
    asked = await guest.submit(await guest.get("/checkout?join=annual"), "/checkout", **buy_products.TYPED)
    page = await guest.submit(await people.enters_code(goods, guest, asked), "/checkout")
    assert buy_products.is_pay_page(page), page.alerts()
    assert await database.fetch_value("SELECT person FROM early_count") == (await buy_products.the_order()).person


async def test_a_previewing_operator_reads_what_a_member_would(goods: Shop, opening: datetime) -> None:
    await early(goods, opening, allotment=3, most=1)
    await people.owner()
    iris = await goods.signed_in("iris@kiln.test")
    await iris.post("/staff/preview", {"who": "member", "plan": "annual"})
    page = await iris.get("/products/moon-mug")
    assert "Limit one per member until then." in said(page) and "Only 3 left in early access" in page.words


async def test_a_present_is_an_early_piece_and_not_one_of_hers(goods: Shop, opening: datetime) -> None:
    mug = await make_products.product(public_from=opening, on_hand=9)
    await early_access_quotas.save(mug.lead.id, 2)
    await give_benefits.plan(
        ("early_access", "Three days early", {"hours": 72, "most": 1, "covers": "everything"}),
        ("gift", "A mug to begin with", {"occasion": "joining", "variants": [mug.lead.id], "days": 30}),
    )
    maya, noor = await member(goods), await member(goods, "noor")
    for browser in (maya, noor):
        basket = await browser.get("/basket")
        action = next(a for f in basket.tree.iter("form") if "/basket/gifts/" in (a := f.get("action") or ""))
        await browser.submit(basket, action)
    await snapshot_refresh.catch_up([mug.id])
    await buy_products.put_in(maya)
    assert buy_products.is_pay_page(await buy_products.check_out(maya))
    assert await taken() == 2 and await database.fetch_value("SELECT sum(units) FROM early_count") == 1
    await snapshot_refresh.catch_up([mug.id])
    assert "Currently sold out. We’ll keep it here for you." in (await noor.get("/basket")).words
    assert await buy_products.is_sound()


async def test_a_date_that_is_moved_or_taken_away_changes_who_may_buy_at_once(goods: Shop, opening: datetime) -> None:
    mug = await early(goods, opening, allotment=1, most=1)
    maya = await member(goods)
    await buy_products.buy(goods, maya)
    await products.revise(mug.id, ProductDetails(title="Moon mug"))
    await goods.refresh()
    for browser in (maya, goods.browser()):
        page = await browser.get("/products/moon-mug")
        assert may_buy(page.words)
        assert "Early access" not in page.words and "left in early access" not in page.words
    await buy_products.buy(goods, maya, quantity=2)
    assert await taken() == 1 and await buy_products.is_sound()


async def test_kept_cards_are_drawn_anew_when_the_last_early_piece_goes(goods: Shop, opening: datetime) -> None:
    mug = await early(goods, opening, allotment=1)
    maya, noor = await member(goods), await member(goods, "noor")
    assert "Early access sold out" not in (await noor.get("/products")).words
    await buy_products.put_in(maya)
    await buy_products.check_out(maya)
    await snapshot_refresh.catch_up([mug.id])
    assert "Early access sold out" in (await noor.get("/products")).words
