"""Pages and the contact form, as customers meet them."""

from components.content.pages import page_editing
from components.content.pages.page_editing import PageDraft
from components.foundation.shop_settings import setting_rows
from components.messaging import mailbox
from components.messaging.tables import Email
from tests.support import people
from tests.support.shops import Shop

ASKED = {"name": "Noor", "email": "noor@kiln.test", "message": "Where is my parcel?\n\nThank you"}


async def test_a_page_is_found_everywhere_once_it_is_published_and_stays_true(shop: Shop) -> None:
    draft = PageDraft(slug="terms", title="Our terms", body="Sold by {company name}, wombat.", kind="terms")
    page_id = await page_editing.create(draft, by=None)
    guest = shop.browser()
    places = ("/", "/sitemap.xml", "/search?q=wombat", "/products", "/checkout", "/sign-in")
    assert (await guest.get("/pages/terms")).status == 404
    for path in places:
        assert "/pages/terms" not in (await guest.get(path)).text, path
    await page_editing.publish(page_id, by=None)
    for path in places:
        assert "/pages/terms" in (await guest.get(path)).text, path
    assert "not filled in yet" in (await guest.get("/pages/terms")).words
    await setting_rows.change({"company_name": "Northline <Ltd>"}, by=None)
    assert "Sold by Northline <Ltd>, wombat." in (await guest.get("/pages/terms")).words
    assert "© Kiln · Northline <Ltd>" in (await guest.get("/products")).words
    await page_editing.unpublish(page_id, by=None)
    for path in places:
        assert "/pages/terms" not in (await guest.get(path)).text, path


async def test_a_message_reaches_the_shop_once_and_an_answer_goes_to_its_sender(shop: Shop) -> None:
    guest = shop.browser()
    page = await guest.get("/contact")
    sent = await guest.submit(page, "/contact", **ASKED, order="K-1")
    assert "Thank you. Your message has been sent" in sent.alerts()
    for _ in range(5):
        again = await guest.submit(page, "/contact", **ASKED, order="K-1")
        assert again.status == 200, "pressing twice is no flood"
    (found,) = (await mailbox.email_page(to="hello@kiln.test")).emails
    assert found.subject == "Message from Noor about order K-1"
    assert (await Email.select(Email.reply_to).first())["reply_to"] == "noor@kiln.test"
    assert "Where is my parcel?" in await people.letter("contact_message")


async def test_the_contact_page_of_ones_own_has_the_form_and_the_fixed_address_leads_to_it(shop: Shop) -> None:
    draft = PageDraft(slug="kontakt", title="Kontakt", body="Rufen Sie an.", kind="contact")
    await page_editing.create(draft, by=None, publish=True)
    guest = shop.browser()
    page = await guest.get("/contact")
    assert page.path == "/pages/kontakt" and "Rufen Sie an." in page.words
    wrong = await guest.submit(page, "/contact", **ASKED | {"email": "noor"})
    assert wrong.status == 422 and "Rufen Sie an." in wrong.words
    assert wrong.form("/contact").given["message"] == ASKED["message"], "nothing typed is lost"
    await people.customer()
    noor = await shop.signed_in("noor@kiln.test")
    assert (await noor.get("/pages/kontakt")).form("/contact").given["email"] == "noor@kiln.test"


async def test_a_flood_is_refused_in_words(shop: Shop) -> None:
    guest = shop.browser()
    for n in range(5):
        assert (await guest.post("/contact", ASKED | {"message": f"Message {n}"})).status == 200
    refused = await guest.post("/contact", ASKED | {"message": "One too many"})
    assert refused.status == 429 and "Too many attempts" in refused.alerts()
    assert refused.form("/contact").given["message"] == "One too many"
    assert (await mailbox.email_page(to="hello@kiln.test")).total == 5


async def test_line_breaks_in_a_name_never_reach_the_subject(shop: Shop) -> None:
    await shop.browser().post("/contact", ASKED | {"name": "Noor\r\nBcc: all@kiln.test"})
    (found,) = (await mailbox.email_page(to="hello@kiln.test")).emails
    assert "\n" not in found.subject and found.subject.startswith("Message from Noor")
