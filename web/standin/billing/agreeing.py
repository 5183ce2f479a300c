"""A new subscription before it is billed: its terms, items, periods, trial and discounts."""

from typing import Any

from web.standin.billing import calendar, discounts, items
from web.standin.contract import blanks
from web.standin.modelled import merged, needed, only
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books, private
from web.standin.state.clock import DAY

Json = dict[str, Any]
LONGEST_TRIAL_DAYS = 730


def agree(books: Books, params: Json) -> Json:
    """The new subscription: `incomplete`, not billed."""
    customer = books.named("customer", needed(params, "customer"), param="customer")
    now = books.now(customer)
    subscription = books.make("subscription", **_terms(books, params, customer, now))
    wanted = [
        items.make(books, each, subscription["id"], now, f"items[{index}]")
        for index, each in enumerate(params.get("items", []))
    ]
    items.must_agree(wanted)
    subscription["currency"] = wanted[0]["price"]["currency"]
    url = f"/v1/subscription_items?subscription={subscription['id']}"
    subscription["items"] = {"object": "list", "data": wanted, "has_more": False, "url": url}
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
        "billing_mode": _billing_mode(params.get("billing_mode") or {}),
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


def _billing_mode(wanted: Json) -> Json:
    """Flexible unless said, as of the pinned version; `classic` is how subscriptions were billed before."""
    only(wanted, ("type", "flexible"), within="billing_mode")
    if wanted.get("type") == "classic":
        if "flexible" in wanted:
            raise StripeRefusal("Only flexible billing has `flexible`.", param="billing_mode[flexible]")
        return {"type": "classic", "flexible": None, "updated_at": None}
    return {"type": "flexible", "flexible": {"proration_discounts": "itemized"}, "updated_at": None}


def own_method(books: Books, wanted: str, customer: Json) -> str:
    method = books.named("payment_method", wanted, param="default_payment_method")
    if method["customer"] != customer["id"]:
        words = f"The customer does not have a payment method with the ID {wanted}."
        raise StripeRefusal(words, code="resource_missing", param="default_payment_method")
    return wanted


def _payment_settings(wanted: Json) -> Json:
    only(wanted, ("save_default_payment_method",), within="payment_settings")
    blank = blanks.blank_part("stripe._subscription:Subscription.PaymentSettings")
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
    trial_end = trial_end_of(params, now)
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


def trial_end_of(params: Json, now: int) -> int | None:
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
