"""The texts a bank may be sent as evidence, by Stripe's names, their limits, and which of them a reason is about."""

from collections.abc import Mapping

LONGEST = 20_000
LONGEST_OF_ALL = 150_000
"""Characters of one text, and of all together: docs.stripe.com/api/disputes/update."""

SHORT = frozenset({
    "customer_name",
    "customer_email_address",
    "customer_purchase_ip",
    "duplicate_charge_id",
    "service_date",
    "shipping_carrier",
    "shipping_date",
    "shipping_tracking_number",
})  # fmt: skip
"""Single lines."""
LONGEST_SHORT = 500

WHO = ("customer_name", "customer_email_address")
POLICY = ("refund_policy_disclosure", "refund_refusal_explanation")
CANCELLING = ("cancellation_policy_disclosure", "cancellation_rebuttal")
SHIPPING = ("shipping_address", "shipping_date", "shipping_carrier", "shipping_tracking_number")
DUPLICATE = ("duplicate_charge_explanation", "duplicate_charge_id")
FRAUD = ("billing_address", "customer_purchase_ip")
WHAT, USE, WHEN, REST = "product_description", "access_activity_log", "service_date", "uncategorized_text"

NAMES = (*WHO, WHAT, REST, USE, WHEN, *SHIPPING, *CANCELLING, *POLICY, *DUPLICATE, *FRAUD)

_BY_REASON: dict[str, tuple[str, ...]] = {
    "credit_not_processed": (*WHO, WHAT, *POLICY, REST),
    "duplicate": (*WHO, WHAT, *DUPLICATE, REST),
    "fraudulent": (*WHO, WHAT, *FRAUD, USE, *SHIPPING, REST),
    "product_not_received": (*WHO, WHAT, *SHIPPING, WHEN, USE, REST),
    "product_unacceptable": (*WHO, WHAT, *POLICY, *SHIPPING, REST),
    "subscription_canceled": (*WHO, WHAT, *CANCELLING, WHEN, USE, REST),
    "unrecognized": (*WHO, WHAT, *FRAUD, USE, *SHIPPING, REST),
}


def first_for(reason: str, *, is_membership: bool) -> tuple[str, ...]:
    """What matters most for this reason; everything a membership or an order has for any other."""
    usual = (*WHO, WHAT, *CANCELLING, WHEN, USE, REST) if is_membership else (*WHO, WHAT, *SHIPPING, *POLICY, REST)
    return _BY_REASON.get(reason, usual)


def longest(name: str) -> int:
    return LONGEST_SHORT if name in SHORT else LONGEST


def kept(fields: Mapping[str, str]) -> dict[str, str]:
    """Those that a bank takes, without empty ones, in the order of their names here."""
    return {name: text for name in NAMES if (text := fields.get(name, "").strip())}


def length(fields: Mapping[str, str]) -> int:
    return sum(map(len, fields.values()))
