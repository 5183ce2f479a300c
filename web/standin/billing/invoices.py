"""Invoices from draft to open: their contents and the amount due. Collecting the money is `collecting`."""

from typing import Any

from web.standin.billing import discounts, lines
from web.standin.charging import charging
from web.standin.state import clock, ids
from web.standin.state.books import Books
from web.standin.state.clock import HOUR

Json = dict[str, Any]
DRAFT_HOURS = 1


def draft(books: Books, subscription: Json, invoice_lines: list[Json], reason: str) -> Json:
    """An invoice for these lines with the subscription's discounts taken off. Not yet numbered, due or announced."""
    customer = books.get("customer", subscription["customer"])
    now = books.now(subscription)
    discounts.take_off(books, invoice_lines, discounts.running(books, subscription, now))
    invoice = books.make(
        "invoice",
        account_name="Offline payments",
        account_country="GB",
        billing_reason=reason,
        created=now,
        currency=subscription["currency"],
        customer=customer["id"],
        customer_address=customer["address"],
        customer_email=customer["email"],
        customer_name=customer["name"],
        customer_tax_exempt="none",
        customer_tax_ids=[],
        default_payment_method=None,
        effective_at=None,
        metadata={},
        parent=_parent(subscription),
        period_end=now,
        period_start=now,
        status="draft",
        test_clock=subscription["test_clock"],
        total_taxes=[],
        total_pretax_credit_amounts=[],
        webhooks_delivered_at=None,
    )
    set_lines(books, invoice, invoice_lines)
    remember(subscription, subscription["items"]["data"], invoice_lines)
    return invoice


def remember(subscription: Json, items: list[Json], invoice_lines: list[Json]) -> None:
    """Stores what discounts took off each item's period, so that a later credit returns no more than was paid."""
    by_item = {lines.item_of(line): line for line in invoice_lines if line["amount"] > 0}
    for item in items:
        start, end = item["current_period_start"], item["current_period_end"]
        line = by_item.get(item["id"])
        if line is not None and line["period"]["end"] == end:
            lines.remember_discounts(
                subscription, item["id"], line, numerator=end - line["period"]["start"], denominator=end - start
            )


def _parent(subscription: Json) -> Json:
    details = {
        "metadata": dict(subscription["metadata"]),
        "subscription": subscription["id"],
        "subscription_proration_date": None,
    }
    return {"type": "subscription_details", "quote_details": None, "subscription_details": details}


def set_lines(books: Books, invoice: Json, invoice_lines: list[Json]) -> None:
    for line in invoice_lines:
        line["invoice"] = invoice["id"]
        line["subscription"] = invoice["parent"]["subscription_details"]["subscription"]
    invoice["lines"] = {
        "object": "list",
        "data": invoice_lines,
        "has_more": False,
        "url": f"/v1/invoices/{invoice['id']}/lines",
    }
    off = _by_discount(invoice_lines)
    subtotal = sum(line["amount"] for line in invoice_lines)
    total = subtotal - sum(off.values())
    invoice |= {
        "discounts": list(off),
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal,
        "total": total,
        "total_excluding_tax": total,
        "total_discount_amounts": [{"amount": amount, "discount": each} for each, amount in off.items()],
    }
    set_due(books, invoice)


def _by_discount(invoice_lines: list[Json]) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in invoice_lines:
        for each in line["discount_amounts"]:
            found[each["discount"]] = found.get(each["discount"], 0) + each["amount"]
    return found


def set_due(books: Books, invoice: Json) -> None:
    """Total plus the customer's balance (negative is credit). An amount too small to charge is carried over."""
    balance = books.get("customer", invoice["customer"])["balance"]
    due = max(0, invoice["total"] + balance)
    if due > 0 and not charging.is_chargeable(due, invoice["currency"]):
        due = 0
    invoice |= {
        "amount_due": due,
        "amount_remaining": due,
        "starting_balance": balance,
        "ending_balance": invoice["total"] + balance - due,
    }


def keep_as_draft(books: Books, invoice: Json) -> None:
    """As for renewals: for about an hour lines may still be added."""
    invoice["auto_advance"] = True
    invoice["automatically_finalizes_at"] = clock.not_within_step(books.now(invoice) + DRAFT_HOURS * HOUR)
    books.announce("invoice.created", invoice)


def new_prefix() -> str:
    return ids.fresh("invoice")[3:11].upper()
