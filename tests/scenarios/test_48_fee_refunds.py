"""Scenario 48: a membership fee is refunded by staff, in part and in whole, and in Stripe's dashboard."""

import asyncio
import re
from uuid import UUID

from components.foundation import clock, database
from components.memberships.entitlements import entitlements
from components.payments import stripe_connection
from tests.scenarios.conftest import HOME, Kiln, session_of
from tests.support import join_members, people
from tests.support.pages import Browser, Page

REFUND_FAILS = "4000000000005126"


async def iris(kiln: Kiln) -> Browser:
    await people.owner()
    return await kiln.shop.signed_in("iris@kiln.test")


async def paid_member(kiln: Kiln, card: str = "4242424242424242") -> tuple[Browser, UUID, str]:
    """Maya has paid £39.00 for a year; her browser, her id, and the invoice."""
    browser = await join_members.joins(kiln.shop, kiln.annual, card=card)
    invoice = await database.fetch_value("SELECT stripe_id FROM mirrored_invoice WHERE status = 'paid'")
    return browser, await join_members.person(), str(invoice)


async def refund_page(staff: Browser, person: UUID, invoice: str) -> Page:
    member = await staff.get(f"/staff/members/{person}")
    address = f"/staff/members/{person}/fees/{invoice}/refunds/new"
    assert address in member.links()
    return await staff.get(address)


async def refund(staff: Browser, person: UUID, invoice: str, **typed: str) -> Page:
    form = await refund_page(staff, person, invoice)
    return await staff.submit(form, f"/staff/members/{person}/fees/{invoice}/refunds", **typed)


async def at_the_bank() -> list[int]:
    answer = await stripe_connection.client().v1.refunds.list_async({"limit": 100})
    return sorted(one.amount for one in answer.data)


async def is_member() -> bool:
    return (await entitlements.for_person(await join_members.person(), clock.now())).is_member


async def emails() -> list[str]:
    return [str(row["text"]) for row in await database.fetch("SELECT text FROM email WHERE template = 'fee_refunded'")]


async def test_48_a_part_is_refunded_and_the_membership_goes_on(kiln: Kiln) -> None:
    member, person, invoice = await paid_member(kiln)
    staff = await iris(kiln)
    page = await refund(staff, person, invoice, how="amount", amount="9.00", reason="The kiln was cold")
    assert "£9.00 refunded." in page.alerts()
    assert "£39.00 paid £9.00 refunded" in page.words and "The kiln was cold" in page.words
    await kiln.work()
    assert await at_the_bank() == [900] and await is_member()
    assert "£9.00 refunded" in (await member.get("/account/membership")).words
    (email,) = await emails()
    assert "£9.00 of your fee" in email and "The kiln was cold" in email and "stays as it is" in email
    log = await staff.get("/staff/audit?subject=subscription")
    assert "Maya, Annual" in log.words and "a deleted" not in log.words and f"/staff/members/{person}" in log.links()
    audited = await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'membership fee refunded'")
    assert audited == 1 and await kiln.broken() == []


async def test_48_the_whole_is_refunded_and_the_membership_ends(kiln: Kiln) -> None:
    member, person, invoice = await paid_member(kiln)
    staff = await iris(kiln)
    form = await refund_page(staff, person, invoice)
    assert "Benefits stay, and it renews on 1 March 2028" in form.words and "Benefits end at once" in form.words
    page = await refund(staff, person, invoice, follows="end")
    assert "£39.00 refunded. The membership is being ended." in page.alerts()
    await kiln.work()
    assert await at_the_bank() == [3900] and not await is_member()
    assert "£39.00 refunded" in (await member.get("/account/membership")).words
    assert "Nothing more will be charged" in (await emails())[0]
    page = await staff.get(f"/staff/members/{person}/fees/{invoice}/refunds/new")
    assert "refunded in full" in page.words
    kiln.later(days=400)
    await kiln.work()
    assert await database.fetch_value("SELECT count(*) FROM mirrored_invoice WHERE status = 'paid'") == 1
    assert await kiln.broken() == []


async def test_48_the_same_form_twice_is_one_refund_and_more_than_is_left_is_refused(kiln: Kiln) -> None:
    _, person, invoice = await paid_member(kiln)
    staff = await iris(kiln)
    form, address = await refund_page(staff, person, invoice), f"/staff/members/{person}/fees/{invoice}/refunds"
    sent = [staff.submit(form, address, how="amount", amount="10.00") for _ in range(3)]
    assert {page.status for page in await asyncio.gather(*sent)} == {200}
    await kiln.work()
    assert await at_the_bank() == [1000]
    page = await refund(staff, person, invoice, how="amount", amount="29.01")
    assert page.status == 422 and "only £29.00 of it can still be refunded" in page.alerts()
    page = await refund(staff, person, invoice, how="amount", amount="0")
    assert page.status == 422
    page = await refund(staff, person, invoice, how="whole", amount="9.00")
    assert page.status == 422 and "You’ve entered an amount." in page.alerts()
    await kiln.work()
    assert await at_the_bank() == [1000] and len(await emails()) == 1


async def test_48_two_forms_at_once_never_refund_more_than_was_paid(kiln: Kiln) -> None:
    _, person, invoice = await paid_member(kiln)
    staff = await iris(kiln)
    forms = [await refund_page(staff, person, invoice) for _ in range(3)]
    address = f"/staff/members/{person}/fees/{invoice}/refunds"
    await asyncio.gather(*(staff.submit(form, address, how="amount", amount="25.00") for form in forms))
    await kiln.work()
    assert await at_the_bank() == [2500]


async def test_48_a_refund_made_in_stripe_shows_here_once_and_is_told(kiln: Kiln) -> None:
    member, person, _ = await paid_member(kiln)
    intent = await database.fetch_value("SELECT payment_intent FROM mirrored_invoice WHERE status = 'paid'")
    await stripe_connection.client().v1.refunds.create_async({"payment_intent": str(intent), "amount": 200})
    await kiln.work()
    await kiln.work()
    assert "£2.00 refunded" in (await member.get("/account/membership")).words
    page = await (await iris(kiln)).get(f"/staff/members/{person}")
    assert "£39.00 paid £2.00 refunded" in page.words and "Made in Stripe" in page.words
    assert len(await emails()) == 1 and await is_member()
    assert await database.fetch_value("SELECT count(*) FROM fee_refund") == 1


async def test_48_a_refund_that_fails_later_counts_no_more_and_staff_are_told(kiln: Kiln) -> None:
    member, person, invoice = await paid_member(kiln, REFUND_FAILS)
    staff = await iris(kiln)
    await refund(staff, person, invoice)
    await kiln.work()
    kiln.later(days=6)
    await kiln.work()
    assert not re.search(r"\d refunded", (await member.get("/account/membership")).words)
    page = await staff.get(f"/staff/members/{person}")
    assert "Failed: no money was refunded" in page.words
    assert await database.fetch_value("SELECT count(*) FROM email WHERE template = 'fee_refund_failed'") == 1
    (told,) = await database.fetch("SELECT recipient, subject, text FROM email WHERE template = 'refund_not_received'")
    assert told["recipient"] == "maya@kiln.test" and told["subject"] == "Your refund of £39.00 did not go through"
    assert "refunded £39.00 for your fee for" in told["text"] and "has come back to us" in told["text"]
    home = await staff.get("/staff")
    assert "1 refund of a membership fee failed" in home.words
    assert 'href="/staff/payments#failed-refunds"' in home.text
    listed = await staff.get("/staff/payments")
    assert 'id="failed-refunds"' in listed.text and f'href="/staff/members/{person}"' in listed.text
    await refund(staff, person, invoice)
    await kiln.work()
    assert "membership fee failed" not in (await staff.get("/staff")).words
    assert "failed-refunds" not in (await staff.get("/staff/payments")).text


async def test_48_the_goods_of_an_order_paid_with_joining_are_not_refunded_as_a_fee(kiln: Kiln) -> None:
    await people.customer("maya@kiln.test", name="Maya")
    browser = await kiln.shop.signed_in("maya@kiln.test")
    await kiln.to_checkout(browser)
    page = await browser.get("/checkout?join=annual")
    address = {name: value for name, value in HOME.items() if name != "email"}
    session = session_of(await browser.submit(page, "/checkout", **address))
    await kiln.pay(session)
    await kiln.come_back(browser, session)
    await kiln.work()
    invoice = str(await database.fetch_value("SELECT stripe_id FROM mirrored_invoice WHERE status = 'paid'"))
    staff, person = await iris(kiln), await join_members.person()
    page = await refund(staff, person, invoice)
    assert "£39.00 refunded." in page.alerts()
    await kiln.work()
    (order,) = await kiln.orders()
    assert await at_the_bank() == [3900]
    assert await database.fetch_value('SELECT count(*) FROM refund WHERE "order" = $1', order["id"]) == 0


async def test_48_only_those_who_may_refund_and_only_the_members_own_payment(kiln: Kiln) -> None:
    _, person, invoice = await paid_member(kiln)
    await people.customer("noor@kiln.test", name="Noor")
    noor = await join_members.person("noor@kiln.test")
    staff = await iris(kiln)
    assert (await staff.get(f"/staff/members/{noor}/fees/{invoice}/refunds/new")).status == 404
    assert (await staff.post(f"/staff/members/{noor}/fees/{invoice}/refunds", {})).status == 404
    assert (await staff.get(f"/staff/members/{person}/fees/in_unknown/refunds/new")).status == 404
