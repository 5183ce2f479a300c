"""The result and the price of changing items, anchor or trial of a subscription. Changes nothing itself.

One function calculates the preview and the change for one instant, so they agree exactly.
"""

from dataclasses import dataclass, field
from typing import Any

from web.standin.billing import calendar, items, lines
from web.standin.refusals import StripeRefusal, not_modelled
from web.standin.state.books import Books

Json = dict[str, Any]
LONGEST_TRIAL_YEARS = 2


@dataclass
class SubscriptionChange:
    """`fields` are the subscription's fields after the change; `is_billed_now` when a new period begins with it."""

    fields: Json
    lines: list[Json] = field(default_factory=list)
    is_billed_now: bool = False


def work_out(books: Books, subscription: Json, params: Json) -> SubscriptionChange:
    """`params`: items, proration_behavior, proration_date, billing_cycle_anchor, trial_end, as in Stripe's API."""
    now = books.now(subscription)
    at = _proration_date(subscription, params, now)
    before = subscription["items"]["data"]
    after = _items_after(books, subscription, params.get("items", []), now)
    items.must_agree(after)
    if "trial_end" in params and params["trial_end"] != "now":
        return _trial_moved(books, subscription, after, params, now)
    is_trial_over = params.get("trial_end") == "now" and subscription["status"] == "trialing"
    is_free_of_charge = subscription["status"] in ("trialing", "paused") and not is_trial_over
    starts_anew = _starts_anew(params, before, after, is_trial_over)
    if is_free_of_charge:
        return SubscriptionChange(_with_items(subscription, after))
    credited = (
        [] if params.get("proration_behavior") == "none" or is_trial_over else _given_up(before, after, starts_anew)
    )
    found = [lines.credit(books, subscription, item, at) for item in credited if item["current_period_end"] > at]
    if starts_anew:
        return _new_period(books, subscription, after, found, now)
    if params.get("proration_behavior") != "none":
        found += [lines.debit(books, subscription, item, at) for item in _taken_on(before, after)]
    return SubscriptionChange(_with_items(subscription, after), found)


def _proration_date(subscription: Json, params: Json, now: int) -> int:
    at: int = params.get("proration_date", now)
    first = subscription["items"]["data"][0]
    is_outside = not first["current_period_start"] <= at <= first["current_period_end"]
    if "proration_date" in params and is_outside and subscription["status"] != "trialing":
        words = "Invalid proration_date: it must lie within the current billing period."
        raise StripeRefusal(words, param="proration_date")
    return at


def _items_after(books: Books, subscription: Json, wanted: list[Json], now: int) -> list[Json]:
    after = {item["id"]: item for item in subscription["items"]["data"]}
    template = subscription["items"]["data"][0]
    for index, each in enumerate(wanted):
        param = f"items[{index}]"
        if "id" not in each:
            fresh = items.make(books, each, subscription["id"], now, param)
            fresh |= {name: template[name] for name in ("current_period_start", "current_period_end")}
            after[fresh["id"]] = fresh
        elif each["id"] not in after:
            raise StripeRefusal(
                f"No such subscription item: '{each['id']}'", code="resource_missing", param=f"{param}[id]"
            )
        elif each.get("deleted"):
            del after[each["id"]]
        else:
            after[each["id"]] = items.changed(books, after[each["id"]], each, param)
    return list(after.values())


def _starts_anew(params: Json, before: list[Json], after: list[Json], is_trial_over: bool) -> bool:
    anchor = params.get("billing_cycle_anchor", {})
    return anchor.get("type") == "now" or is_trial_over or items.interval(before[0]) != items.interval(after[0])


def _is_same(one: Json, other: Json | None) -> bool:
    return other is not None and (one["price"]["id"], one["quantity"]) == (other["price"]["id"], other["quantity"])


def _given_up(before: list[Json], after: list[Json], everything: bool) -> list[Json]:
    after_by_id = {item["id"]: item for item in after}
    return [item for item in before if everything or not _is_same(item, after_by_id.get(item["id"]))]


def _taken_on(before: list[Json], after: list[Json]) -> list[Json]:
    known = {item["id"]: item for item in before}
    return [item for item in after if not _is_same(item, known.get(item["id"]))]


def _with_items(subscription: Json, after: list[Json]) -> Json:
    return {"items": {**subscription["items"], "data": after}}


def _new_period(books: Books, subscription: Json, after: list[Json], found: list[Json], now: int) -> SubscriptionChange:
    end = calendar.boundary(now, 1, after[0]["price"]["recurring"])
    after = [{**item, "current_period_start": now, "current_period_end": end} for item in after]
    found += [lines.for_period(books, subscription, item, now, end) for item in after]
    fields = _with_items(subscription, after) | {"billing_cycle_anchor": now}
    if subscription["status"] == "trialing":
        fields |= {"trial_end": now, "status": "active"}
    return SubscriptionChange(fields, found, is_billed_now=True)


def _trial_moved(books: Books, subscription: Json, after: list[Json], params: Json, now: int) -> SubscriptionChange:
    """The next charge comes at `trial_end`. Time that is paid for becomes a trial, with an invoice for nothing."""
    trial_end: int = params["trial_end"]
    if trial_end <= now:
        raise StripeRefusal("Invalid trial_end: it must be in the future.", param="trial_end")
    if trial_end > calendar.boundary(now, LONGEST_TRIAL_YEARS, {"interval": "year", "interval_count": 1}):
        raise StripeRefusal("Invalid trial_end: it can be at most two years from now.", param="trial_end")
    fields: Json = {"trial_end": trial_end, "billing_cycle_anchor": trial_end}
    if subscription["status"] == "trialing":
        after = [{**item, "current_period_end": trial_end} for item in after]
        return SubscriptionChange(_with_items(subscription, after) | fields)
    if subscription["status"] != "active":
        raise not_modelled(f"a trial for a subscription that is {subscription['status']}", param="trial_end")
    if params.get("proration_behavior") != "none":
        raise not_modelled("a trial within a paid period with its unused time credited", param="proration_behavior")
    after = [{**item, "current_period_start": now, "current_period_end": trial_end} for item in after]
    found = [lines.for_trial(books, subscription, item, now, trial_end) for item in after]
    fields |= {"status": "trialing", "trial_start": now}
    return SubscriptionChange(_with_items(subscription, after) | fields, found, is_billed_now=True)
