"""Changing a running subscription: plan, quantity, end, card, discounts, trial."""

import copy
from typing import Any

from web.standin.billing import agreeing, cancelling, changes, collecting, discounts, invoices, pending, statuses
from web.standin.charging import charging
from web.standin.charging.charging import Presence
from web.standin.modelled import exactly, merged, only
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books, private, shown

Json = dict[str, Any]
KNOWN = (
    "billing_cycle_anchor",
    "cancel_at",
    "cancel_at_period_end",
    "cancellation_details",
    "collection_method",
    "default_payment_method",
    "description",
    "discounts",
    "items",
    "metadata",
    "off_session",
    "pause_collection",
    "payment_behavior",
    "payment_settings",
    "proration_behavior",
    "proration_date",
    "trial_end",
    "trial_settings",
)
BILLABLE = {"items", "billing_cycle_anchor", "trial_end"}
MAY_PEND = BILLABLE | {"payment_behavior", "proration_behavior", "proration_date", "off_session", "expand"}
OVER = ("canceled", "incomplete_expired")


def update(books: Books, wanted: str, params: Json) -> Json:
    only(params, KNOWN)
    exactly(params, "collection_method", "charge_automatically")
    subscription = books.get("subscription", wanted)
    _must_be_open(subscription, params)
    before = shown(subscription)
    _set_plain(books, subscription, params)
    _set_end(books, subscription, params)
    if "discounts" in params:
        _set_discounts(books, subscription, params["discounts"])
    if BILLABLE & params.keys():
        _bill(books, subscription, params)
    statuses.announce_change(books, subscription, before)
    return subscription


def _must_be_open(subscription: Json, params: Json) -> None:
    if subscription["status"] in OVER and set(params) - {"metadata", "cancellation_details", "expand"}:
        words = "A canceled subscription can only update its cancellation_details and metadata."
        raise StripeRefusal(words)
    if params.get("payment_behavior") == "pending_if_incomplete" and set(params) - MAY_PEND:
        extra = sorted(set(params) - MAY_PEND)[0]
        words = f"You cannot update `{extra}` together with `payment_behavior=pending_if_incomplete`."
        raise StripeRefusal(words, param=extra)


def _set_plain(books: Books, subscription: Json, params: Json) -> None:
    if "metadata" in params:
        subscription["metadata"] = merged(subscription["metadata"], params["metadata"])
    if "description" in params:
        subscription["description"] = params["description"] or None
    if "default_payment_method" in params:
        customer = books.get("customer", subscription["customer"])
        subscription["default_payment_method"] = own_method(books, params["default_payment_method"], customer)
    if "pause_collection" in params:
        paused = params["pause_collection"] or None
        subscription["pause_collection"] = {"resumes_at": None, **paused} if paused else None
    if "trial_settings" in params:
        subscription["trial_settings"] = agreeing.trial_settings(params["trial_settings"])
    if "cancellation_details" in params:
        cancelling.note_reason(subscription, params["cancellation_details"])


def own_method(books: Books, wanted: str, customer: Json) -> str | None:
    return agreeing.own_method(books, wanted, customer) if wanted else None


def _set_end(books: Books, subscription: Json, params: Json) -> None:
    """`cancel_at_period_end` and `cancel_at`; clearing either revokes the cancellation."""
    if "cancel_at_period_end" in params and params.get("cancel_at"):
        raise StripeRefusal("Give cancel_at or cancel_at_period_end, not both.", param="cancel_at")
    end = subscription["items"]["data"][0]["current_period_end"]
    if "cancel_at" in params:
        wanted = end if isinstance(params["cancel_at"], str) and params["cancel_at"] else params["cancel_at"] or None
        if wanted is not None and wanted <= books.now(subscription):
            raise StripeRefusal("cancel_at must be in the future.", param="cancel_at")
        _schedule_end(books, subscription, wanted, is_at_period_end=False)
    if "cancel_at_period_end" in params:
        ends = params["cancel_at_period_end"]
        _schedule_end(books, subscription, end if ends else None, is_at_period_end=ends)


def _schedule_end(books: Books, subscription: Json, instant: int | None, *, is_at_period_end: bool) -> None:
    is_repeated = instant is not None and subscription["canceled_at"] is not None
    since = subscription["canceled_at"] if is_repeated else books.now(subscription)
    subscription |= {
        "cancel_at": instant,
        "cancel_at_period_end": is_at_period_end,
        "canceled_at": since if instant is not None else None,
    }
    details = subscription["cancellation_details"] or {}
    reason = "cancellation_requested" if instant is not None else None
    subscription["cancellation_details"] = {"comment": None, "feedback": None, "feedback_option": None} | details
    subscription["cancellation_details"]["reason"] = reason


def _set_discounts(books: Books, subscription: Json, wanted: list[Json] | str) -> None:
    remaining = [each["discount"] for each in wanted or [] if isinstance(each, dict) and "discount" in each]
    fresh = [each for each in wanted or [] if isinstance(each, dict) and "discount" not in each]
    customer = subscription["customer"]
    chosen = discounts.checked(books, fresh, customer=customer, currency=subscription["currency"])
    added = discounts.redeem(books, chosen, customer=customer, subscription=subscription["id"])
    subscription["discounts"] = [each for each in subscription["discounts"] if each in remaining] + added


def _bill(books: Books, subscription: Json, params: Json) -> None:
    change = changes.work_out(books, subscription, params)
    is_invoiced = change.is_billed_now or (params.get("proration_behavior") == "always_invoice" and change.lines)
    if not is_invoiced:
        private(subscription).setdefault("pending_items", []).extend(change.lines)
        _apply(subscription, change)
        return
    collected = change.lines + private(subscription).pop("pending_items", [])
    if params.get("payment_behavior") == "pending_if_incomplete":
        _bill_then_apply(books, subscription, change, collected, params)
    else:
        _apply(subscription, change)
        _bill_applied(books, subscription, collected, params)


def _apply(subscription: Json, change: changes.SubscriptionChange) -> None:
    subscription |= change.fields
    if subscription["cancel_at_period_end"]:
        subscription["cancel_at"] = subscription["items"]["data"][0]["current_period_end"]


def _bill_applied(books: Books, subscription: Json, collected: list[Json], params: Json) -> None:
    invoice = invoices.draft(books, subscription, collected, "subscription_update")
    if params.get("payment_behavior") == "default_incomplete":
        collecting.issue(books, invoice)
        return
    declined = collecting.issue_and_collect(books, invoice, _presence(params))
    if declined is None:
        return
    if params.get("payment_behavior") == "error_if_incomplete":
        raise charging.refusal(declined, books.get("payment_intent", private(invoice)["intent"]), keeps_changes=False)
    collecting.after_failure(books, invoice, declined)


def _presence(params: Json) -> Presence:
    """Without `off_session` the customer is taken to be there, so that a challenge is asked instead of failing."""
    return "absent" if params.get("off_session") else "present"


def _bill_then_apply(
    books: Books, subscription: Json, change: changes.SubscriptionChange, collected: list[Json], params: Json
) -> None:
    """The old plan stays until the new one is paid for."""
    billed_before = copy.deepcopy(private(subscription).get("billed", {}))
    invoice = invoices.draft(books, subscription, collected, "subscription_update")
    invoices.remember(subscription, change.fields["items"]["data"], collected)
    declined = collecting.issue_and_collect(books, invoice, _presence(params))
    if declined is None:
        _apply(subscription, change)
        return
    pending.keep(books, subscription, change.fields, invoice)
    private(subscription)["billed"] = billed_before
    if declined.code == "authentication_required":
        books.announce("invoice.payment_action_required", invoice)
    if books.get("payment_intent", private(invoice)["intent"])["status"] != "requires_action":
        books.announce("invoice.payment_failed", invoice)
