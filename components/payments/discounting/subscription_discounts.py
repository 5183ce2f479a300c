"""The discount of a running subscription at Stripe: one at a time, made from a coupon of its own.

Each change is a billing request: it is done, refused (`PaymentRefused`), surely not sent (`StripeUnavailable`), or not
known yet (`OutcomeUnknown`). No money moves by it: the next invoice is less, or is whole again.
"""

import contextlib
from dataclasses import dataclass
from uuid import UUID

from components.foundation import json
from components.foundation.languages.words import N_
from components.payments import ownership, references, running_subscriptions
from components.payments.billing_requests import billing_requests, request_kinds
from components.payments.billing_requests.request_kinds import RequestKind
from components.payments.payment_refusals import PaymentRefused
from components.payments.stripe_calls import stripe_coupons
from components.payments.stripe_calls import stripe_subscriptions as calls
from components.payments.tables import BillingRequest

TAKEN = "resource_already_exists"


@dataclass(frozen=True, kw_only=True)
class SubscriptionCoupon:
    """What Stripe is to take off each invoice: a percentage (`percent_bp`) or an amount in minor units.

    `months`: for how long; 0 is for one invoice, None for ever. `name` stands on Stripe's pages and receipts.
    `product`: off this one only, where the invoice has more on it than the fee.
    """

    percent_bp: int
    amount: int
    currency: str
    months: int | None
    name: str
    product: str = ""

    @property
    def duration(self) -> str:
        return "forever" if self.months is None else "repeating" if self.months else "once"


def coupon_id(discount_id: UUID, turn: int = 0) -> str:
    """The coupon of our discount; each time it is put on again it has a new one."""
    return f"clubfront_{discount_id.hex}" + (f"_{turn}" if turn else "")


def discount_of(coupon: str) -> UUID | None:
    """The discount that a coupon is of; None for one that was made by hand at Stripe."""
    kind, _, rest = coupon.partition("_")
    with contextlib.suppress(ValueError):
        return UUID(hex=rest.partition("_")[0]) if kind == "clubfront" else None
    return None


async def prepare_coupon(discount_id: UUID, coupon: SubscriptionCoupon, *, turn: int = 0) -> str:
    """Its id at Stripe, where it is made if it is not there. Nobody is charged. Raises `StripeUnavailable`."""
    wanted = coupon_id(discount_id, turn)
    try:
        return await references.get_or_create(
            lambda key: stripe_coupons.create(
                wanted,
                percent=coupon.percent_bp / 100,
                amount=coupon.amount,
                currency=coupon.currency,
                duration=coupon.duration,
                months=coupon.months or 0,
                name=coupon.name,
                product=coupon.product,
                metadata={**ownership.ownership_metadata(), "fee_discount": str(discount_id)},
                key=key,
            ),
            key=f"discount:{discount_id}:coupon:{turn}",
        )
    except PaymentRefused as refused:
        if refused.code != TAKEN:
            raise
        return wanted


async def put(local_id: UUID, coupon: str, *, key: str) -> None:
    """From the next invoice on, instead of whatever discount there was. Raises `NoSubscription`, `OutcomeUnknown`."""
    await running_subscriptions.running(local_id)
    await billing_requests.run(PUT_DISCOUNT, subject=local_id, key=key, params={"coupon": coupon})


async def take_off(local_id: UUID, coupon: str, *, key: str) -> None:
    """From the next invoice on the whole price is charged. Raises `NoSubscription`, `OutcomeUnknown`."""
    await running_subscriptions.running(local_id)
    await billing_requests.run(TAKE_OFF_DISCOUNT, subject=local_id, key=key, params={"coupon": coupon})


async def _send_put(request: BillingRequest) -> None:
    known = await running_subscriptions.running(request.subject)
    await calls.set_discount(known.stripe_id, coupon=_coupon(request), key=request.sent_key)
    await running_subscriptions.sync(request.subject)


async def _is_put(request: BillingRequest) -> bool:
    return (await running_subscriptions.sync(request.subject)).coupon == _coupon(request)


async def _send_take_off(request: BillingRequest) -> None:
    known = await running_subscriptions.sync(request.subject)
    if known.coupon == _coupon(request):
        await calls.set_discount(known.stripe_id, coupon="", key=request.sent_key)
        await running_subscriptions.sync(request.subject)


async def _is_off(request: BillingRequest) -> bool:
    return (await running_subscriptions.sync(request.subject)).coupon != _coupon(request)


def _coupon(request: BillingRequest) -> str:
    return str(json.load(request.params)["coupon"])


PUT_DISCOUNT = request_kinds.register(
    RequestKind(
        name="put_discount",
        send=_send_put,
        is_made=_is_put,
        done=N_("The discount is on the membership."),
        done_for_staff=N_("The discount is on the membership."),
        undone=N_("The discount did not go through: the next payment is as it was. You can try again."),
    )
)
TAKE_OFF_DISCOUNT = request_kinds.register(
    RequestKind(
        name="take_off_discount",
        send=_send_take_off,
        is_made=_is_off,
        done=N_("The discount has been taken off."),
        done_for_staff=N_("The discount has been taken off."),
        undone=N_("The discount is still there: taking it off did not go through. You can try again."),
    )
)
