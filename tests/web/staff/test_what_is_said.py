"""Staff are told what is missing, what stands already and what has gone stale; nothing is cut off in silence."""

from typing import TYPE_CHECKING, Any

import pytest

from components.checkout.tables import DeliveryMethod
from components.foundation import database, ids
from components.ledger import credit
from components.memberships.editing import plan_benefits, plans
from components.memberships.grants import spend_qualification
from components.memberships.plans import plan_catalogue
from tests.support import people
from tests.support.cells import every_cell

if TYPE_CHECKING:
    from tests.support.pages import Browser
    from tests.support.shops import Shop


@pytest.fixture
async def iris(shop: "Shop") -> "Browser":
    await people.owner()
    await plans.create(slug="friends", name="Friends", summary="", price=500, by=None)
    return await shop.signed_in("iris@kiln.test")


async def test_a_second_rule_for_earning_a_plan_is_a_conflict_in_words(iris: "Browser") -> None:
    await spend_qualification.add(plan_catalogue.by_slug("friends"), threshold=10_000, months=12, by=None)
    page = await iris.post("/staff/plans/friends/earning", {"threshold": "x", "months": "x"})
    assert page.status == 409
    assert "There is already a spending rule for this plan. End it first." in page.alerts()


@pytest.mark.parametrize("key", ["", "x"])
async def test_a_form_that_has_gone_stale_says_so_and_can_be_sent_again(iris: "Browser", key: str) -> None:
    noor = await people.customer()
    address = f"/staff/members/{noor.id}/credit"
    page = await iris.post(address, {"amount": "5", "words": "Sorry", "key": key})
    assert page.status == 422
    assert "This page was out of date" in page.alerts()
    page = await iris.submit(page, address)
    assert "Store credit added." in page.words


async def test_a_long_statement_has_pages(iris: "Browser", shop: "Shop") -> None:
    noor = await people.customer()
    for number in range(101):
        await credit.grant(noor.id, 1, cause=f"test:{number}", words=f"Kindness {number}.", expires_at=None)
    browser = await shop.signed_in("noor@kiln.test")
    first, second = await browser.get("/account/credit"), await browser.get("/account/credit?page=2")
    assert "Kindness 100." in first.words and "Kindness 0." not in first.words
    assert "Kindness 0." in second.words
    assert "/account/credit?page=2" in first.links()
    assert "Kindness 0." in (await iris.get(f"/staff/members/{noor.id}/credit?page=2")).words


async def test_no_plan_is_called_new(iris: "Browser") -> None:
    typed = {"name": "New", "slug": "New", "price": "5", "count": "1", "interval": "month", "position": "0"}
    page = await iris.post("/staff/plans", typed)
    assert page.status == 422
    assert "“new” is already a page of this shop" in page.words


async def test_free_delivery_by_a_method_that_has_ended_stays_what_it_is(iris: "Browser") -> None:
    method = DeliveryMethod(id=ids.new(), name="Courier", fee=500)
    await DeliveryMethod.insert(method)
    given: dict[str, Any] = {"threshold": 0, "reach": "some", "methods": [str(method.id)]}
    benefit = await plan_benefits.create_benefit(kind_key="free_delivery", name="Free", answers=given, by=None)
    await database.execute("UPDATE delivery_method SET ended_at = now()")
    page = await iris.get(f"/staff/benefits/{benefit}")
    assert "Courier (ended)" in page.words
    await iris.submit(page, f"/staff/benefits/{benefit}", name="Free still")
    assert (await plan_benefits.by_id(benefit)).answers["methods"] == [str(method.id)]
    page = await iris.post(f"/staff/benefits/{benefit}", {"name": "Free", "threshold": "0", "reach": "some"})
    assert page.status == 422
    assert "Choose at least one." in page.words


async def test_a_look_says_what_is_still_to_be_answered(iris: "Browser") -> None:
    part = await iris.post_for_part("/staff/benefits/new?kind=cashback", {"look": "1", "rate": "lots"})
    assert "Still to fill in" in part.words
    assert "Enter a percentage like 10 or 12.5." in part.words


@every_cell(
    "address",
    ["/journal/%00", "/orders/%00", "/account/orders/%00", "/staff/orders/%00", "/staff/members?q=%00",
     "/staff/members?plan=%00", "/staff/orders?q=%00", "/staff/products?q=%00"],
)  # fmt: skip
async def test_an_address_with_a_nul_names_nothing(iris: "Browser", address: str) -> None:
    page = await iris.get(address)
    assert page.status == (400 if "?" in address else 404)
    assert len(page.words) > 40


@every_cell("address", ["/staff/members", "/staff/orders", "/staff/products", "/account/orders"])
async def test_a_page_far_beyond_the_last_is_the_last(iris: "Browser", address: str) -> None:
    page = await iris.get(f"{address}?page={10**18}")
    assert page.status == 200
