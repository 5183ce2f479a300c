"""Whoever reads an e-mail that takes its invoice along sees so, and opens it where they may."""

from components.foundation import database
from components.foundation.shop_settings import setting_rows
from tests.scenarios.conftest import Kiln
from tests.scenarios.test_invoices import bought, issuing
from tests.support import people

__all__ = ["issuing"]
CONFIRMATION = "SELECT id, invoice FROM email WHERE template = 'order_confirmation'"


async def test_a_pdf_that_goes_with_an_e_mail_is_named_beside_it(issuing: Kiln) -> None:
    await bought(issuing)
    (sent,) = await database.fetch(CONFIRMATION)
    guest = issuing.shop.browser()
    assert "with a PDF" in (await guest.get("/mailbox")).words
    page = await guest.get(f"/mailbox/{sent['id']}")
    assert "Attachment INV-00001.pdf" in page.words
    (link,) = [one for one in page.links() if one.endswith("/pdf")]
    assert (await guest.client.get(link)).content.startswith(b"%PDF-")
    for email, rights, may in (("sam@kiln.test", ["emails", "orders"], True), ("jo@kiln.test", ["emails"], False)):
        await people.staff(email, rights)
        desk = await issuing.shop.signed_in(email)
        page = await desk.get(f"/staff/emails/{sent['id']}")
        assert "Attachment INV-00001.pdf" in page.words and "with a PDF" in (await desk.get("/staff/emails")).words
        assert (f"/staff/invoices/{sent['invoice']}/pdf" in page.links()) is may, email
        assert not [one for one in page.links() if one.startswith("/invoices/")], "the customer's link is theirs"


async def test_an_e_mail_that_takes_none_along_says_nothing_of_it(issuing: Kiln) -> None:
    await setting_rows.change({"invoice_attached": "no"}, by=None)
    await bought(issuing)
    (sent,) = await database.fetch(CONFIRMATION)
    guest = issuing.shop.browser()
    assert "with a PDF" not in (await guest.get("/mailbox")).words
    assert "Attachment" not in (await guest.get(f"/mailbox/{sent['id']}")).words
