"""Starting a subscription: created, billed for the first time, with the status that follows from the first payment."""

from typing import Any

from web.standin.billing import agreeing, calendar, collecting, invoices, lines
from web.standin.charging import amounts, charging
from web.standin.charging.charging import Presence
from web.standin.modelled import exactly, needed, only
from web.standin.refusals import StripeRefusal
from web.standin.resources import prices
from web.standin.state.books import Books, private

Json = dict[str, Any]
KNOWN = (
    "add_invoice_items",
    "billing_cycle_anchor",
    "billing_mode",
    "cancel_at",
    "cancel_at_period_end",
    "collection_method",
    "currency",
    "customer",
    "default_payment_method",
    "description",
    "discounts",
    "items",
    "metadata",
    "off_session",
    "payment_behavior",
    "payment_settings",
    "proration_behavior",
    "trial_end",
    "trial_from_plan",
    "trial_period_days",
    "trial_settings",
)


def create(books: Books, params: Json) -> Json:
    only(params, KNOWN)
    exactly(params, "collection_method", "charge_automatically")
    exactly(params, "trial_from_plan", False)
    if params.get("payment_behavior") == "pending_if_incomplete":
        words = "You cannot use `pending_if_incomplete` when creating a subscription."
        raise StripeRefusal(words, param="payment_behavior")
    subscription = agreeing.agree(books, params)
    invoice = first_invoice(books, subscription, _extra_lines(books, subscription, params))
    if invoice["status"] == "open":
        _first_payment(books, subscription, invoice, params)
    return subscription


def _extra_lines(books: Books, subscription: Json, params: Json) -> list[Json]:
    return [one_off_line(books, subscription, each, f"add_invoice_items[{index}]")
            for index, each in enumerate(params.get("add_invoice_items", []))]  # fmt: skip


def one_off_line(books: Books, subscription: Json, wanted: Json, param: str) -> Json:
    only(wanted, ("price", "price_data", "quantity"), within=param)
    if "price_data" in wanted:
        price = prices.in_passing(books, wanted["price_data"])
    else:
        price = books.named("price", needed(wanted, "price"), param=f"{param}[price]")
    if price["type"] != "one_time":
        raise StripeRefusal("Only one-time prices may be added to an invoice.", param=f"{param}[price]")
    return lines.one_off(books, subscription, price, wanted.get("quantity", 1), subscription["created"])


def first_invoice(books: Books, subscription: Json, extra: list[Json]) -> Json:
    """Issued at once. Announces the subscription first, in its status at that time."""
    found = [first_line(books, subscription, item) for item in subscription["items"]["data"]] + extra
    invoice = invoices.draft(books, subscription, found, "subscription_create")
    subscription["latest_invoice"] = invoice["id"]
    if subscription["status"] == "incomplete" and invoice["amount_due"] == 0:
        subscription["status"] = "active"
    books.announce("customer.subscription.created", subscription)
    collecting.issue(books, invoice)
    return invoice


def first_line(books: Books, subscription: Json, item: Json) -> Json:
    start, end = item["current_period_start"], item["current_period_end"]
    if subscription["status"] == "trialing":
        return lines.for_trial(books, subscription, item, start, end)
    line = lines.for_period(books, subscription, item, start, end)
    whole = calendar.period_at(subscription["billing_cycle_anchor"], start, item["price"]["recurring"])
    if private(subscription).get("is_free_until_anchor"):
        line |= {"amount": 0, "subtotal": 0}
    elif whole[0] != start:
        part = amounts.share(line["amount"], end - start, whole[1] - whole[0])
        line |= {"amount": part, "subtotal": part}
    return line


def _first_payment(books: Books, subscription: Json, invoice: Json, params: Json) -> None:
    method = collecting.method_for(books, invoice)
    if params.get("payment_behavior") == "default_incomplete":
        return
    if method is None:
        words = (
            "This customer has no attached payment source or default payment method. Please consider adding a default"
            " payment method. For more information, visit https://stripe.com/docs/billing/payment-methods"
        )
        raise StripeRefusal(words, code="resource_missing")
    declined = collecting.pay(books, invoice, method, "absent")
    if declined is None:
        return
    if params.get("payment_behavior") == "error_if_incomplete":
        raise charging.refusal(declined, books.get("payment_intent", private(invoice)["intent"]), keeps_changes=False)
    collecting.after_failure(books, invoice, declined)


def start_with_card(books: Books, params: Json, extra: list[Json], method: Json | None, presence: Presence) -> Json:
    """As hosted Checkout does it: with the card the customer has just entered, or not at all."""
    subscription = agreeing.agree(books, params)
    subscription["default_payment_method"] = method["id"] if method else None
    added = [
        lines.one_off(books, subscription, each["price"], each["quantity"], subscription["created"]) for each in extra
    ]
    invoice = first_invoice(books, subscription, added)
    if invoice["status"] == "open":
        declined = collecting.pay(books, invoice, method, presence)
        if declined is not None:
            intent = books.get("payment_intent", private(invoice)["intent"])
            raise charging.refusal(declined, intent, keeps_changes=False)
    return subscription
