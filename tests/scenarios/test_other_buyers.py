"""An invoice issued again with another buyer: what staff do, what it comes to, what is refused, and many at once."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from components.checkout import invoice_buyers
from components.foundation import database, ids, json
from components.foundation.refusals import Conflict, NotFound, Refusal
from components.foundation.shop_settings import setting_rows
from components.invoices import credit_notes, erasure, invariants, order_invoices
from components.invoices.corrections.buyer_corrections import BuyerFixed, SameBuyer
from components.invoices.tables import IssuedInvoice
from components.people.invoicing.invoice_addresses import InvoiceBuyer
from tests.scenarios.conftest import Kiln
from tests.scenarios.test_49_disputes import decided
from tests.scenarios.test_invoice_buyers import (
    ELM,
    MAYA,
    OAK,
    PRINTED,
    Cell,
    billing,
    buyer_on,
    give_back,
    iris,
    orders,
    pays,
    rows,
)
from tests.support import join_members, people
from tests.support.pages import Browser, Page
from web.standin.charging import disputes as bank

__all__ = ("billing",)
BUYER = InvoiceBuyer(company="Elm GmbH", line1="Ulmenweg 2", city="Bonn", postcode="53111", country="DE")


async def staff_of(kiln: Kiln) -> Browser:
    await iris()
    return await kiln.shop.signed_in("iris@kiln.test")


async def bought(kiln: Kiln, **typed: str) -> dict[str, Any]:
    """The invoice of a guest's order over £27.95."""
    await orders(kiln, kiln.shop.browser(), **typed)
    return (await rows("order"))[-1]


async def correct(staff: Browser, row: dict[str, Any], typed: dict[str, str], **more: str) -> Page:
    page = await staff.get(f"/staff/invoices/{row['id']}/buyer")
    return await staff.submit(page, f"/staff/invoices/{row['id']}/buyer", **typed, **more)


async def corrected(row: dict[str, Any], buyer: InvoiceBuyer = BUYER, *, key: UUID | None = None) -> IssuedInvoice:
    return await invoice_buyers.correct(row["id"], buyer, by=await iris(), key=key or ids.new(), tells=False)


def no_gaps(found: list[dict[str, Any]]) -> bool:
    serials: dict[str, list[int]] = {}
    for row in found:
        serials.setdefault(row["series"], []).append(row["serial"])
    return all(sorted(those) == list(range(1, len(those) + 1)) for those in serials.values())


async def test_staff_issue_it_again_and_everything_leads_to_everything(billing: Kiln) -> None:
    row, staff = await bought(billing), await staff_of(billing)
    shown = await staff.get(f"/staff/invoices/{row['id']}")
    assert f"/staff/invoices/{row['id']}/buyer" in shown.links()
    form = await staff.get(f"/staff/invoices/{row['id']}/buyer")
    given = form.form(f"/staff/invoices/{row['id']}/buyer").given
    assert (given["invoice_name"], given["invoice_line1"], given["invoice_postcode"]) == (
        "Noor Haddad", "4 Mill Lane", "LS1 4AB",
    )  # fmt: skip
    assert "No money moves" in form.words and "noor@example.org" in form.words
    done = await correct(staff, row, OAK, tells="on")
    assert (
        "Invoice INV-00002 replaces INV-00001, which is credited in full. The customer gets it by e-mail." in done.words
    )
    assert "Replaces invoice INV-00001, which credit note CN-00001 takes back" in done.words
    assert "Your reference PO 4711" in done.words and "Oak & Sons Ltd Accounts 1 Tree Row York YO1 7HH" in done.words

    first, credit, last = await rows()
    assert [one["number"] for one in (first, credit, last)] == ["INV-00001", "CN-00001", "INV-00002"]
    for what in ("net", "tax", "total"):
        assert (credit[what], last[what]) == (-first[what], first[what])
    assert (credit["corrects"], last["replaces"], last["corrects"]) == (first["id"], first["id"], None)
    told, before = json.load(last["document"]), json.load(first["document"])
    assert {**told, "buyer": 0, "replaces": "", "credited_by": ""} == {**before, "buyer": 0}
    assert buyer_on(credit) == buyer_on(first) == PRINTED["home"] and buyer_on(last) == PRINTED["oak"]
    assert "Reason Another buyer" in (await staff.get(f"/staff/invoices/{credit['id']}")).words
    family = {f"/staff/invoices/{one['id']}" for one in (first, credit, last)}
    for one in (first, credit, last):
        page = await staff.get(f"/staff/invoices/{one['id']}")
        assert family - {f"/staff/invoices/{one['id']}"} <= set(page.links()), one["number"]
        assert f"/staff/orders/{first['about']}" in page.links()
    assert "Invoice INV-00002 has replaced this one." in (await staff.get(f"/staff/invoices/{first['id']}")).words
    assert "/buyer" in (await staff.get(f"/staff/invoices/{last['id']}")).text
    order = await staff.get(f"/staff/orders/{first['about']}")
    assert all(number in order.words for number in ("INV-00001", "CN-00001", "INV-00002"))
    csv = (await staff.client.get("/staff/invoices/export.csv?q=Oak")).text
    assert "INV-00002,Invoice" in csv and "INV-00001" in csv

    await billing.work()
    (email,) = await database.fetch("SELECT * FROM email WHERE template = 'invoice_corrected'")
    assert email["recipient"] == "noor@example.org" and email["invoice"] == last["id"]
    for words in ("INV-00002 is addressed to Oak & Sons Ltd, Accounts", "replaces invoice INV-00001", "CN-00001"):
        assert words in " ".join(email["text"].split())
    (entry,) = await database.fetch("SELECT * FROM audit_entry WHERE what = 'invoice buyer corrected'")
    assert entry["subject_id"] == "INV-00001" and "Oak" not in str(entry["after"])
    assert "INV-00002" in str(entry["after"])
    assert (await staff.get("/staff/audit?subject=invoice")).status == 200
    assert await invariants.invariants() == []


async def test_what_comes_later_is_about_the_invoice_that_stands(billing: Kiln) -> None:
    row = await bought(billing)
    last = await corrected(row)
    standing = await order_invoices.ensure(row["reference"])
    assert standing is not None and standing.id == last.id
    await give_back(billing, "order", row["reference"], 700)
    note = (await rows())[-1]
    assert (note["kind"], note["total"], note["corrects"], buyer_on(note)) == ("credit", -700, last.id, PRINTED["elm"])
    assert json.load(note["printed"])["subtitle"].startswith(f"For invoice {last.number} of ")
    with pytest.raises(BuyerFixed, match="A part of this invoice has been refunded"):
        await corrected({"id": last.id})
    await database.execute("UPDATE refund SET status = 'failed'")
    await credit_notes.settle_order(row["reference"])
    again = await corrected({"id": last.id}, InvoiceBuyer(name="Ash", line1="1 Row", city="York", country="GB"))
    assert again.replaces == last.id and no_gaps(await rows())
    await database.execute("UPDATE refund SET status = 'succeeded'")
    await give_back(billing, "order", row["reference"], 2095)
    found = await rows()
    assert found[-1]["corrects"] == again.id and sum(one["total"] for one in found) == 0
    assert [sum(one[what] for one in found) for what in ("net", "tax")] == [0, 0]
    with pytest.raises(BuyerFixed, match="credited in full"):
        await corrected({"id": again.id})
    assert await invariants.invariants() == []


async def test_of_twenty_at_once_exactly_one_wins_and_no_number_is_lost(billing: Kiln) -> None:
    row, by = await bought(billing), await iris()
    other = await bought(billing)

    async def one(key: UUID) -> IssuedInvoice | Refusal:
        try:
            return await invoice_buyers.correct(row["id"], BUYER, by=by, key=key, tells=True)
        except Refusal as refusal:
            return refusal

    came = await asyncio.gather(*(one(ids.new()) for _n in range(20)))
    won = [made for made in came if isinstance(made, IssuedInvoice)]
    lost = [refusal for refusal in came if isinstance(refusal, Refusal)]
    assert len(won) == 1 and len(lost) == 19 and {refusal.status for refusal in lost} <= {409, 503}
    assert any(isinstance(refusal, BuyerFixed) for refusal in lost)
    key = ids.new()
    same = await asyncio.gather(*(corrected({"id": other["id"]}, key=key) for _n in range(20)))
    assert len({made.id for made in same}) == 1, "a form sent again and again is one"
    found = await rows()
    assert len(found) == 6 and no_gaps(found)
    assert await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'invoice buyer corrected'") == 2
    with pytest.raises(Conflict):
        await corrected({"id": won[0].id}, key=key)
    assert len(await rows()) == 6 and await invariants.invariants() == []


async def test_a_double_click_leads_to_the_same_invoice(billing: Kiln) -> None:
    row, staff = await bought(billing), await staff_of(billing)
    address = f"/staff/invoices/{row['id']}/buyer"
    form = await staff.get(address)
    data = {**form.form(address).given, **OAK}
    first, second = await asyncio.gather(staff.post(address, data), staff.post(address, data))
    assert first.path == second.path and len(await rows()) == 3
    late = await staff.post(address, {**data, "key": str(ids.new())})
    assert late.status == 409 and "Invoice INV-00002 has replaced this one." in late.words
    assert (await staff.get(address)).status == 409
    assert await database.fetch_value("SELECT count(*) FROM email WHERE template = 'invoice_corrected'") == 0


@pytest.mark.parametrize("subject", ["fee", "term", "gift"])
async def test_fees_terms_and_gifts_too(billing: Kiln, subject: str) -> None:
    await people.customer(MAYA, name="Maya")
    maya, staff = await billing.shop.signed_in(MAYA), await staff_of(billing)
    reference = await pays(billing, maya, Cell(subject, "none", ""))
    (row,) = await rows(subject)
    page = await correct(staff, row, ELM, tells="on", invoice_vat_number="DE136695976")
    assert "Elm GmbH" in page.words and f"/staff/members/{await join_members.person(MAYA)}" in page.links()
    first, credit, last = await rows(subject)
    assert (credit["total"], last["total"], last["tax"]) == (-first["total"], first["total"], first["tax"])
    assert "INV-00002" in (await maya.get("/account/invoices")).words
    if subject != "gift":
        assert "INV-00002" in (await maya.get("/account/membership")).words, "the payment has the one that stands"
    await give_back(billing, subject, reference, first["total"])
    assert sum(one["total"] for one in await rows(subject)) == 0 and (await rows(subject))[-1]["corrects"] == last["id"]
    await billing.work()
    (email,) = await database.fetch("SELECT recipient FROM email WHERE template = 'invoice_corrected'")
    assert email["recipient"] == MAYA and await invariants.invariants() == []


async def test_what_cannot_be_corrected_says_why(billing: Kiln) -> None:
    row, staff = await bought(billing), await staff_of(billing)
    with pytest.raises(SameBuyer):
        address = InvoiceBuyer(name="Noor Haddad", line1="4 Mill Lane", city="Leeds", postcode="LS1 4AB", country="GB")
        await corrected(row, address)
    for wrong, words in (
        ({"invoice_company": "", "invoice_name": ""}, "Give a company"),
        ({"invoice_country": "XX"}, "Choose"),
        ({"invoice_reference": "x" * 41}, "at most 40"),
        ({"key": "x"}, "out of date"),
    ):
        page = await correct(staff, row, {**OAK, **wrong})
        assert page.status == 422 and words in page.words
    part = await staff.post_for_part(f"/staff/invoices/{row['id']}/buyer/fields", {**OAK, "invoice_country": "US"})
    assert 'name="invoice_region"' in part.text
    await give_back(billing, "order", row["reference"], 100)
    note = (await rows())[-1]
    for one, words in ((note, "Only an invoice can have another buyer"), (row, "A part of this invoice")):
        page = await staff.get(f"/staff/invoices/{one['id']}/buyer")
        assert page.status == 409 and words in page.words
        assert f"/staff/invoices/{one['id']}/buyer" not in (await staff.get(f"/staff/invoices/{one['id']}")).links()
    assert (await staff.get(f"/staff/invoices/{ids.new()}/buyer")).status == 404
    assert (await staff.post(f"/staff/invoices/{ids.new()}/buyer", OAK)).status == 404
    with pytest.raises(NotFound):
        await corrected({"id": ids.new()})
    assert len(await rows()) == 2


async def test_once_the_buyer_is_forgotten_nobody_is_put_in_their_place(billing: Kiln) -> None:
    row = await bought(billing)
    billing.later(days=365 * 9)
    await erasure.forget_buyers()
    with pytest.raises(BuyerFixed, match="has been forgotten"):
        await corrected(row)


async def test_staff_without_the_permission_for_orders_get_nowhere(billing: Kiln) -> None:
    row = await bought(billing)
    await people.staff("sam@kiln.test", ("products",))
    sam = await billing.shop.signed_in("sam@kiln.test")
    assert (await sam.get(f"/staff/invoices/{row['id']}/buyer")).status == 403
    assert (await sam.post(f"/staff/invoices/{row['id']}/buyer", OAK)).status == 403
    assert len(await rows()) == 1


async def test_an_erased_customer_is_told_nothing_and_the_correction_is_made(billing: Kiln) -> None:
    row, staff = await bought(billing), await staff_of(billing)
    await database.execute("UPDATE orders SET email = '', name = 'Erased'")
    form = await staff.get(f"/staff/invoices/{row['id']}/buyer")
    assert "nobody to send it to" in form.words and 'name="tells"' not in form.text
    await correct(staff, row, OAK, tells="on")
    await billing.work()
    assert len(await rows()) == 3
    assert await database.fetch_value("SELECT count(*) FROM email WHERE template = 'invoice_corrected'") == 0


async def test_in_german_both_documents_say_it_in_german(billing: Kiln) -> None:
    await setting_rows.change({"shop_language": "de", "locale": "de_DE"}, by=None)
    row = await bought(billing, **OAK, invoice_elsewhere="on")
    last = await corrected(row)
    first, credit, _last = await rows()
    printed = json.load(str(last.printed))
    assert printed["subtitle"] == "Ersetzt Rechnung INV-00001, zurückgenommen mit Rechnungskorrektur CN-00001"
    assert printed["buyer"][-1] == "Deutschland"
    assert ["Grund", "Anderer Käufer"] in json.load(credit["printed"])["facts"]
    assert ["Ihr Zeichen", "PO 4711"] in json.load(first["printed"])["facts"]


@pytest.mark.parametrize("subject", ["fee", "term", "gift", "order"])
@pytest.mark.parametrize("verdict", ["won", "lost"])
async def test_an_invoice_is_issued_again_while_its_payment_is_disputed(
    billing: Kiln, subject: str, verdict: str
) -> None:
    """It moves no money, and what a bank decides is about money: one who pays for the firm may have the firm on it."""
    await people.customer(MAYA, name="Maya")
    maya, staff = await billing.shop.signed_in(MAYA), await staff_of(billing)
    await pays(billing, maya, Cell(subject, "none", ""))
    with billing.stand_in.engine.changing() as books:
        bank.open_against(books, next(iter(books.find("charge"))), reason="fraudulent")
    await billing.work()
    (row,) = await rows(subject)
    page = await correct(staff, row, ELM, tells="on", invoice_vat_number="DE136695976")
    assert "Elm GmbH" in page.words and page.status == 200
    await decided(billing, verdict)
    first, credit, last = await rows(subject)
    assert (credit["total"], last["total"], last["tax"]) == (-first["total"], first["total"], first["tax"])
    assert buyer_on(last)[0] == "Elm GmbH" and no_gaps(await rows())
    evidence = await database.fetch_value("SELECT stripe_id FROM mirrored_dispute")
    files = await staff.get(f"/staff/payments/disputes/{evidence}")
    assert files.status == 200 and await invariants.invariants() == [] and await billing.broken() == []
