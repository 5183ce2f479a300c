from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, cast

from stripe import Discount

from components.payments.stripe_calls.stripe_values import id_of
from components.payments.stripe_connection import client, prepare

if TYPE_CHECKING:
    from stripe.params import CouponCreateParams

NAME_MOST = 40
"""The longest name of a coupon that Stripe takes."""


async def create(
    coupon_id: str,
    *,
    percent: float,
    amount: int,
    currency: str,
    duration: str,
    months: int,
    name: str,
    metadata: dict[str, str],
    key: str,
    product: str = "",
) -> str:
    """`percent`, or where that is zero `amount` in minor units, off invoices, or off one product on them; `months`
    where it repeats."""
    params: CouponCreateParams = {
        "id": coupon_id,
        "duration": cast(Literal["once", "repeating", "forever"], duration),
        "name": name[:NAME_MOST],
        "metadata": metadata,
    }
    if percent:
        params["percent_off"] = percent
    else:
        params["amount_off"], params["currency"] = amount, currency.lower()
    if product:
        params["applies_to"] = {"products": [product]}
    if duration == "repeating":
        params["duration_in_months"] = months
    return (await prepare(lambda options: client().v1.coupons.create_async(params, options), key=key)).id


def coupon_of(discounts: Sequence[str | Discount]) -> str:
    """The coupon behind the first of them, where they were read with the object; empty without one."""
    found = (each for each in discounts if not isinstance(each, str))
    return next((id_of(each.source.coupon) or "" for each in found), "")
