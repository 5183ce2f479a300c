"""Customers and their saved cards."""

from collections.abc import Iterator
from typing import Any

from web.standin.billing import invoices, statuses
from web.standin.contract import blanks
from web.standin.modelled import merged, only
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books

Json = dict[str, Any]
PLAIN = (
    "address",
    "business_name",
    "description",
    "email",
    "individual_name",
    "name",
    "phone",
    "preferred_locales",
    "shipping",
    "tax_exempt",
)
KNOWN = (*PLAIN, "balance", "invoice_prefix", "invoice_settings", "metadata", "next_invoice_sequence", "payment_method")


def create(books: Books, params: Json) -> Json:
    only(params, (*KNOWN, "test_clock"))
    clock = params.get("test_clock")
    if clock:
        books.named("test_helpers.test_clock", clock, param="test_clock")
    customer = books.make(
        "customer",
        balance=0,
        delinquent=False,
        invoice_prefix=invoices.new_prefix(),
        invoice_settings=blanks.blank_part("stripe._customer:Customer.InvoiceSettings"),
        next_invoice_sequence=1,
        preferred_locales=[],
        tax_exempt="none",
        test_clock=clock,
    )
    _set(books, customer, params)
    books.announce("customer.created", customer)
    return customer


def update(books: Books, wanted: str, params: Json) -> Json:
    only(params, KNOWN)
    customer = books.get("customer", wanted)
    _set(books, customer, params)
    books.announce("customer.updated", customer)
    return customer


def _set(books: Books, customer: Json, params: Json) -> None:
    customer |= {name: _address_or_plain(params[name]) for name in PLAIN if name in params}
    customer |= {
        name: params[name] for name in ("balance", "invoice_prefix", "next_invoice_sequence") if name in params
    }
    customer["metadata"] = merged(customer["metadata"], params.get("metadata"))
    if "payment_method" in params:
        _attach(books, customer, params["payment_method"])
    settings = params.get("invoice_settings", {})
    only(settings, ("default_payment_method", "footer"), within="invoice_settings")
    if "default_payment_method" in settings:
        chosen = settings["default_payment_method"] or None
        if chosen:
            _must_hold(books, customer, chosen)
        customer["invoice_settings"]["default_payment_method"] = chosen
    if "footer" in settings:
        customer["invoice_settings"]["footer"] = settings["footer"] or None


def _address_or_plain(value: Any) -> Any:
    if isinstance(value, dict) and "address" in value:
        blank = blanks.blank_part("stripe._customer:Customer.Shipping")
        return blank | value | {"address": _address(value["address"])}
    return _address(value) if isinstance(value, dict) else value or None


def _address(value: Json) -> Json:
    return blanks.blank_part("stripe._customer:Customer.Address") | value


def _attach(books: Books, customer: Json, wanted: str) -> None:
    method = books.named("payment_method", wanted, param="payment_method")
    if method["customer"] not in (None, customer["id"]):
        raise StripeRefusal("The payment method is attached to another customer.", param="payment_method")
    method["customer"] = customer["id"]


def _must_hold(books: Books, customer: Json, wanted: str) -> None:
    method = books.named("payment_method", wanted, param="invoice_settings[default_payment_method]")
    if method["customer"] != customer["id"]:
        words = (
            f"The customer does not have a payment method with the ID {wanted}."
            " The payment method must be attached to the customer."
        )
        raise StripeRefusal(words, code="resource_missing", param="invoice_settings[default_payment_method]")


def delete(books: Books, wanted: str) -> Json:
    """Ends the customer's subscriptions at once, as Stripe does; what was invoiced stays."""
    customer = books.get("customer", wanted)
    for subscription in list(books.find("subscription", customer=wanted)):
        if subscription["status"] not in ("canceled", "incomplete_expired"):
            statuses.end(books, subscription, reason="cancellation_requested")
    for method in list(books.find("payment_method", customer=wanted)):
        method["customer"] = None
    books.announce("customer.deleted", customer)
    customer["deleted"] = True
    return {"id": wanted, "object": "customer", "deleted": True}


def payment_methods(books: Books, wanted: str, params: Json) -> Iterator[Json]:
    books.get("customer", wanted)
    kind = params.get("type")
    return (each for each in books.find("payment_method", customer=wanted) if kind in (None, each["type"]))
