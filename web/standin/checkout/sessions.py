"""Checkout sessions: creating, showing and expiring them."""

from typing import Any

from web.standin.billing import discounts
from web.standin.charging import amounts, charging
from web.standin.checkout import basket
from web.standin.http import hosts
from web.standin.modelled import exactly, merged, needed, only
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books, private
from web.standin.state.clock import HOUR

Json = dict[str, Any]
KNOWN = (
    "allow_promotion_codes",
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "currency",
    "custom_text",
    "customer",
    "customer_creation",
    "customer_email",
    "discounts",
    "expires_at",
    "line_items",
    "locale",
    "metadata",
    "mode",
    "payment_intent_data",
    "payment_method_collection",
    "setup_intent_data",
    "submit_type",
    "subscription_data",
    "success_url",
    "ui_mode",
)
PAYMENT_DATA = ("description", "metadata", "receipt_email", "setup_future_usage", "shipping")
SUBSCRIPTION_DATA = (
    "billing_cycle_anchor",
    "billing_mode",
    "description",
    "metadata",
    "proration_behavior",
    "trial_end",
    "trial_period_days",
    "trial_settings",
)
SHORTEST_SECONDS = HOUR // 2
LONGEST_SECONDS = 24 * HOUR
LEEWAY_SECONDS = 60  # between the shop's clock and ours


def create(books: Books, params: Json) -> Json:
    only(params, KNOWN)
    exactly(params, "ui_mode", "hosted_page")
    mode = needed(params, "mode")
    hosts.must_be_at_home(needed(params, "success_url"), param="success_url")
    _must_fit_mode(params, mode)
    customer = _customer(books, params)
    lines = basket.lines(books, params.get("line_items", []), mode)
    currency = _currency(params, lines)
    session = books.make("checkout.session", currency=currency, mode=mode, **_plain(params))
    session |= {
        "created": books.now(),
        "customer": customer["id"] if customer else None,
        "customer_email": params.get("customer_email"),
        "expires_at": _expiry(books, params),
        "metadata": merged({}, params.get("metadata")),
        "payment_status": "unpaid" if mode != "setup" else "no_payment_required",
        "status": "open",
        "url": hosts.page(params["success_url"], f"pay/{session['id']}"),
    }
    chosen = discounts.checked(
        books, params.get("discounts", []), customer=session["customer"], currency=currency or ""
    )
    _keep(session, params, lines, chosen)
    basket.total(books, session)
    _must_be_chargeable(session)
    return session


def _must_fit_mode(params: Json, mode: str) -> None:
    for name, owner in (
        ("payment_intent_data", "payment"),
        ("subscription_data", "subscription"),
        ("setup_intent_data", "setup"),
    ):
        if name in params and mode != owner:
            raise StripeRefusal(f"You can not pass `{name}` in `{mode}` mode.", param=name)
    if params.get("customer_creation") and mode == "subscription":
        raise StripeRefusal(
            "`customer_creation` can only be used in `payment` and `setup` mode.", param="customer_creation"
        )
    if params.get("customer") and (params.get("customer_email") or params.get("customer_creation")):
        words = "You may only specify one of these parameters: customer, customer_email, customer_creation."
        raise StripeRefusal(words, param="customer")
    if params.get("discounts") and params.get("allow_promotion_codes"):
        words = "You may only specify one of these parameters: allow_promotion_codes, discounts."
        raise StripeRefusal(words, param="discounts")
    if len(params.get("discounts", [])) > 1:
        raise StripeRefusal("A Checkout Session may have one discount at most.", param="discounts")
    only(params.get("payment_intent_data", {}), PAYMENT_DATA, within="payment_intent_data")
    only(params.get("subscription_data", {}), SUBSCRIPTION_DATA, within="subscription_data")
    only(params.get("setup_intent_data", {}), ("description", "metadata"), within="setup_intent_data")


def _customer(books: Books, params: Json) -> Json | None:
    return books.named("customer", params["customer"], param="customer") if params.get("customer") else None


def _currency(params: Json, lines: list[Json]) -> str | None:
    if lines:
        found: str = lines[0]["currency"]
        return found
    currency = params.get("currency")
    if params["mode"] == "setup" and not currency:
        raise StripeRefusal("`currency` is required in `setup` mode.", code="parameter_missing", param="currency")
    return currency.lower() if currency else None


def _plain(params: Json) -> Json:
    return {
        "allow_promotion_codes": params.get("allow_promotion_codes"),
        "billing_address_collection": params.get("billing_address_collection"),
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "customer_creation": params.get("customer_creation", "if_required" if params["mode"] == "payment" else None),
        "discounts": [],
        "locale": params.get("locale"),
        "payment_method_collection": params.get("payment_method_collection", "always"),
        "payment_method_types": ["card"],
        "submit_type": params.get("submit_type"),
        "success_url": params["success_url"],
        "ui_mode": "hosted_page",
    }


def _expiry(books: Books, params: Json) -> int:
    expires: int = params.get("expires_at", books.now() + LONGEST_SECONDS)
    lives = expires - books.now()
    if not SHORTEST_SECONDS - LEEWAY_SECONDS <= lives <= LONGEST_SECONDS + LEEWAY_SECONDS:
        words = "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation."
        raise StripeRefusal(words, param="expires_at")
    return expires


def _keep(session: Json, params: Json, lines: list[Json], chosen: list[Json]) -> None:
    names = ("payment_intent_data", "subscription_data", "setup_intent_data")
    private(session).update({name: params[name] for name in names if name in params}, lines=lines, chosen=chosen)
    session["discounts"] = [{"coupon": each["coupon"], "promotion_code": each["promotion_code"]} for each in chosen]


def _must_be_chargeable(session: Json) -> None:
    total = session["amount_total"]
    if session["mode"] == "payment" and total and not charging.is_chargeable(total, session["currency"]):
        least = amounts.in_words(amounts.smallest_charge(session["currency"]), session["currency"])
        words = f"The Checkout Session's total amount due must add up to at least {least}."
        raise StripeRefusal(words, code="amount_too_small")


def expire(books: Books, wanted: str) -> Json:
    session = books.get("checkout.session", wanted)
    if session["status"] != "open":
        words = (
            'Only Checkout Sessions with a status in ["open"] can be expired.'
            f" This Checkout Session has a status of {session['status']}."
        )
        raise StripeRefusal(words)
    run_out(books, session)
    return session


def run_out(books: Books, session: Json) -> None:
    session |= {"status": "expired", "url": None}
    intent = books.peek(session["payment_intent"]) if session["payment_intent"] else None
    if intent is not None and intent["status"] not in ("succeeded", "canceled"):
        intent |= {"status": "canceled", "canceled_at": books.now(), "cancellation_reason": "expired"}
        books.announce("payment_intent.canceled", intent)
    books.announce("checkout.session.expired", session)


def use_code(books: Books, session: Json, word: str) -> None:
    """A promotion code typed on the payment page."""
    found = next((each for each in books.find("promotion_code", word=word.strip().upper()) if each["active"]), None)
    if found is None or not session["allow_promotion_codes"]:
        raise StripeRefusal("This code is invalid.", param="promotion_code")
    wanted = [{"promotion_code": found["id"]}]
    chosen = discounts.checked(books, wanted, customer=session["customer"], currency=session["currency"])
    private(session)["chosen"] = chosen
    session["discounts"] = [{"coupon": each["coupon"], "promotion_code": each["promotion_code"]} for each in chosen]
    basket.total(books, session)
