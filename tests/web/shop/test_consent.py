"""Consent to the shop's terms: asked as the owner chose, and kept with the order in the version that was shown."""

from datetime import timedelta

import pytest

from components.checkout.delivery import delivery_terms
from components.content.pages import agreements, page_editing
from components.content.pages.page_editing import PageDraft
from components.foundation import clock, database
from components.foundation.shop_settings import setting_rows
from components.memberships.editing import plans
from components.messaging import mailbox
from tests.support import buy_products, make_plans, make_products, people
from tests.support.shops import Shop

TERMS = PageDraft(slug="terms", title="Our terms", body="One", kind="terms")


@pytest.mark.parametrize("way", ["off", "sentence", "tick"])
async def test_what_is_asked_is_kept_with_the_order(goods: Shop, way: str) -> None:
    page_id = await page_editing.create(TERMS, by=None, publish=True)
    await setting_rows.change({"terms_consent": way, "terms_pages": "terms privacy"}, by=None)
    await make_products.product(on_hand=5)
    guest = goods.browser()
    await buy_products.put_in(guest)
    page = await guest.get("/checkout")
    assert ("agree to: Our terms" in page.words) == (way != "off")
    if way == "tick":
        refused = await guest.submit(page, "/checkout", **buy_products.TYPED)
        assert refused.status == 422 and "Please tick that you agree" in refused.alerts()
        assert refused.form("/checkout").given["line1"] == "4 Mill Lane"
    await page_editing.update(page_id, PageDraft(slug="terms", title="Our terms", body="Two", kind="terms"), by=None)
    stale = await guest.submit(page, "/checkout", **buy_products.TYPED, agrees="on")
    if way != "off":
        assert stale.status == 422 and "Our terms have changed" in stale.alerts()
        assert "agrees" not in stale.form("/checkout").given, "the new version is ticked anew"
        stale = await guest.submit(stale, "/checkout", **buy_products.TYPED, agrees="on")
    assert buy_products.is_pay_page(stale)
    kept = await agreements.of((await buy_products.the_order()).id)
    assert [(one.way, [(page.slug, page.version) for page in one.pages]) for one in kept] == (
        [] if way == "off" else [(way, [("terms", 2)])]
    )
    await people.owner()
    number = (await buy_products.the_order()).number
    shown = await (await goods.signed_in("iris@kiln.test")).get(f"/staff/orders/{number}")
    assert ("Our terms (version 2)" in shown.words) == (way != "off")


async def test_the_confirmation_has_what_was_agreed_to_word_for_word_and_who_sells(goods: Shop) -> None:
    company = {"company_name": "Northline Ltd", "company_street": "4 Mill Lane", "company_town": "Leeds LS1 4AB"}
    more = {"company_register": "Company number 123", "company_people": "Ada Bell", "company_phone": "01632 960123"}
    await setting_rows.change({"terms_consent": "sentence", "terms_pages": "terms returns"} | company | more, by=None)
    terms = PageDraft(slug="terms", title="Our terms", body="Sold by {company name}, *always*.", kind="terms")
    page_id = await page_editing.create(terms, by=None, publish=True)
    returns = PageDraft(
        slug="returns", title="Returns", body="## Fourteen days\n\n> Send it back. (\\*)", kind="returns"
    )
    await page_editing.create(returns, by=None, publish=True)
    await make_products.product(on_hand=5)
    await buy_products.buy(goods, goods.browser())
    later = PageDraft(slug="terms", title="Our terms", body="Another text.", kind="terms")
    await page_editing.update(page_id, later, by=None)
    await goods.catch_up()
    (line,) = (await mailbox.email_page(template="order_confirmation")).emails
    sent = await mailbox.practice_email(line.id)
    assert "Sold by Northline Ltd, <em>always</em>." in sent.html and "<h2>Fourteen days</h2>" in sent.html
    assert sent.text.index("Sold by Northline Ltd") < sent.text.index("Send it back.") < sent.text.index("\n--\n")
    assert "Another text." not in sent.html + sent.text
    assert "\n  Send it back. (*)\n" in sent.text and "## Fourteen" not in sent.text and "*always*" not in sent.text
    for known in ("Northline Ltd, 4 Mill Lane, Leeds LS1 4AB", "01632 960123", "Represented by: Ada Bell · Company"):
        assert known in sent.html and known in sent.text, known


async def test_joining_asks_too_and_unpublished_pages_are_not_asked_about(goods: Shop) -> None:
    await make_plans.club()
    page_id = await page_editing.create(TERMS, by=None, publish=True)
    await setting_rows.change({"terms_consent": "tick", "terms_pages": "terms"}, by=None)
    await goods.refresh()
    person = await people.customer()
    noor = await goods.signed_in("noor@kiln.test")
    page = await noor.get("/join/annual")
    refused = await noor.submit(page, "/join/annual")
    assert refused.status == 422 and "Please tick that you agree" in refused.alerts()
    await noor.submit(page, "/join/annual", agrees="on")
    (kept,) = await agreements.of(person.id, about="joining")
    assert kept.way == "tick" and kept.pages[0].version == 1
    assert [one.body for one in await agreements.texts(person.id, about="joining")] == ["One"]
    assert await agreements.texts(person.id, about="joining", since=clock.now() + timedelta(seconds=1)) == ()
    await page_editing.unpublish(page_id, by=None)
    assert agreements.asked() is None
    assert "agree to" not in (await noor.get("/join/annual")).words


async def test_nothing_is_lost_on_the_way_to_the_code_and_back(goods: Shop) -> None:
    await make_plans.club()
    page_id = await page_editing.create(TERMS, by=None, publish=True)
    more = {"checkout_phone": "optional", "vat_number": "GB980780684", "country": "GB"}
    await setting_rows.change({"terms_consent": "tick", "terms_pages": "terms"} | more, by=None)
    await make_products.product(on_hand=5)
    await goods.refresh()
    method = next(str(one.id) for one in (await delivery_terms.current()).methods if one.name == "Express")
    for is_changed in (False, True):
        guest, email = goods.browser(), f"maya{is_changed}@example.org".lower()
        await buy_products.put_in(guest)
        page = await guest.get("/checkout?join=annual")
        typed = buy_products.TYPED | {"email": email, "method": method, "join": "annual", "shown_join": "annual"}
        typed |= {"line2": "At the back", "phone": "07400 123456", "agrees": "on"}
        asked = await guest.submit(page, "/checkout", **typed)
        assert asked.path == "/sign-in/code", asked.alerts()
        if is_changed:
            new = PageDraft(slug="terms", title="Our terms", body="Two", kind="terms")
            await page_editing.update(page_id, new, by=None)
        again = await people.enters_code(goods, guest, asked)
        given = again.form("/checkout").given
        as_written = {"postcode": "LS1 4AB", "phone": "+447400123456"}
        lost = {name for name, value in (typed | as_written).items() if given.get(name) != value}
        assert lost == ({"agrees"} if is_changed else set()), {name: given.get(name) for name in lost}
        reloaded = (await guest.get("/checkout")).form("/checkout").given
        assert reloaded["join"] == "annual" and reloaded["city"] == typed["city"], "the address names no membership now"
        assert (await guest.get("/checkout?join=")).form("/checkout").given["join"] == ""
        await guest.post("/checkout/choices", {**given, "join": ""})
        assert (await guest.get("/checkout")).form("/checkout").given["join"] == "", "another choice is kept as well"


async def test_giving_a_membership_asks_too_and_what_was_typed_stays(goods: Shop) -> None:
    plan = await make_plans.club()
    await plans.set_terms(plan.id, plans.PlanTerms(is_giftable=True), by=None)
    await page_editing.create(TERMS, by=None, publish=True)
    await setting_rows.change({"terms_consent": "tick", "terms_pages": "terms"}, by=None)
    await goods.refresh()
    person = await people.customer()
    noor = await goods.signed_in("noor@kiln.test")
    page = await noor.get("/gifts")
    assert "I have read and agree to: Our terms" in page.words
    typed = {"giver_name": "Noor", "recipient_name": "Maya", "recipient_email": "maya@kiln.test"}
    refused = await noor.submit(page, "/gifts", **typed)
    assert refused.status == 422 and "Please tick that you agree" in refused.alerts()
    assert refused.form("/gifts").given["recipient_name"] == "Maya"
    assert await database.fetch_value("SELECT count(*) FROM gift_membership") == 0
    assert buy_products.is_pay_page(await noor.submit(refused, "/gifts", agrees="on"))
    (kept,) = await agreements.of(person.id, about="joining")
    assert kept.way == "tick" and [(one.slug, one.version) for one in kept.pages] == [("terms", 1)]


async def test_who_comes_back_from_the_payment_page_after_the_terms_changed_has_agreed_to_the_new_ones(
    goods: Shop,
) -> None:
    """The same basket, address and sum: only what was agreed to is another, and so the order is."""
    page_id = await page_editing.create(TERMS, by=None, publish=True)
    await setting_rows.change({"terms_consent": "tick", "terms_pages": "terms"}, by=None)
    await make_products.product(on_hand=5)
    guest = goods.browser()
    await buy_products.put_in(guest)
    first = await guest.submit(await guest.get("/checkout"), "/checkout", **buy_products.TYPED, agrees="on")
    again = await guest.submit(await guest.get("/checkout"), "/checkout", **buy_products.TYPED, agrees="on")
    assert buy_products.is_pay_page(first) and first.path == again.path, "the same once more is the same order"
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    await page_editing.update(page_id, PageDraft(slug="terms", title="Our terms", body="Two", kind="terms"), by=None)
    since = await guest.submit(await guest.get("/checkout"), "/checkout", **buy_products.TYPED, agrees="on")
    assert buy_products.is_pay_page(since) and since.path != first.path
    orders = await database.fetch_values("SELECT id FROM orders ORDER BY placed_at")
    kept = [[page.version for one in await agreements.of(order) for page in one.pages] for order in orders]
    assert kept == [[1], [2]]
