"""One plan cannot promise two prices for the same things."""

import pytest

from components.memberships import promises
from components.memberships.benefits import SettingRefused
from tests.components.catalog import making
from tests.components.memberships import cast

pytestmark = pytest.mark.usefixtures("db")


async def test_two_percentages_over_everything_are_refused_by_name() -> None:
    plan_id = (await cast.club()).id
    fifth = await cast.benefit("member_price", "20% off", way="percent", percent=2000, **cast.EVERYTHING)
    with pytest.raises(SettingRefused, match="“10% off” of Annual sets a price for the same products already"):
        await promises.give(plan_id, fifth, by=None)


async def test_two_prices_of_one_product_are_refused_and_a_percentage_beside_one_is_not() -> None:
    mug = await making.product()
    plan_id = (await cast.club()).id
    price = {"way": "explicit", "covers": "product", "products": [str(mug.id)]}
    await promises.give(plan_id, await cast.benefit("member_price", "Mug", amount=2000, **price), by=None)
    variant = {"way": "explicit", "covers": "variant", "variants": [str(mug.variants[0].id)]}
    other = await cast.benefit("member_price", "Mug again", amount=1900, **variant)
    with pytest.raises(SettingRefused, match="“Mug” of Annual"):
        await promises.give(plan_id, other, by=None)


async def test_a_change_that_contradicts_is_refused_too() -> None:
    mug = await making.product()
    plan_id = (await cast.club()).id
    covers = {"covers": "product", "products": [str(mug.id)]}
    tenth = await cast.benefit("member_price", "More off", way="percent", percent=2000, **covers)
    await promises.give(plan_id, tenth, by=None)
    with pytest.raises(SettingRefused, match="“10% off” of Annual"):
        await promises.redefine(tenth, name="More off", answers={**cast.TENTH_OFF, "percent": 2000}, by=None)
