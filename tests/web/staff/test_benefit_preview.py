"""What a benefit would do, told on real products before anybody holds it: to a guest, to members today and then."""

from datetime import datetime, timedelta

import pytest

from components.foundation import database
from components.memberships.benefits.kinds import kind
from components.memberships.editing import scheduled_changes
from components.memberships.editing.plan_revisions import Revision
from components.memberships.plans import plan_catalogue
from tests.support import fill_basket, make_plans, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop

NEW = "/staff/benefits/new?kind=member_price"


@pytest.fixture
async def iris(shop: Shop) -> Browser:
    await fill_basket.ways()
    await make_plans.club()
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def test_the_cheapest_the_middle_and_the_dearest_of_what_is_covered(iris: Browser) -> None:
    for n, price in enumerate((1000, 2000, 3000, 4000, 5000)):
        await make_products.product(f"Piece {n}", price=price)
    page = await iris.post(NEW, {"discount_type": "percent", "percent": "50", "covers": "everything", "look": "1"})
    told = [words for words in ("Piece 0", "Piece 1", "Piece 2", "Piece 3", "Piece 4") if words in page.words]
    assert told == ["Piece 0", "Piece 2", "Piece 4"]
    assert "Piece 2 £30.00 → £15.00" in page.words
    assert "Members: £27.00 today, £15.00 with this benefit" in page.words
    page = await iris.post(
        NEW, {"discount_type": "percent", "percent": "50", "covers": "product", "products": "piece-3", "look": "1"}
    )
    assert "Piece 3 £40.00 → £20.00" in page.words and "Piece 0" not in page.words


async def test_a_variant_that_no_card_speaks_of_is_shown_too(iris: Browser) -> None:
    from components.catalog.product_details import ProductDetails, VariantDetails
    from components.catalog.products import products
    from components.catalog.snapshot import snapshot_refresh

    small = VariantDetails(sku="S", options=("Small",), price=1000, on_hand=1)
    large = VariantDetails(sku="L", options=("Large",), price=3000, on_hand=1)
    id = await products.create(ProductDetails(title="Jug", option_names=("Size",)), [small, large])
    await snapshot_refresh.catch_up([id])
    page = await iris.post(
        NEW, {"discount_type": "explicit", "amount": "20", "covers": "variant", "variants": "L", "look": "1"}
    )
    assert "Jug £30.00 → £20.00" in page.words


async def test_every_step_of_the_decision_is_told(iris: Browser) -> None:
    await make_products.product("Moon mug", price=2400)
    page = await iris.post(
        NEW, {"name": "Five off", "discount_type": "amount", "amount": "1", "covers": "everything", "look": "1"}
    )
    assert "Members: £21.60 today, £21.60 with this benefit" in page.words, "10% off stays the better one"
    assert "Regular price £24.00: Another price is lower." in page.words
    assert "10% off £21.60: The lowest price available to you" in page.words
    assert "Five off £23.00: Another price is lower." in page.words


async def test_an_edited_benefit_stands_in_the_place_of_its_old_self(iris: Browser) -> None:
    await make_products.product("Moon mug", price=2400)
    price = await database.fetch_value("SELECT id FROM benefit WHERE kind = 'member_price'")
    page = await iris.get(f"/staff/benefits/{price}")
    assert "Members: £21.60 today, £21.60 with this benefit" in page.words
    look = await iris.submit(page, f"/staff/benefits/{price}", percent="5", look="1")
    assert "Members: £21.60 today, £22.80 with this benefit" in look.words
    assert [one.words for one in plan_catalogue.by_slug("annual").benefits if one.kind == "member_price"] == [
        "10% off everything"
    ]


async def test_what_is_published_for_a_day_to_come_is_not_overwritten(iris: Browser, at: datetime) -> None:
    price = await database.fetch_value("SELECT id FROM benefit WHERE kind = 'member_price'")
    of_kind = kind("member_price")
    more = of_kind.dump(of_kind.read({**make_plans.TENTH_OFF, "percent": 2000}))
    await scheduled_changes.publish(
        Revision({price: more}), from_at=at + timedelta(days=1), name="More", by=people.NOBODY
    )
    page = await iris.get(f"/staff/benefits/{price}")
    refused = await iris.submit(page, f"/staff/benefits/{price}", percent="5")
    assert refused.status == 422 and "is scheduled for Tuesday 2 March 2027 at 12:00. Cancel it first." in refused.words
