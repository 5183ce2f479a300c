"""Scenario 49: a dispute on a fee and on an order: opened, won, lost, and its deadline."""

from datetime import timedelta

import pytest

from components.foundation import clock, database
from components.memberships.editing import plans
from components.memberships.entitlements import entitlements
from components.memberships.plans import plan_catalogue
from tests.scenarios.conftest import Kiln, session_of
from tests.scenarios.test_48_fee_refunds import at_the_bank, iris
from tests.support import buy_products, join_members, people
from tests.support.pages import Browser, Page
from web.standin.charging import disputes as bank

DISPUTED = "4000000000000259"


async def disputed_fee(kiln: Kiln) -> Browser:
    return await join_members.joins(kiln.shop, kiln.annual, card=DISPUTED)


async def disputed_order(kiln: Kiln) -> str:
    browser = kiln.shop.browser()
    session = await kiln.to_pay(browser)
    await kiln.pay(session, DISPUTED)
    await kiln.come_back(browser, session)
    await kiln.work()
    (order,) = await kiln.orders()
    return str(order["number"])


async def decided(kiln: Kiln, verdict: str) -> None:
    with kiln.stand_in.engine.changing() as books:
        for dispute in list(books.find("dispute")):
            bank.close(books, dispute, verdict=verdict)  # type: ignore[arg-type]
    await kiln.work()


async def dispute_page(staff: Browser) -> Page:
    dispute = await database.fetch_value("SELECT stripe_id FROM mirrored_dispute")
    return await staff.get(f"/staff/payments/disputes/{dispute}")


async def is_member() -> bool:
    return (await entitlements.for_person(await join_members.person(), clock.now())).is_member


async def emails(status: str) -> int:
    sql = "SELECT count(*) FROM email WHERE template = 'dispute' AND key LIKE '%' || $1 || '%'"
    return int(await database.fetch_value(sql, f":{status}:"))


async def test_49_an_order_is_disputed_and_everybody_who_could_refund_it_sees_so(kiln: Kiln) -> None:
    staff = await iris(kiln)
    number = await disputed_order(kiln)
    today = await staff.get("/staff")
    assert "disputed payment to answer by Wednesday 10 March 2027" in today.words
    assert "Answer needed" in (await staff.get("/staff/payments")).words
    order = await staff.get(f"/staff/orders/{number}")
    assert "bank disputes £27.95" in order.words and "/refunds/new" not in " ".join(order.links())
    form = await staff.get(f"/staff/orders/{number}/refunds/new")
    assert "would pay it out twice" in form.words
    key = "0190a000-0000-7000-8000-000000000001"
    refused = await staff.post(f"/staff/orders/{number}/refunds", {"how": "whole", "key": key})
    assert refused.status == 422 and "would pay it out twice" in refused.words
    assert await at_the_bank() == [] and await emails("needs_response") == 1
    page = await dispute_page(staff)
    assert f"Order {number}" in page.words and "Wednesday 10 March 2027" in page.words
    assert await kiln.broken() == []


async def test_49_a_won_dispute_leaves_everything_as_it_was(kiln: Kiln) -> None:
    staff = await iris(kiln)
    number = await disputed_order(kiln)
    await decided(kiln, "won")
    assert "disputed payment" not in (await staff.get("/staff")).words
    form = await staff.get(f"/staff/orders/{number}/refunds/new")
    page = await staff.submit(form, f"/staff/orders/{number}/refunds")
    assert "£27.95 refunded." in page.alerts()
    assert await emails("won") == 1 and await emails("needs_response") == 1


async def test_49_a_lost_dispute_on_an_order_is_noted_and_never_refunded_again(kiln: Kiln) -> None:
    staff = await iris(kiln)
    number = await disputed_order(kiln)
    await decided(kiln, "lost")
    assert "lost dispute to decide on" in (await staff.get("/staff")).words
    assert "already have their money" in (await staff.get(f"/staff/orders/{number}/refunds/new")).words
    page = await dispute_page(staff)
    action = f"{page.path}/decision"
    assert (await staff.submit(page, action)).status == 422
    after = await staff.submit(page, action, words="Parcel was lost")
    assert "Decision saved." in after.alerts() and "Parcel was lost" in after.words
    assert "lost dispute" not in (await staff.get("/staff")).words
    assert (await staff.post(action, {"words": "Again"})).status == 404
    assert await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'lost dispute reviewed'") == 1


@pytest.mark.parametrize("follows", ["keep", "end"])
async def test_49_a_member_keeps_their_benefits_until_staff_decide_about_a_lost_fee(kiln: Kiln, follows: str) -> None:
    staff = await iris(kiln)
    maya = await disputed_fee(kiln)
    person = await join_members.person()
    assert await is_member()
    page = await staff.get(f"/staff/members/{person}")
    assert "bank disputes £39.00" in page.words and "£39.00 £39.00 disputed" in page.words
    assert not [link for link in page.links() if "/refunds/" in link], "no page offers what is refused"
    invoice = await database.fetch_value("SELECT stripe_id FROM mirrored_invoice WHERE status = 'paid'")
    assert "would pay it out twice" in (await staff.get(f"/staff/members/{person}/fees/{invoice}/refunds/new")).words
    await decided(kiln, "lost")
    page = await staff.get(f"/staff/members/{person}")
    assert "£39.00 lost in a dispute" in page.words and not [link for link in page.links() if "/refunds/" in link]
    assert await is_member() and await emails("lost") == 1
    clock.set_everywhere(clock.now() + timedelta(hours=1))
    page = await dispute_page(staff)
    await staff.submit(page, f"{page.path}/decision", follows=follows, words="Talked to Maya")
    await kiln.work()
    assert await is_member() == (follows == "keep")
    told = (await maya.get("/account/membership")).words
    assert "£39.00 returned by your bank" in told
    assert ("It ended early because your bank took a payment for it back." in told) is (follows == "end")
    mails = await database.fetch_values("SELECT text FROM email WHERE template = 'subscription_ended'")
    assert ["because your bank took a payment for it back" in " ".join(text.split()) for text in mails] == (
        [True] if follows == "end" else []
    )
    assert await kiln.broken() == []


async def test_49_of_a_payment_for_a_fee_and_an_order_only_the_fees_part_is_lost_on_the_fee(kiln: Kiln) -> None:
    staff, maya = await iris(kiln), await people.customer(join_members.MAYA)
    browser = await kiln.shop.signed_in(maya.email)
    await buy_products.put_in(browser)
    typed = {**buy_products.TYPED, "email": maya.email, "join": "annual"}
    page = await browser.submit(await browser.get("/checkout?join=annual"), "/checkout", **typed)
    session = session_of(page)
    await kiln.pay(session, DISPUTED)
    await kiln.come_back(browser, session)
    await kiln.work()
    await decided(kiln, "lost")
    person = await join_members.person()
    page = await staff.get(f"/staff/members/{person}")
    assert await database.fetch_value("SELECT amount FROM mirrored_dispute") > 3900
    assert "£39.00 paid £39.00 lost in a dispute £0.00 net" in page.words
    assert "£39.00 £39.00 returned by your bank" in (await browser.get("/account/membership")).words


async def test_49_a_membership_paid_once_is_named_and_shown_on_the_page_of_who_paid_it(kiln: Kiln) -> None:
    staff = await iris(kiln)
    await plans.create(slug="once", name="Once", summary="", price=2500, interval="year", is_once=True, by=None)
    await join_members.joins(kiln.shop, plan_catalogue.by_slug("once"), card=DISPUTED)
    await kiln.work()
    page, member = await dispute_page(staff), f"/staff/members/{await join_members.person()}"
    assert "Payment for Maya" in page.words and member in page.links()
    assert "bank disputes £25.00" in (await staff.get(member)).words


async def test_49_a_fee_under_dispute_is_not_refunded_by_any_form(kiln: Kiln) -> None:
    staff = await iris(kiln)
    await disputed_fee(kiln)
    person = await join_members.person()
    invoice = await database.fetch_value("SELECT stripe_id FROM mirrored_invoice WHERE status = 'paid'")
    typed = {"how": "whole", "follows": "keep", "key": "0190a000-0000-7000-8000-000000000002"}
    refused = await staff.post(f"/staff/members/{person}/fees/{invoice}/refunds", typed)
    assert refused.status == 422 and "would pay it out twice" in refused.words
    await kiln.work()
    assert await at_the_bank() == [] and await database.fetch_value("SELECT count(*) FROM fee_refund") == 0


async def test_49_a_deadline_that_passes_loses_the_dispute(kiln: Kiln) -> None:
    staff = await iris(kiln)
    await disputed_order(kiln)
    clock.set_everywhere(clock.now() + timedelta(days=10))
    await kiln.work()
    today = await staff.get("/staff")
    assert "lost dispute to decide on" in today.words and "to answer" not in today.words
    assert await emails("lost") == 1
