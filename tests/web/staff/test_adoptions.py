"""Staff adopt members of an earlier system: read, choose plans, confirm, look, undo."""

import pytest

from components.foundation import database
from tests.support import foreign_members, make_plans, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

LIST = "/staff/members/adoptions"


@pytest.fixture
async def iris(shop: Shop) -> Browser:
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def test_from_reading_to_undoing(shop: Shop, iris: Browser) -> None:
    plan = await make_plans.club()
    foreign_members.there(shop, "active", "past_due", "quantity", "schedule")
    waiting = await iris.submit(await iris.get(LIST), f"{LIST}/stripe")
    assert "Waiting to start" in waiting.words
    await shop.catch_up()
    read = await iris.get(waiting.path)
    for words in (
        "4 running subscriptions. Nothing has been adopted yet.",
        "Friends, monthly £7.00 a month 2",
        "2 rows : No plan is chosen for its price. It is left where it is.",
        "It is for more than one.",
        "A schedule at Stripe would change it later.",
    ):
        assert words in read.words, (words, read.words)
    price = await database.fetch_value("SELECT id FROM adoption_plan")
    chosen = await iris.submit(read, f"{read.path}/plans", plans=f"{price}:{plan.id}")
    assert "Plans saved. Nothing has been adopted yet." in chosen.words and "Adopt 2 members" in chosen.words
    assert "A payment is owed." in chosen.words
    narrowed = await iris.get(f"{read.path}?kind=quantity")
    assert "It is for more than one." in narrowed.words and "A payment is owed." not in narrowed.words
    await iris.submit(chosen, f"{read.path}/adoption")
    await shop.catch_up()
    done = await iris.get(read.path)
    assert "Done. 2 members are adopted." in done.words
    person = await database.fetch_value("SELECT payer FROM subscription WHERE status = 'active'")
    member = await iris.get(f"/staff/members/{person}")
    assert "Annual" in member.words and "£7.00" in member.words
    await iris.submit(done, f"{read.path}/undo")
    await shop.catch_up()
    assert "Undone. Nothing of it is left." in (await iris.get(read.path)).words
    assert await database.fetch_value("SELECT count(*) FROM subscription") == 0


async def test_a_file_that_is_none_and_a_card_there_are_answered_in_words(shop: Shop, iris: Browser) -> None:
    async def sent(source: bytes) -> Page:
        files = {"sheet": ("members.csv", source, "text/csv")}
        return Page(await iris.client.post(LIST, files=files, follow_redirects=True))

    wrong = await sent(b"sku,price\n1,2\n")
    assert wrong.status == 422 and "This is neither an export of WooCommerce Subscriptions" in wrong.words
    plan = await make_plans.club()
    (sub,) = foreign_members.there(shop, "ended", email="ida@example.com")
    there = foreign_members.at_stripe(shop, "subscription")[sub]
    row = (
        "customer_email,billing_period,next_payment_date,order_total,order_currency,_stripe_customer_id,_stripe_source_id\n"
        f"ida@example.com,month,2027-03-20,7.50,GBP,{there['customer']},{there['default_payment_method']}\n"
    )
    page = await sent(row.encode())
    await shop.catch_up()
    await foreign_members.choose(await database.fetch_value("SELECT id FROM adoption"), plan.id)
    read = await iris.get(page.path)
    refused = await iris.submit(read, f"{page.path}/adoption")
    assert refused.status == 422 and "Confirm that the earlier software no longer bills anybody." in refused.words
    begun = await iris.submit(refused, f"{page.path}/adoption", old_stopped="on")
    assert begun.status == 200
    cancelled = await iris.submit(await iris.get(page.path), f"{page.path}/cancellation")
    assert "Cancelled." in cancelled.words
    again = await iris.post(f"{page.path}/adoption", {"old_stopped": "on"})
    assert again.status == 409


async def test_it_is_for_staff_who_may_see_members(shop: Shop) -> None:
    await people.customer("noor@kiln.test")
    browser = await shop.signed_in("noor@kiln.test")
    for path in (LIST, f"{LIST}/{people.NOBODY}"):
        assert (await browser.get(path)).status == 403
