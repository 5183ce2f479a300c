"""Starting a subscription: agreed, billed for the first time, and standing as that first payment went."""

from typing import Any

from web.standin import amounts, charging, contract
from web.standin.billing import calendar, collecting, discounts, invoices, items, lines, statuses
from web.standin.books import Books, private
from web.standin.charging import Presence
from web.standin.clock import DAY
from web.standin.modelled import exactly, merged, needed, only
from web.standin.refusals import StripeRefusal
from web.standin.resources import prices

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
LONGEST_TRIAL_DAYS = 730


def create(books: Books, params: Json) -> Json:
    only(params, KNOWN)
    exactly(params, "collection_method", "charge_automatically")
    exactly(params, "trial_from_plan", False)
    if params.get("payment_behavior") == "pending_if_incomplete":
        words = "You cannot use `pending_if_incomplete` when creating a subscription."
        raise StripeRefusal(words, param="payment_behavior")
    subscription = agree(books, params)
    invoice = first_invoice(books, subscription, _extra_lines(books, subscription, params))
    if invoice["status"] == "open":
        _first_payment(books, subscription, invoice, params)
    return subscription


def agree(books: Books, params: Json) -> Json:
    """The subscription as it begins: `incomplete`, unbilled."""
    customer = books.named("customer", needed(params, "customer"), param="customer")
    now = books.now(customer)
    subscription = books.make("subscription", **_terms(books, params, customer, now))
    data = [
        items.make(books, each, subscription["id"], now, f"items[{index}]")
        for index, each in enumerate(params.get("items", []))
    ]
    items.must_agree(data)
    subscription["currency"] = data[0]["price"]["currency"]
    url = f"/v1/subscription_items?subscription={subscription['id']}"
    subscription["items"] = {"object": "list", "data": data, "has_more": False, "url": url}
    _set_periods(subscription, params, now)
    chosen = discounts.checked(
        books, params.get("discounts") or [], customer=customer["id"], currency=subscription["currency"]
    )
    subscription["discounts"] = discounts.redeem(
        books, chosen, customer=customer["id"], subscription=subscription["id"]
    )
    _set_end(subscription, params)
    return subscription


def _terms(books: Books, params: Json, customer: Json, now: int) -> Json:
    method = params.get("default_payment_method")
    return {
        "billing_mode": {"type": "flexible", "flexible": {"proration_discounts": "itemized"}, "updated_at": None},
        "cancellation_details": {"comment": None, "feedback": None, "feedback_option": None, "reason": None},
        "created": now,
        "customer": customer["id"],
        "default_payment_method": own_method(books, method, customer) if method else None,
        "default_tax_rates": [],
        "description": params.get("description"),
        "metadata": merged({}, params.get("metadata")),
        "payment_settings": _payment_settings(params.get("payment_settings") or {}),
        "start_date": now,
        "status": "incomplete",
        "test_clock": customer["test_clock"],
        "trial_settings": trial_settings(params.get("trial_settings")),
    }


def own_method(books: Books, wanted: str, customer: Json) -> str:
    method = books.named("payment_method", wanted, param="default_payment_method")
    if method["customer"] != customer["id"]:
        words = f"The customer does not have a payment method with the ID {wanted}."
        raise StripeRefusal(words, code="resource_missing", param="default_payment_method")
    return wanted


def _payment_settings(wanted: Json) -> Json:
    only(wanted, ("save_default_payment_method",), within="payment_settings")
    blank = contract.blank_part("stripe._subscription:Subscription.PaymentSettings")
    return blank | {"save_default_payment_method": wanted.get("save_default_payment_method", "off")}


def trial_settings(wanted: Json | None) -> Json:
    behaviour = (wanted or {}).get("end_behavior", {})
    return {
        "end_behavior": {
            "billing_cycle_anchor": None,
            "missing_payment_method": behaviour.get("missing_payment_method", "create_invoice"),
        }
    }


def _set_periods(subscription: Json, params: Json, now: int) -> None:
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    trial_end = _trial_end(params, now)
    if trial_end is not None:
        end, anchor = trial_end, trial_end
        subscription |= {"trial_start": now, "trial_end": trial_end, "status": "trialing"}
    else:
        anchor = params.get("billing_cycle_anchor", now)
        if anchor < now:
            raise StripeRefusal("billing_cycle_anchor must be in the future.", param="billing_cycle_anchor")
        end = calendar.period_at(anchor, now, recurring)[1]
    subscription["billing_cycle_anchor"] = anchor
    if "billing_cycle_anchor" in params and params.get("proration_behavior") == "none":
        private(subscription)["is_free_until_anchor"] = True
    for item in subscription["items"]["data"]:
        item |= {"current_period_start": now, "current_period_end": end}


def _trial_end(params: Json, now: int) -> int | None:
    days, end = params.get("trial_period_days"), params.get("trial_end")
    if days and end:
        raise StripeRefusal("Give trial_end or trial_period_days, not both.", param="trial_end")
    if days:
        if not 1 <= days <= LONGEST_TRIAL_DAYS:
            raise StripeRefusal(f"A trial lasts 1 to {LONGEST_TRIAL_DAYS} days.", param="trial_period_days")
        return now + int(days) * DAY
    if end in (None, "now"):
        return None
    if end <= now:
        raise StripeRefusal("Invalid timestamp: trial_end must be in the future.", param="trial_end")
    return int(end)


def _set_end(subscription: Json, params: Json) -> None:
    end = subscription["items"]["data"][0]["current_period_end"]
    if params.get("cancel_at_period_end"):
        subscription |= {"cancel_at_period_end": True, "cancel_at": end, "canceled_at": subscription["created"]}
    elif "cancel_at" in params:
        subscription |= {"cancel_at": end if isinstance(params["cancel_at"], str) else params["cancel_at"]}


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
    """Issued at once. Announces the subscription first, as it then stands."""
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
    """As hosted Checkout does it: with the card the customer has just given, or not at all."""
    subscription = agree(books, params)
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


def cancel(books: Books, wanted: str, params: Json) -> Json:
    """At once. Credit for unused time only when asked for (`prorate`), invoiced only when asked for (`invoice_now`)."""
    subscription = books.get("subscription", wanted)
    if subscription["status"] in ("canceled", "incomplete_expired"):
        raise StripeRefusal(f"No such subscription: '{wanted}'", status=404, code="resource_missing", param="id")
    note_reason(subscription, params.get("cancellation_details") or {})
    _final_invoice(books, subscription, params)
    statuses.end(books, subscription, reason="cancellation_requested")
    return subscription


def _final_invoice(books: Books, subscription: Json, params: Json) -> None:
    found = private(subscription).pop("pending_items", [])
    if params.get("prorate") and subscription["status"] in ("active", "past_due"):
        at = books.now(subscription)
        found += [lines.credit(books, subscription, item, at) for item in subscription["items"]["data"]]
    if found and params.get("invoice_now"):
        collecting.issue_and_collect(books, invoices.draft(books, subscription, found, "subscription_update"))


def note_reason(subscription: Json, wanted: Json) -> None:
    known = subscription["cancellation_details"] or {"reason": None}
    subscription["cancellation_details"] = {"comment": None, "feedback": None, "feedback_option": None} | known
    for name in ("comment", "feedback"):
        if name in wanted:
            subscription["cancellation_details"][name] = wanted[name] or None
