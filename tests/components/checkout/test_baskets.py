"""Baskets keep what somebody means to buy, whoever they turn out to be."""

import pytest

from components.catalog.products import products
from components.catalog.snapshot import snapshot_refresh
from components.catalog.visibility import Access
from components.checkout.basket import basket_contents, basket_context, basket_merge, baskets, priced_basket
from components.foundation import clock, database
from tests.support import fill_basket, make_products
from tests.support.meanwhile import Meanwhile


async def test_what_is_put_in_twice_is_one_line(db: None) -> None:
    mug = await make_products.variant_id()
    token = await fill_basket.basket_of(mug, 2)
    again = await baskets.add(token, mug, quantity=1, access=Access.NONE)
    found = await basket_contents.by_basket(token)
    assert again.token == token
    assert found is not None and found.quantities == {mug: 3}


async def test_only_as_many_as_there_are_go_in_and_words_say_so(db: None) -> None:
    mug = await make_products.variant_id(on_hand=3)
    added = await baskets.add(None, mug, quantity=9, access=Access.NONE)
    assert (added.quantity, added.words) == (3, "Only 3 left, and you now have all of them in your basket.")
    with pytest.raises(baskets.TooFew):
        await baskets.add(added.token, mug, quantity=1, access=Access.NONE)


async def test_a_sold_out_piece_is_refused_in_words(db: None) -> None:
    mug = await make_products.variant_id(on_hand=0)
    with pytest.raises(baskets.SoldOut):
        await baskets.add(None, mug, access=Access.NONE)
    assert await database.fetch_value("SELECT count(*) FROM basket") == 0


async def test_a_members_only_piece_cannot_be_put_in_by_knowing_its_id(db: None) -> None:
    hidden = await make_products.variant_id(members_only=True)
    with pytest.raises(baskets.NotOnSale):
        await baskets.add(None, hidden, access=Access.NONE)


async def test_changing_to_none_takes_the_line_away(db: None) -> None:
    mug = await make_products.variant_id()
    token = await fill_basket.basket_of(mug, 2)
    found = await basket_contents.by_basket(token)
    assert found is not None
    assert await baskets.change(found, mug, quantity=9, access=Access.NONE) == "Only 5 left."
    assert await baskets.change(found, mug, quantity=0, access=Access.NONE) == ""
    left = await basket_contents.by_basket(token)
    assert left is not None and not left.quantities


async def test_more_of_what_is_not_on_sale_is_refused_and_its_stock_is_not_told(db: None) -> None:
    mug = await make_products.variant_id(on_hand=7)
    token = await fill_basket.basket_of(mug, 1)
    await database.execute("UPDATE product SET public_from = $1", clock.in_days(60))
    await snapshot_refresh.refresh()
    found = await basket_contents.by_basket(token)
    assert found is not None
    assert await baskets.change(found, mug, quantity=50, access=Access.NONE) == baskets.NotOnSale.message
    assert await baskets.change(found, mug, quantity=0, access=Access.NONE) == ""


async def test_signing_in_joins_both_baskets_and_leaves_nothing_behind(db: None) -> None:
    mug, bowl = await make_products.variant_id(), await make_products.variant_id(title="Bowl")
    noor = await fill_basket.person()
    at_home = await basket_merge.merge_into_person(await fill_basket.basket_of(mug, 1), noor)
    abroad = await fill_basket.basket_of(mug, 1)
    await baskets.add(abroad, bowl, access=Access.NONE)
    joined = await basket_merge.merge_into_person(abroad, noor)
    there, here = await basket_contents.by_basket(joined), await basket_contents.by_basket(at_home)
    assert there is not None and here is not None
    assert there.quantities == here.quantities == {mug: 2, bowl: 1}
    assert await basket_contents.by_basket(abroad) is None
    assert await database.fetch_value("SELECT count(*) FROM basket") == 1


async def test_what_is_put_in_while_signing_in_is_in_the_joined_basket(db: None) -> None:
    mug, bowl = await make_products.variant_id(), await make_products.variant_id(title="Bowl")
    noor = await fill_basket.person()
    await basket_merge.merge_into_person(await fill_basket.basket_of(mug), noor)
    before, after = await fill_basket.basket_of(mug), await fill_basket.basket_of(mug)
    shown = await basket_contents.by_basket(before)
    assert shown is not None
    adding = Meanwhile(baskets.add(before, bowl, person_id=noor, access=Access.NONE))
    async with database.transaction():
        await basket_merge.merge_into_person(before, noor)
        await adding.begins()
    await adding.task
    assert await baskets.change(shown, mug, quantity=2, access=Access.NONE) == baskets.MERGED
    joining = Meanwhile(basket_merge.merge_into_person(after, noor))
    async with database.transaction():
        await baskets.add(after, bowl, access=Access.NONE)
        await joining.begins()
    found = await basket_contents.by_basket(await joining.task)
    assert found is not None and found.quantities == {mug: 3, bowl: 2}


async def test_the_first_thing_of_somebody_signed_in_goes_into_one_basket_however_often_it_is_clicked(db: None) -> None:
    mug, noor = await make_products.variant_id(on_hand=40), await fill_basket.person()
    again = Meanwhile(baskets.add(None, mug, person_id=noor, access=Access.NONE))
    async with database.transaction():
        await baskets.add(None, mug, person_id=noor, access=Access.NONE)
        await again.begins()
    assert (await again.task).quantity == 2
    assert await database.fetch_value("SELECT count(*) FROM basket") == 1


async def test_another_persons_basket_is_not_taken_over(db: None) -> None:
    mug = await make_products.variant_id()
    hers = await basket_merge.merge_into_person(await fill_basket.basket_of(mug), await fill_basket.person())
    theo = await fill_basket.person("theo@kiln.test")
    his = await basket_merge.merge_into_person(hers, theo)
    mine, yours = await basket_contents.by_basket(his), await basket_contents.by_basket(hers)
    assert mine is not None and yours is not None
    assert (mine.quantities, yours.quantities) == ({}, {mug: 1})


async def test_a_line_that_has_become_unavailable_is_shown_with_words_and_left_out_of_the_sum(db: None) -> None:
    await fill_basket.ways()
    mug, bowl = await make_products.product(), await make_products.product("Bowl", price=1000)
    token = await fill_basket.basket_of(mug.variants[0].id)
    await baskets.add(token, bowl.variants[0].id, access=Access.NONE)
    await products.archive(mug.id)
    await snapshot_refresh.catch_up([mug.id])
    shopper = await fill_basket.shopper()
    context = await basket_context.load(token, person_id=None, at=shopper.at)
    shown = priced_basket.price(context, shopper)
    assert {line.title: line.words for line in shown.lines} == {
        "A product we no longer sell": "No longer on sale.",
        "Bowl": "",
    }
    assert shown.may_be_bought and shown.quote.total == 1000 + 395
