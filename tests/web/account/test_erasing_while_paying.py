"""An account is deleted while a payment page of its owner is open: nobody pays for what they can never have."""

from components.foundation import database
from components.people.privacy import erasure_wishes
from tests.support import join_members, make_plans, people
from tests.support.shops import Shop


async def test_a_membership_whose_page_is_open_cannot_be_paid_for_afterwards(shop: Shop) -> None:
    plan = await make_plans.club()
    maya = await people.customer(join_members.MAYA)
    browser = await shop.signed_in(join_members.MAYA)
    page = await browser.submit(await browser.get(f"/join/{plan.slug}"), f"/join/{plan.slug}")
    assert await erasure_wishes.make(maya.id) == ""
    await shop.catch_up()
    paid = await shop.pay(page)
    assert paid.state == "declined"  # type: ignore[attr-defined]
    await shop.catch_up()
    assert await database.fetch_values("SELECT id FROM membership") == []
    with shop.stand_in.engine.changing() as books:
        assert list(books.find("subscription")) == list(books.find("invoice")) == []
