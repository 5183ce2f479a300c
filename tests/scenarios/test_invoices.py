"""Invoices and credit notes of orders, fees and gifts, as customers and staff meet them."""

import asyncio
import io
import re
import zipfile
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from PIL import Image

from components.brand import logos
from components.foundation import clock, database, ids
from components.foundation.shop_settings import setting_rows
from components.invoices import credit_notes, erasure, fee_invoices, invariants, order_invoices
from components.invoices import issuing as issued
from components.invoices.pdf import invoice_pdf
from components.invoices.tables import IssuedInvoice
from components.memberships.billing.tables import FeeRefund
from components.orders.refunds import refunds
from components.orders.refunds.refund_requests import RefundRequest
from components.people.facts import PersonErased
from tests.scenarios.conftest import Kiln
from tests.support import join_members, people
from tests.support.pages import Browser

COMPANY = {
    "invoices": "on", "company_name": "Kiln Ltd", "company_street": "3 Oven Lane", "company_town": "Leeds LS1 4AB",
    "vat_number": "GB980780684", "invoice_attached": "yes",
}  # fmt: skip


@pytest.fixture
async def issuing(kiln: Kiln) -> Kiln:
    await setting_rows.change(COMPANY, by=None)
    return kiln


async def rows() -> list[dict[str, Any]]:
    return [dict(row) for row in await database.fetch("SELECT * FROM invoice ORDER BY issued_at, series DESC, serial")]


async def bought(kiln: Kiln, browser: Browser | None = None) -> UUID:
    """A paid order for £27.95."""
    await kiln.pay(await kiln.to_pay(browser or kiln.shop.browser()))
    await kiln.work()
    return UUID(str((await kiln.orders())[-1]["id"]))


async def test_an_order_has_an_invoice_that_is_linked_read_downloaded_and_never_changes(issuing: Kiln) -> None:
    guest = issuing.shop.browser()
    await bought(issuing, guest)
    (invoice,) = await rows()
    assert (invoice["number"], invoice["total"], invoice["net"] + invoice["tax"]) == ("INV-00001", 2795, 2795)

    (email,) = await database.fetch("SELECT text, invoice FROM email WHERE template = 'order_confirmation'")
    assert "Download your invoice: " in email["text"] and email["invoice"] == invoice["id"]
    assert email["text"].index("Paid: £27.95") < email["text"].index("including VAT (20%): £4.66")

    token = str((await database.fetch_one("SELECT * FROM orders"))["id"])  # type: ignore[index]
    order = await guest.get(f"/orders/{await _order_token(UUID(token))}")
    (link,) = {one for one in order.links() if re.fullmatch("/invoices/[^/]+", one)}
    page = await guest.get(link)
    for words in ("Invoice INV-00001", "Kiln Ltd, 3 Oven Lane", "GB980780684", "Noor Haddad 4 Mill Lane Leeds LS1 4AB",
                  "Date of issue 1 March 2027", "Net £23.29", "VAT (20%) £4.66", "Total £27.95"):  # fmt: skip
        assert words in page.words, (words, page.words)
    answer = await guest.client.get(f"{link}/pdf")
    assert answer.headers["content-type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    assert 'filename="INV-00001.pdf"' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "private, no-store"
    assert (await guest.get(f"{link[:-3]}abc")).status == 404

    await setting_rows.change({"company_name": "Other Ltd", "invoice_prefix": "NEW-"}, by=None)
    await database.execute("UPDATE order_line SET title = 'Another'")
    assert (
        "Kiln Ltd" in (await guest.get(link)).words and "Other Ltd" not in (await guest.get(link)).words.split("©")[0]
    )
    for change in ("UPDATE invoice SET total = 1, net = 1, tax = 0", "DELETE FROM invoice",
                   "UPDATE invoice SET printed = '{}'"):  # fmt: skip
        with pytest.raises(asyncpg.RaiseError):
            await database.execute(change)
    assert await invariants.invariants() == []


async def test_an_invoice_has_the_logo_of_its_day_also_when_the_shop_has_another(issuing: Kiln) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (300, 100), "#1f4e79").save(drawn, "PNG")
    logo = await logos.upload(drawn.getvalue(), kind="logo", by=None)
    await setting_rows.change({"brand_logo": logo}, by=None)
    await bought(issuing)
    await setting_rows.change({"brand_logo": ""}, by=None)
    await bought(issuing)
    with_logo, without = await IssuedInvoice.objects().order_by(IssuedInvoice.issued_at)
    assert (issued.printed_of(with_logo).logo, issued.printed_of(without).logo) == (logo, "")
    assert b"/Subtype/Image" in await invoice_pdf.of(with_logo) and b"/Subtype/Image" not in await invoice_pdf.of(
        without
    )


async def _order_token(order_id: UUID) -> str:
    from components.orders import order_links

    return order_links.token(order_id)


async def test_refunds_become_credit_notes_once_and_come_to_nothing_and_a_failed_one_is_reversed(issuing: Kiln) -> None:
    order, by = await bought(issuing), (await people.owner()).id
    for amount in (700, 2095):
        made = await refunds.create(order, RefundRequest(amount=amount, reason="Broken"), by=by, key=ids.new())
        await refunds.send(made.id)
        await issuing.work()
    for _twice in range(2):
        await asyncio.gather(*(credit_notes.settle_order(order) for _n in range(3)))
    found = await rows()
    assert [(row["number"], row["kind"], row["total"]) for row in found] == [
        ("INV-00001", "invoice", 2795), ("CN-00001", "credit", -700), ("CN-00002", "credit", -2095),
    ]  # fmt: skip
    assert [sum(row[what] for row in found) for what in ("net", "tax", "total")] == [0, 0, 0]
    texts = await database.fetch("SELECT text FROM email WHERE template = 'order_refunded'")
    assert all("Download the credit note: " in row["text"] for row in texts) and len(texts) == 2

    await database.execute("UPDATE refund SET status = 'failed' WHERE id = $1", made.id)
    for _twice in range(2):
        await credit_notes.settle_order(order)
    assert [(row["kind"], row["total"]) for row in await rows()][-1] == ("reversal", 2095)
    assert sum(row["tax"] for row in await rows()) == round(2095 / 6)
    await database.execute("UPDATE refund SET status = 'succeeded' WHERE id = $1", made.id)
    await credit_notes.settle_order(order)
    assert sum(row["total"] for row in await rows()) == 0
    assert await invariants.invariants() == []


async def test_fees_terms_and_gifts_have_invoices_and_so_have_their_refunds(issuing: Kiln) -> None:
    member = await join_members.joins(issuing.shop, issuing.annual)
    await issuing.work()
    (fee,) = await rows()
    assert (fee["total"], fee["net"], fee["cause"][:7]) == (3900, 3250, "fee:in_")
    (welcome,) = await database.fetch("SELECT text FROM email WHERE template = 'membership_started'")
    assert "Download your invoice: " in welcome["text"]
    assert "INV-00001" in (await member.get("/account/membership")).words
    await people.owner()
    staff = await issuing.shop.signed_in("iris@kiln.test")
    of_member = await staff.get(f"/staff/members/{await join_members.person()}")
    assert f"/staff/invoices/{fee['id']}" in of_member.links(), "its number leads to it"
    listed = await member.get("/account/invoices")
    assert "Invoice INV-00001 1 March 2027" in listed.words and "£39.00" in listed.words
    refund = FeeRefund(
        id=ids.new(), subscription=fee["reference"], invoice=fee["cause"][4:], amount=900, currency="GBP",
        status="succeeded", at=clock.now(), settled_at=clock.now(),
    )  # fmt: skip
    await FeeRefund.insert(refund)
    await credit_notes.settle_fee(refund.id)
    assert [row["total"] for row in await rows()] == [3900, -900]
    data = await member.client.get("/account/privacy/data.json")
    if data.status_code == 200:
        assert [one["number"] for one in data.json()["invoices"]] == ["INV-00001", "CN-00001"]

    person = await join_members.person()
    await erasure.erase_person(PersonErased(person, ""))
    assert [row["buyer"] for row in await rows()] == ["Maya", "Maya"]  # the law has them kept
    issuing.later(days=365 * 7)
    await erasure.forget_buyers()
    kept = (await rows())[0]
    assert kept["buyer"] == "" and "Maya" not in kept["printed"] + kept["document"] and kept["total"] == 3900


async def test_none_is_issued_while_the_shop_wants_none_nor_for_what_was_paid_before(kiln: Kiln) -> None:
    before = await bought(kiln)
    kiln.later(minutes=1)
    await setting_rows.change(COMPANY, by=None)
    assert await order_invoices.ensure(before) is None and await rows() == []
    order = await bought(kiln)
    assert [row["reference"] for row in await rows()] == [order]
    assert await fee_invoices.ensure_fee("in_unknown") is None


async def test_staff_search_export_and_download_a_month(issuing: Kiln) -> None:
    await bought(issuing)
    await people.owner()
    staff = await issuing.shop.signed_in("iris@kiln.test")
    for address, is_there in (("", True), ("?q=INV-00001", True), ("?q=noor", True), ("?q=nobody%25", False),
                              ("?month=2027-03", True), ("?month=2027-02", False), ("?month=x", True)):  # fmt: skip
        assert ("INV-00001" in (await staff.get(f"/staff/invoices{address}")).words.split("Buyer")[-1]) == is_there
    csv = (await staff.client.get("/staff/invoices/export.csv")).text
    assert "INV-00001,Invoice,2027-03-01" in csv and ",VAT,20,23.29,4.66,27.95,GBP," in csv
    page = await staff.get("/staff/invoices?month=2027-03")
    asked = await staff.submit(page, "/staff/invoices/archives")
    assert "is being made" in asked.words
    await issuing.work()
    page = await staff.get("/staff/invoices?month=2027-03")
    (address,) = [one for one in page.links() if "/archives/" in one]
    answer = await staff.client.get(address)
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert names == ["INV-00001.pdf"]
    (invoice,) = await rows()
    shown = await staff.get(f"/staff/invoices/{invoice['id']}")
    assert "Invoice INV-00001" in shown.words
    assert (await staff.get(f"/staff/invoices/{ids.new()}")).status == 404
