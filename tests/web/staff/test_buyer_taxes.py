"""Another buyer on an invoice never changes its tax: a VAT number that would is refused with the reason."""

import pytest

from components.checkout import invoice_buyers
from components.checkout.invoice_buyers import NoTaxWasCharged, TaxWasCharged
from components.foundation import database, ids, json
from components.foundation.shop_settings import setting_rows
from components.invoices import invariants
from components.people.invoicing.invoice_addresses import InvoiceBuyer
from tests.support import buy_products, make_products, people
from tests.support.shops import Shop
from tests.web.staff.test_tax import german

FRENCH, FRENCH_TOO, GERMAN, AUSTRIAN = "FR40303265045", "FR83404833048", "DE136695976", "ATU13585627"
IN_FRANCE = {"postcode": "75001", "country": "FR", "shown_country": "FR"}
IN_GERMANY = {**buy_products.IN_GERMANY, "shown_country": "DE"}


def buyer(number: str) -> InvoiceBuyer:
    return InvoiceBuyer(company="Elm", line1="2 Rue", city="Paris", postcode="75001", country="FR", vat_number=number)


async def invoiced(shop: Shop, number: str, where: dict[str, str]) -> object:
    """An order over the counter of a German shop, by a guest with this VAT number."""
    await german(shop)
    await setting_rows.change({"invoices": "on"}, by=None)
    await make_products.product(price=11900)
    guest = shop.browser()
    await buy_products.put_in(guest)
    typed = {**buy_products.TYPED, **where, "vat_number": number}
    page = await guest.submit(await guest.get("/checkout"), "/checkout", **typed)
    if page.status == 409:
        page = await guest.submit(page, "/checkout")
    await guest.get((await shop.pay(page)).url)
    await shop.catch_up()
    return await database.fetch_value("SELECT id FROM invoice")


CELLS = [
    ("taxed, and the number of another EU country would have made it untaxed", "", IN_FRANCE, FRENCH, TaxWasCharged),
    ("taxed, with a number of the shop's own country", "", IN_FRANCE, GERMAN, None),
    ("taxed, without a number", "", IN_FRANCE, "", None),
    ("taxed at home, where no number changes it", "", IN_GERMANY, FRENCH, None),
    ("untaxed, and without a number it would be taxed", FRENCH, IN_FRANCE, "", NoTaxWasCharged),
    ("untaxed, and with one of the shop's own country too", FRENCH, IN_FRANCE, GERMAN, NoTaxWasCharged),
    ("untaxed, with another one", FRENCH, IN_FRANCE, FRENCH_TOO, None),
    ("untaxed, with one of a third EU country", FRENCH, IN_FRANCE, AUSTRIAN, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "where", "wanted", "refusal"), [one[1:] for one in CELLS], ids=[c[0] for c in CELLS]
)
async def test_each_number_keeps_the_tax_or_is_refused(
    shop: Shop, number: str, where: dict[str, str], wanted: str, refusal: type[Exception] | None
) -> None:
    invoice, by = await invoiced(shop, number, where), (await people.owner()).id
    if refusal:
        with pytest.raises(refusal):
            await invoice_buyers.correct(invoice, buyer(wanted), by=by, key=ids.new(), tells=False)  # type: ignore[arg-type]
        assert await database.fetch_value("SELECT count(*) FROM invoice") == 1
        return
    made = await invoice_buyers.correct(invoice, buyer(wanted), by=by, key=ids.new(), tells=False)  # type: ignore[arg-type]
    assert (made.tax > 0) == (number == "")
    notes = " ".join(json.load(str(made.document))["notes"])
    assert ("Reverse charge" in notes) == bool(number) and (not number or (wanted in notes and number not in notes))
    assert await invariants.invariants() == []


async def test_staff_read_the_refusal_and_keep_what_they_typed(shop: Shop) -> None:
    invoice = await invoiced(shop, "", IN_FRANCE)
    await people.owner()
    staff = await shop.signed_in("iris@kiln.test")
    address = f"/staff/invoices/{invoice}/buyer"
    typed = {"invoice_company": "Elm", "invoice_country": "FR", "invoice_vat_number": FRENCH}
    page = await staff.submit(await staff.get(address), address, **typed)
    assert page.status == 422 and "but this invoice charged it" in page.alerts()
    assert page.form(address).given["invoice_company"] == "Elm"
    assert "Invoice INV-00002" in (await staff.submit(page, address, invoice_vat_number="")).words
