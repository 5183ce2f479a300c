"""Whom an invoice is addressed to: where the order goes, the account's address, or the one typed at the checkout."""

import re
from itertools import product
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from components.checkout.delivery import delivery_methods, delivery_terms
from components.foundation import clock, database, ids, json
from components.foundation.shop_settings import setting_rows
from components.insights import invariants as all_invariants
from components.invoices import credit_notes, invariants
from components.memberships.billing.tables import FeeRefund
from components.memberships.editing import plans
from components.memberships.grants import fixed_term, gift_memberships
from components.memberships.grants.gift_memberships import GiftDetails
from components.memberships.plans import plan_catalogue
from components.orders.refunds import refunds
from components.orders.refunds.refund_requests import RefundRequest
from components.payments.values import Payer
from tests.scenarios.conftest import HOME, Kiln, session_of
from tests.scenarios.test_invoices import COMPANY
from tests.support import join_members, people, refunding
from tests.support.pages import Browser, Page

HERE = "/account/invoices/address"
OAK = {
    "invoice_company": "Oak & Sons Ltd", "invoice_name": "Accounts", "invoice_country": "GB",
    "invoice_line1": "1 Tree Row", "invoice_city": "York", "invoice_postcode": "yo1 7hh",
    "invoice_reference": "PO 4711",
}  # fmt: skip
ELM = {
    "invoice_company": "Elm GmbH", "invoice_name": "", "invoice_country": "DE", "invoice_line1": "Ulmenweg 2",
    "invoice_city": "Bonn", "invoice_postcode": "53111", "invoice_reference": "B-9",
}  # fmt: skip
PRINTED = {
    "oak": ["Oak & Sons Ltd", "Accounts", "1 Tree Row", "York YO1 7HH", "United Kingdom"],
    "elm": ["Elm GmbH", "Ulmenweg 2", "53111 Bonn", "Germany"],
    "home": ["Noor Haddad", "4 Mill Lane", "Leeds LS1 4AB", "United Kingdom"],
    "name": ["Maya"],
}
MAYA = "maya@kiln.test"


class Cell(NamedTuple):
    subject: str
    address: str
    refunded: str

    @property
    def printed(self) -> str:
        """What is typed at a checkout is for that order, and the fee that is paid with it."""
        if self.address == "none":
            return "home" if self.subject == "order" else "name"
        return "elm" if self.address == "checkout" and self.subject in ("order", "fee") else "oak"


CELLS = [
    Cell(*one)
    for one in product(("order", "fee", "gift", "term"), ("none", "account", "checkout"), ("", "part", "whole"))
]


@pytest.fixture
async def billing(kiln: Kiln) -> Kiln:
    await setting_rows.change(COMPANY, by=None)
    return kiln


async def rows(subject: str = "") -> list[dict[str, Any]]:
    """In the order in which they were issued; of one transaction the credit note first."""
    found = await database.fetch("SELECT * FROM invoice ORDER BY xmin::text::bigint, kind <> 'credit', serial")
    return [dict(row) for row in found if subject in ("", row["subject"])]


def buyer_on(row: dict[str, Any]) -> list[str]:
    return list(json.load(row["printed"])["buyer"])


async def iris() -> UUID:
    """The owner, made when first asked for."""
    known = await database.fetch_value("SELECT id FROM person WHERE email = 'iris@kiln.test'")
    return known if isinstance(known, UUID) else (await people.owner()).id


async def keeps(browser: Browser, typed: dict[str, str], **more: str) -> Page:
    return await browser.submit(await browser.get(HERE), HERE, **{**typed, **more})


async def orders(kiln: Kiln, browser: Browser, *, join: str = "", **typed: str) -> None:
    await kiln.to_checkout(browser)
    page = await browser.get(f"/checkout?join={join}")
    asked = await browser.submit(page, "/checkout", **{**HOME, **typed})
    await kiln.pay(session_of(asked))
    await kiln.work()


async def pays(kiln: Kiln, browser: Browser, cell: Cell) -> UUID:
    """What the invoice is about: bought by Maya, by the shop's own ways."""
    own = {**ELM, "invoice_elsewhere": "on"} if cell.address == "checkout" else {}
    person = await join_members.person(MAYA)
    payer = Payer(person, MAYA, "Maya")
    if cell.subject == "order" or (cell.subject == "fee" and own):
        await orders(kiln, browser, join="annual" if cell.subject == "fee" else "", **own)
    elif cell.subject == "fee":
        page = await browser.submit(await browser.get("/join/annual"), "/join/annual")
        await kiln.pay(session_of(page))
    else:
        if own:
            await orders(kiln, browser, **own)
        url = await _url(cell.subject, payer)
        await kiln.pay(url.rsplit("/", 1)[-1].split("?")[0])
    await kiln.work()
    (row,) = [row for row in await rows(cell.subject) if row["kind"] == "invoice"]
    assert isinstance(row["reference"], UUID)
    return row["reference"]


async def _url(subject: str, payer: Payer) -> str:
    if subject == "term":
        await plans.create(
            slug="pass", name="Year pass", summary="", price=3900, interval="year", is_once=True, by=None
        )
        return await fixed_term.start(payer, plan_catalogue.by_slug("pass"), success_path="/", cancel_path="/")
    await plans.set_terms(plan_catalogue.by_slug("annual").id, plans.PlanTerms(is_giftable=True), by=None)
    plan = plan_catalogue.by_slug("annual")
    wrapped = GiftDetails(
        giver_name="Maya", recipient_name="Pat", recipient_email="pat@kiln.test", message="", send_at=clock.now()
    )
    return await gift_memberships.buy(payer, plan, wrapped, success_path="/gifts/bought", cancel_path="/gifts")


async def give_back(kiln: Kiln, subject: str, reference: UUID, amount: int) -> None:
    by = await iris()
    if subject == "order":
        made = await refunds.create(reference, RefundRequest(amount=amount, reason=""), by=by, key=ids.new())
        await refunds.send(made.id)
    elif subject == "fee":
        (row,) = [row for row in await rows("fee") if row["cause"].startswith("fee:")]
        refund = FeeRefund(
            id=ids.new(), subscription=reference, invoice=row["cause"][4:], amount=amount, currency="GBP",
            status="succeeded", at=clock.now(), settled_at=clock.now(),
        )  # fmt: skip
        await FeeRefund.insert(refund)
        await credit_notes.settle_fee(refund.id)
    else:
        await refunding.refund_gift(reference, by=by, amount=amount)
    await kiln.work()


@pytest.mark.parametrize("cell", CELLS, ids="-".join)
async def test_who_stands_on_an_invoice_and_on_its_credit_note(billing: Kiln, cell: Cell) -> None:
    await people.customer(MAYA, name="Maya")
    maya = await billing.shop.signed_in(MAYA)
    if cell.address != "none":
        assert "Invoice address saved." in (await keeps(maya, OAK)).words
    reference = await pays(billing, maya, cell)
    await keeps(maya, {**OAK, "invoice_company": "Later Ltd"})
    total = (await rows(cell.subject))[0]["total"]
    back = {"": 0, "part": 700, "whole": total}[cell.refunded]
    if back:
        await give_back(billing, cell.subject, reference, back)
    found = await rows(cell.subject)
    assert [row["total"] for row in found] == ([total, -back] if back else [total])
    for row in found:
        assert buyer_on(row) == PRINTED[cell.printed], row["number"]
        facts = dict(json.load(row["printed"])["facts"])
        assert facts.get("Your reference") == {"oak": "PO 4711", "elm": "B-9"}.get(cell.printed)
    assert await invariants.invariants() == []


async def test_the_account_keeps_one_address_and_says_what_it_is_for(billing: Kiln) -> None:
    await people.customer(MAYA, name="Maya")
    maya = await billing.shop.signed_in(MAYA)
    assert HERE in (await maya.get("/account/invoices")).links()
    assert HERE in (await maya.get("/account/addresses")).links()
    page = await maya.get(HERE)
    assert "Here you can name somebody else" in page.words and "an invoice that was issued never changes" in page.words
    assert "/contact" in page.links() and f"{HERE}/removal" not in page.text
    page = await keeps(maya, OAK, invoice_vat_number="980 7806 84")
    assert page.form(HERE).given["invoice_vat_number"] == "GB980780684"
    assert page.form(HERE).given["invoice_postcode"] == "YO1 7HH"
    wrong = await keeps(maya, ELM)
    assert wrong.status == 422 and "This VAT number is not complete" in wrong.words, "it is one of another country"
    page = await keeps(maya, ELM, invoice_vat_number="")
    assert await database.fetch_value("SELECT count(*) FROM invoice_address") == 1
    assert page.form(HERE).given["invoice_reference"] == "B-9"
    data = await maya.client.get("/account/privacy/data.json")
    if data.status_code == 200 and "json" in data.headers["content-type"]:
        assert data.json()["invoice_address"]["company"] == "Elm GmbH"
    part = await maya.post_for_part(f"{HERE}/fields", {**ELM, "invoice_country": "US"})
    assert 'name="invoice_region"' in part.text and "B-9" in part.text
    page = await maya.submit(page, f"{HERE}/removal")
    assert "Invoice address removed." in page.words and f"{HERE}/removal" not in page.text
    assert (await maya.post(f"{HERE}/removal")).status == 200, "twice is no error"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"invoice_name": "", "invoice_company": ""}, "Give a company, a name, or both."),
        ({"invoice_line1": ""}, "“Address” is required."),
        ({"invoice_postcode": "12"}, "Postcode"),
        ({"invoice_country": "XX"}, "Choose one of the options listed."),
        ({"invoice_country": ""}, "Choose an option for “Country”."),
        ({"invoice_reference": "x" * 41}, "Use at most 40 characters."),
        ({"invoice_company": "x" * 121}, "Use at most 120 characters."),
        ({"invoice_name": "a\x00b"}, "Remove the unreadable character."),
        ({"invoice_vat_number": "GB123456789"}, "This VAT number is not complete, or has a digit wrong."),
        ({"invoice_country": "US", "invoice_region": "ZZ", "invoice_postcode": "10001"}, "Choose"),
    ],
)
async def test_what_cannot_be_on_an_invoice_is_said_and_kept_in_the_form(
    billing: Kiln, wrong: dict[str, str], words: str
) -> None:
    await people.customer(MAYA, name="Maya")
    maya = await billing.shop.signed_in(MAYA)
    page = await keeps(maya, OAK, **wrong)
    assert page.status == 422 and words in page.words, page.words
    assert page.form(HERE).given["invoice_city"] == "York"
    assert await database.fetch_value("SELECT count(*) FROM invoice_address") == 0
    if "invoice_vat_number" not in wrong:
        await billing.to_checkout(maya)
        typed = {**HOME, **OAK, **wrong, "invoice_elsewhere": "on"}
        page = await maya.submit(await maya.get("/checkout"), "/checkout", **typed)
        assert page.status == 422 and words in page.words and "checked" in page.text
        assert await database.fetch_value("SELECT count(*) FROM orders") == 0
        typed.pop("invoice_elsewhere")
        assert "/offline-payments" in (await maya.submit(await maya.get("/checkout"), "/checkout", **typed)).path


async def test_a_guest_has_another_invoice_address_on_their_order_its_pages_and_its_invoice(billing: Kiln) -> None:
    guest = billing.shop.browser()
    await billing.to_checkout(guest)
    asked = await guest.submit(await guest.get("/checkout"), "/checkout", **HOME, **ELM, invoice_elsewhere="on")
    session = session_of(asked)
    again = await guest.get("/checkout")
    assert again.form("/checkout").given["invoice_company"] == "Elm GmbH", "back from the payment page"
    assert again.form("/checkout").given["invoice_elsewhere"] == "on"
    changed = await guest.submit(again, "/checkout", invoice_company="Ash GmbH")
    assert session_of(changed) != session, "another buyer is another order"
    await billing.pay(session_of(changed))
    page = await billing.come_back(guest, session_of(changed))
    assert "Invoice address Ash GmbH Ulmenweg 2 53111 Bonn Germany Your reference: B-9" in page.words
    await billing.work()
    (row,) = await rows()
    assert buyer_on(row) == ["Ash GmbH", *PRINTED["elm"][1:]] and row["buyer"] == "Ash GmbH"
    (link,) = {one for one in (await guest.get(page.path)).links() if re.fullmatch("/invoices/[^/]+", one)}
    assert "Ash GmbH Ulmenweg 2 53111 Bonn Germany" in (await guest.get(link)).words
    pdf = await guest.client.get(f"{link}/pdf")
    assert pdf.content.startswith(b"%PDF-")
    await people.owner()
    staff = await billing.shop.signed_in("iris@kiln.test")
    number = await database.fetch_value("SELECT number FROM orders WHERE paid_at IS NOT NULL")
    assert "Invoice address Ash GmbH" in (await staff.get(f"/staff/orders/{number}")).words
    assert await all_invariants.invariants() == []


async def test_the_checkout_is_filled_in_from_the_account_and_unticked_the_order_goes_its_own_way(
    billing: Kiln,
) -> None:
    await people.customer(MAYA, name="Maya")
    maya = await billing.shop.signed_in(MAYA)
    await keeps(maya, OAK, invoice_vat_number="GB980780684")
    page = await billing.to_checkout(maya)
    given = page.form("/checkout").given
    assert given["invoice_elsewhere"] == "on" and given["invoice_company"] == "Oak & Sons Ltd"
    assert given["vat_number"] == "GB980780684"
    typed = {**HOME, "vat_number": ""}
    data = {**given, **typed}
    del data["invoice_elsewhere"]
    asked = await maya.post("/checkout", data)
    await billing.pay(session_of(asked))
    await billing.work()
    (row,) = await rows()
    assert buyer_on(row) == PRINTED["home"]


async def test_an_order_that_is_picked_up_is_not_for_the_firm_that_was_unticked(billing: Kiln) -> None:
    place = delivery_terms.PickupPlace(line1="1 Kiln Lane", city="Leeds", postcode="LS1 1AA", country="GB")
    await delivery_methods.create_method(delivery_methods.MethodTerms(name="In the shop", fee=0, pickup=place))
    method = next(one.id for one in (await delivery_terms.current()).methods if one.pickup)
    await people.customer(MAYA, name="Maya")
    maya = await billing.shop.signed_in(MAYA)
    await keeps(maya, OAK)
    given = (await billing.to_checkout(maya)).form("/checkout").given
    data = {**given, **HOME, "method": str(method)}
    del data["invoice_elsewhere"]
    await billing.pay(session_of(await maya.post("/checkout", data)))
    await billing.work()
    (row,) = await rows()
    assert buyer_on(row) == ["Noor Haddad"]


async def test_a_fee_is_not_for_the_buyer_of_an_order_that_was_given_up(billing: Kiln) -> None:
    """They go to pay for the basket and the membership, with the invoice for a firm, and then join alone."""
    await people.customer(MAYA, name="Maya")
    maya = await billing.shop.signed_in(MAYA)
    await billing.to_checkout(maya)
    page = await maya.get("/checkout?join=annual")
    await maya.submit(page, "/checkout", **{**HOME, **ELM, "invoice_elsewhere": "on"})
    await billing.pay(session_of(await maya.submit(await maya.get("/join/annual"), "/join/annual")))
    await billing.work()
    (row,) = await rows("fee")
    assert buyer_on(row) == PRINTED["home"]


async def test_a_number_of_the_country_the_invoice_goes_to_is_taken_and_printed(billing: Kiln) -> None:
    """The parcel goes to Leeds, the invoice to Bonn."""
    guest = billing.shop.browser()
    await billing.to_checkout(guest)
    wrong = await guest.submit(await guest.get("/checkout"), "/checkout", **HOME, vat_number="DE136695976")
    assert wrong.status == 422 and "This VAT number is not complete" in wrong.words
    typed = {**HOME, **ELM, "invoice_elsewhere": "on", "vat_number": "DE136695976"}
    await billing.pay(session_of(await guest.submit(await guest.get("/checkout"), "/checkout", **typed)))
    await billing.work()
    (row,) = await rows()
    assert dict(json.load(row["printed"])["facts"])["Buyer’s VAT number"] == "DE136695976"
    assert row["tax"] == round(2795 / 6)


async def test_a_shop_without_invoices_asks_for_no_address_and_takes_none(kiln: Kiln) -> None:
    guest = kiln.shop.browser()
    page = await kiln.to_checkout(guest)
    assert "invoice_elsewhere" not in page.text
    await guest.submit(page, "/checkout", **HOME, **ELM, invoice_elsewhere="on")
    assert await database.fetch_value("SELECT invoice_buyer FROM orders") is None


async def test_an_erased_person_leaves_no_invoice_address_and_their_invoices_as_they_were(billing: Kiln) -> None:
    await people.customer(MAYA, name="Maya")
    maya = await billing.shop.signed_in(MAYA)
    await keeps(maya, OAK)
    await orders(billing, maya, **ELM, invoice_elsewhere="on")
    await database.execute("UPDATE orders SET fulfilled_at = now()")
    page = await maya.get("/account/privacy/erasure")
    assert "Your account has been deleted" in (await maya.submit(page, "/account/privacy/erasure", is_sure="on")).words
    await billing.work()
    assert await database.fetch_value("SELECT count(*) FROM invoice_address") == 0
    assert await database.fetch_value("SELECT invoice_buyer FROM orders") is None
    (row,) = await rows()
    assert buyer_on(row) == PRINTED["elm"]
