"""One plan cannot promise two things of the same: not now, and not on a date to come."""

from datetime import datetime, timedelta

import pytest

from components.catalog.products import collections
from components.catalog.products.collections import CollectionDetails
from components.catalog.snapshot import snapshot_refresh
from components.memberships.benefits.protocol import SettingRefused
from components.memberships.editing import plan_benefits, scheduled_changes
from components.memberships.editing.plan_revisions import Pair, Revision
from tests.support import make_plans, make_products

pytestmark = pytest.mark.usefixtures("db")


async def test_two_percentages_over_everything_are_refused_by_name() -> None:
    plan_id = (await make_plans.club()).id
    fifth = await make_plans.benefit(
        "member_price", "20% off", discount_type="percent", percent=2000, **make_plans.EVERYTHING
    )
    with pytest.raises(SettingRefused, match="“10% off” of Annual already sets a price for the same products"):
        await plan_benefits.attach(plan_id, fifth, by=None)


async def test_two_prices_of_one_product_are_refused_and_a_percentage_beside_one_is_not() -> None:
    mug = await make_products.product()
    plan_id = (await make_plans.club()).id
    price = {"discount_type": "explicit", "covers": "product", "products": [str(mug.id)]}
    await plan_benefits.attach(plan_id, await make_plans.benefit("member_price", "Mug", amount=2000, **price), by=None)
    variant = {"discount_type": "explicit", "covers": "variant", "variants": [str(mug.variants[0].id)]}
    other = await make_plans.benefit("member_price", "Mug again", amount=1900, **variant)
    with pytest.raises(SettingRefused, match="“Mug” of Annual"):
        await plan_benefits.attach(plan_id, other, by=None)


async def test_a_change_that_contradicts_is_refused_too() -> None:
    mug = await make_products.product()
    plan_id = (await make_plans.club()).id
    covers = {"covers": "product", "products": [str(mug.id)]}
    tenth = await make_plans.benefit("member_price", "More off", discount_type="percent", percent=2000, **covers)
    await plan_benefits.attach(plan_id, tenth, by=None)
    with pytest.raises(SettingRefused, match="“10% off” of Annual"):
        await plan_benefits.change_benefit(
            tenth, name="More off", answers={**make_plans.TENTH_OFF, "percent": 2000}, by=None
        )


async def test_what_is_refused_at_once_is_refused_for_a_date_to_come_too(at: datetime) -> None:
    mug = await make_products.product()
    plan = await make_plans.club()
    price = {"discount_type": "explicit", "amount": 2000, "covers": "product", "products": [str(mug.id)]}
    await plan_benefits.attach(plan.id, await make_plans.benefit("member_price", "Mug", **price), by=None)
    again = await make_plans.benefit("member_price", "Mug again", **price)
    with pytest.raises(SettingRefused, match="“Mug” of Annual already sets a price"):
        await plan_benefits.attach(plan.id, again, by=None)
    revision = Revision(promised=(Pair(plan.id, again),))
    assert await scheduled_changes.refusals(revision, at + timedelta(days=1)) == (
        "Annual: “Mug” and “Mug again” set two prices for the same product.",
    )


async def test_a_second_free_delivery_of_the_same_is_refused_and_so_is_a_second_cashback() -> None:
    plan_id = (await make_plans.club()).id
    more = await make_plans.benefit("free_delivery", "Delivery from 10", threshold=1000)
    with pytest.raises(SettingRefused, match="of Annual already makes the same delivery free") as refused:
        await plan_benefits.attach(plan_id, more, by=None)
    assert refused.value.field == "methods"
    terms = {"cap": 0, "each": "year", "days": 365}
    await plan_benefits.attach(plan_id, await make_plans.benefit("cashback", "3% back", rate=300, **terms), by=None)
    with pytest.raises(SettingRefused, match="“3% back” of Annual is the same kind of benefit"):
        await plan_benefits.attach(plan_id, await make_plans.benefit("cashback", "5% back", rate=500, **terms), by=None)


async def test_a_member_price_that_lowers_nothing_or_gives_things_away_is_refused_at_its_field() -> None:
    mug = await make_products.product(title="Mug", price=2000)
    only = {"covers": "product", "products": [str(mug.id)]}
    with pytest.raises(SettingRefused, match="None of these products costs more than that") as refused:
        await make_plans.benefit("member_price", "Dear", discount_type="explicit", amount=2000, **only)
    assert refused.value.field == "amount"
    with pytest.raises(SettingRefused, match=r"Mug costs £20\.00: it would be free"):
        await make_plans.benefit("member_price", "Too much off", discount_type="amount", amount=2000, **only)
    await make_plans.benefit("member_price", "Less", discount_type="explicit", amount=1999, **only)


async def test_a_member_price_for_an_empty_collection_is_refused() -> None:
    bowls = await collections.create(CollectionDetails(title="Bowls"))
    await snapshot_refresh.refresh()
    with pytest.raises(SettingRefused, match="no products in Bowls") as refused:
        await make_plans.benefit(
            "member_price",
            "Bowls",
            discount_type="percent",
            percent=1000,
            covers="collection",
            collections=[str(bowls)],
        )
    assert refused.value.field == "collections"


async def test_a_percentage_beside_an_amount_is_meant(at: datetime) -> None:
    plan = await make_plans.club()
    amount = await make_plans.benefit(
        "member_price", "£2 off", discount_type="amount", amount=200, **make_plans.EVERYTHING
    )
    await plan_benefits.attach(plan.id, amount, by=None)
    assert await scheduled_changes.refusals(Revision(), at + timedelta(days=1)) == ()
