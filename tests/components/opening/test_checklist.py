"""The checklist of a new shop is true by looking: each item is done when the shop has it, and undone when it goes."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from components.checkout.delivery import delivery_terms
from components.checkout.taxes import suggested_rates, tax_rates
from components.content.pages import page_editing, page_placeholders, starter_pages
from components.content.pages.page_editing import PageDraft
from components.content.site import home_editing
from components.foundation import clock, settings
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import setting_rows
from components.memberships.editing import plans
from components.messaging.alerts import staff_recipients
from components.messaging.tables import Email
from components.opening import checklist, checklist_findings, invoice_findings, setup_state, shop_setup
from components.opening.tables import ShopSetup
from components.payments.stripe_account import webhook_endpoint
from components.people import operators
from components.people.tables import Person
from tests.support import make_delivery, make_products, people
from tests.support.shops import Shop


@pytest.fixture
async def anna(shop: Shop) -> AsyncIterator[Person]:
    """The owner of a shop that has just been opened without any content."""
    await shop_setup.begin_when_empty()
    person = await people.owner("anna@northline.example")
    await shop_setup.skip()
    yield person
    await ShopSetup.delete(force=True)
    await setup_state.refresh()


async def missing(key: str) -> str:
    found = await checklist.current()
    assert found is not None
    return " ".join(next(item.missing for item in found.items if item.rule.key == key))


async def way(key: str) -> tuple[str, str]:
    """Where its button leads, and what it says."""
    found = await checklist.current()
    assert found is not None
    return next((item.href, item.action) for item in found.items if item.rule.key == key)


async def test_a_shop_that_was_never_asked_has_no_checklist(shop: Shop) -> None:
    assert await checklist.current() is None


@pytest.mark.usefixtures("anna")
async def test_products_delivery_tax_and_plan_are_done_by_having_them(shop: Shop) -> None:
    assert "Nothing is on sale" in await missing("products")
    await make_products.product()
    assert await missing("products") == ""
    assert "no delivery method" in await missing("delivery")
    abroad = await make_delivery.method("Abroad", "FR", fee=900)
    assert "own country" in await missing("delivery")
    await make_delivery.method("Post", "GB", fee=400)
    assert await missing("delivery") == "" and abroad
    assert "No tax rate" in await missing("tax")
    await suggested_rates.adopt("GB", (await delivery_terms.current()).taxes)
    assert await missing("tax") == ""
    for rate in (await delivery_terms.current()).taxes.in_force(clock.now()):
        await tax_rates.remove(rate.id, by=(await operators.all_operators())[0].person_id)
    with clock.frozen(clock.now().replace(hour=13)):
        assert "No tax rate" in await missing("tax"), "it is on the list again when it goes"
        await setting_rows.change({"small_business": "yes"}, by=None)
        assert await missing("tax") == ""
    assert "no plan" in await missing("plan")
    await plans.create(slug="club", name="Club", summary="", price=500, by=None)
    assert await missing("plan") == ""


@pytest.mark.usefixtures("anna")
async def test_pages_are_done_when_all_seven_are_published_whole_and_everything_around_them_is_there() -> None:
    assert "Not published yet: About" in await missing("pages")
    await starter_pages.begin("GB", by=None)
    assert "With gaps to fill in" in await missing("pages")
    assert await way("pages") == ("/staff/pages", "Finish pages")
    await finish_pages()
    assert await missing("pages") == "Under Settings, Terms at checkout, nothing is asked for."
    assert await way("pages") == ("/staff/settings/consent", "Set terms at checkout")
    found = await checklist_findings.look()
    nameless = replace(found, shop=replace(found.shop, company_town=""))
    assert checklist_findings.where_of_pages(nameless) == ("/staff/settings/company", "Enter company details")
    await setting_rows.change({"terms_consent": "sentence"}, by=None)
    assert await missing("pages") == ""
    link = {"title": "New", "text": "", "href": "/products/not-there", "link": "See it"}
    await home_editing.add("hero", link, by=None)
    assert "that lead nowhere: /products/not-there" in await missing("pages")
    assert await way("pages") == ("/staff/menus", "Mend links")
    about = next(page for page in await page_editing.all_pages() if page.kind == "about")
    await page_editing.unpublish(about.id, by=None)
    assert "About" in await missing("pages")
    assert await way("pages") == ("/staff/pages", "Finish pages")


async def finish_pages() -> None:
    """Every page published with its gaps filled in, and the company behind the shop named."""
    await plans.create(slug="club", name="Club", summary="", price=500, by=None)
    await make_delivery.method("Post", "GB", fee=400)
    facts = {"company_name": "Northline Ltd", "company_street": "1 Quay", "company_town": "Leeds"}
    facts |= {"company_phone": "0113", "company_people": "Anna", "company_register": "01", "vat_number": "GB1"}
    await setting_rows.change(facts, by=None)
    for page in await page_editing.all_pages():
        body = page_placeholders._GAP.sub("said", page.body)
        draft = PageDraft(slug=page.slug, title=page.title, summary=page.summary, kind=page.kind, body=body)
        await page_editing.update(page.id, draft, by=None)
        await page_editing.publish(page.id, by=None)


@pytest.mark.usefixtures("anna")
async def test_payments_e_mails_and_address_are_done_by_what_the_server_has(
    anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "practice" in await missing("payments") and "only kept" in await missing("emails")
    here = replace(settings.current(), base_url="http://127.0.0.1:8000")
    monkeypatch.setattr(settings, "current", lambda: here)
    assert "only this machine" in await missing("domain")
    there = replace(here, base_url="http://shop.example")
    monkeypatch.setattr(settings, "current", lambda: there)
    assert "without https" in await missing("domain")
    secret = "whsec_" + "a" * 32
    live = replace(there, base_url="https://shop.example", smtp_url="smtp://x", stripe_secret_key="sk_test_1234567890")
    monkeypatch.setattr(settings, "current", lambda: live)
    assert await missing("domain") == "" and "test key" in await missing("payments")
    real = replace(live, stripe_secret_key="sk_live_1234567890")
    monkeypatch.setattr(settings, "current", lambda: real)
    assert "STRIPE_WEBHOOK_SECRET" in await missing("payments")
    whole = replace(real, stripe_webhook_secret=secret)
    monkeypatch.setattr(settings, "current", lambda: whole)
    assert await missing("payments") == "" and webhook_endpoint.secret_fault() == ""
    await setting_rows.change({"mail_from": "My Shop <shop@example.org>"}, by=None)
    assert "nobody’s address" in await missing("emails") and "Send a test" in await missing("emails")
    with clock.frozen(clock.now().replace(hour=13)):
        await setting_rows.change({"mail_from": "Northline <hello@northline.example>"}, by=None)
    sent = await staff_recipients.send_test(anna.id)
    await Email.update({Email.sent_at: clock.now()}).where(Email.id == sent.id)
    assert await missing("emails") == ""


async def test_what_is_not_needed_is_said_by_somebody_and_can_be_taken_back(anna: Person, shop: Shop) -> None:
    owner = await shop.signed_in("anna@northline.example")
    page = await owner.get("/staff")
    assert "Get ready to sell" in page.words and "All done" not in page.words
    page = await owner.submit(page, "/staff/checklist/delivery")
    assert "Not needed Said by Iris on Monday 1 March 2027" in page.words
    found = await checklist.current()
    assert found is not None and found.done == 1
    with clock.frozen(clock.now().replace(hour=13)):
        page = await owner.submit(page, "/staff/checklist/delivery", needed="yes")
    assert "no delivery method" in page.words and "Said by" not in page.words
    for key in ("products", "payments", "nothing"):
        with pytest.raises(NotFound):
            await checklist.decide(key, is_needed=False, by=anna.id)
        assert (await owner.post(f"/staff/checklist/{key}")).status == 404
    await people.staff("sam@northline.example", ("products",))
    sam = await shop.signed_in("sam@northline.example")
    seen = await sam.get("/staff")
    assert "Nothing is on sale yet" in seen.words and "Payments are practice" not in seen.words
    assert (await sam.post("/staff/checklist/delivery")).status == 403


async def test_the_list_goes_when_everything_is_done_or_not_needed(
    anna: Person, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await starter_pages.begin("GB", by=None)
    await finish_pages()
    await make_products.product()
    await setting_rows.change(
        {"terms_consent": "tick", "mail_from": "N <hello@northline.example>", "invoices": "on"}, by=None
    )
    await checklist.decide("tax", is_needed=False, by=anna.id)
    sent = await staff_recipients.send_test(anna.id)
    await Email.update({Email.sent_at: clock.now()}).where(Email.id == sent.id)
    owner = await shop.signed_in("anna@northline.example")
    assert "Done or not needed: 6 of 9." in (await owner.get("/staff")).words
    machine = {"base_url": "https://shop.example", "smtp_url": "smtp://x", "stripe_secret_key": "sk_live_1234567890"}
    real = replace(settings.current(), **machine, stripe_webhook_secret="whsec_" + "a" * 32)
    monkeypatch.setattr(settings, "current", lambda: real)
    found = await checklist.current()
    assert found is not None and found.is_over, [(one.rule.key, one.missing) for one in found.items]
    monkeypatch.undo()
    found = await checklist.current()
    assert found is not None and not found.is_over


async def test_every_item_leads_to_a_page_that_is_there(anna: Person, shop: Shop) -> None:
    owner = await shop.signed_in("anna@northline.example")
    links = {rule.href for rule in checklist.RULES} | {href for rule in checklist.RULES for _, href in rule.also}
    for href in sorted(links):
        assert (await owner.get(href)).status == 200, href


@pytest.mark.usefixtures("anna")
async def test_invoices_are_asked_for_where_the_law_asks_for_them_and_have_to_say_who_sells() -> None:
    assert "businesses that buy from you an invoice (HMRC" in await missing("invoices")
    await setting_rows.change({"country": "US"}, by=None)
    assert await missing("invoices") == "", "no law known here asks for them"
    await setting_rows.change({"country": "DE"}, by=None)
    assert "businesses that buy from you an invoice (UStG" in await missing("invoices")
    found = (await checklist_findings.look()).shop
    with_law = replace(await checklist_findings.look(), shop=replace(found, invoices="on"))
    seller, number = invoice_findings.invoices(with_law)
    assert "these are empty: name, street, town" in seller and "no VAT number or tax number" in number
    whole = replace(with_law.shop, company_name="Bergfink", company_street="Weg 1", company_town="Leipzig")
    assert invoice_findings.invoices(replace(with_law, shop=replace(whole, tax_number="12/34"))) == ()
    small = replace(with_law, shop=replace(whole, small_business="yes"))
    assert invoice_findings.invoices(small) == ()


@pytest.mark.usefixtures("anna")
async def test_pages_are_called_by_the_names_they_have() -> None:
    await setting_rows.change({"shop_language": "de"}, by=None)
    await starter_pages.begin("DE", by=None)
    said = await missing("pages")
    assert "Über uns" in said and "Impressum" in said and "About" not in said and "Legal notice" not in said
