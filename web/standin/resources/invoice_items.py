"""Invoice items: one more line on a draft, what was typed by amount. Those of no invoice yet are not modelled."""

from typing import Any

from web.standin.billing import invoices, lines
from web.standin.modelled import merged, needed, only
from web.standin.refusals import StripeRefusal, not_modelled
from web.standin.state.books import Books

Json = dict[str, Any]


def create(books: Books, params: Json) -> Json:
    only(params, ("amount", "currency", "customer", "description", "discountable", "invoice", "metadata"))
    customer = books.named("customer", needed(params, "customer"), param="customer")
    if not params.get("invoice"):
        raise not_modelled("an invoice item of no invoice", param="invoice")
    invoice = books.named("invoice", params["invoice"], param="invoice")
    amount, currency = int(needed(params, "amount")), str(needed(params, "currency")).lower()
    if params.get("discountable", amount > 0):
        raise not_modelled("an invoice item that discounts apply to", param="discountable")
    _must_fit(invoice, customer, currency)
    now = books.now(invoice)
    item = books.make(
        "invoiceitem",
        amount=amount,
        currency=currency,
        customer=customer["id"],
        date=now,
        description=params.get("description"),
        discountable=False,
        discounts=[],
        invoice=invoice["id"],
        metadata=merged({}, params.get("metadata")),
        period={"start": now, "end": now},
        proration=False,
        quantity=1,
        quantity_decimal="1",
        tax_rates=[],
        test_clock=invoice["test_clock"],
    )
    invoices.set_lines(books, invoice, [*invoice["lines"]["data"], lines.for_invoice_item(item)])
    books.announce("invoiceitem.created", item)
    books.announce("invoice.updated", invoice)
    return item


def delete(books: Books, wanted: str) -> Json:
    """Off its invoice, while that is a draft."""
    item = books.get("invoiceitem", wanted)
    invoice = books.get("invoice", item["invoice"])
    _must_be_draft(invoice)
    kept = [line for line in invoice["lines"]["data"] if lines.invoice_item_of(line) != wanted]
    invoices.set_lines(books, invoice, kept)
    books.announce("invoiceitem.deleted", item)
    books.announce("invoice.updated", invoice)
    item["deleted"] = True
    return {"id": wanted, "object": "invoiceitem", "deleted": True}


def _must_fit(invoice: Json, customer: Json, currency: str) -> None:
    if invoice["customer"] != customer["id"]:
        raise StripeRefusal("The invoice belongs to another customer.", param="invoice")
    if invoice["currency"] != currency:
        words = f"The currency of an invoice item must be that of its invoice, {invoice['currency']}."
        raise StripeRefusal(words, param="currency")
    _must_be_draft(invoice)


def _must_be_draft(invoice: Json) -> None:
    if invoice["status"] != "draft":
        raise StripeRefusal("This invoice is no longer editable", code="invoice_not_editable", param="invoice")
