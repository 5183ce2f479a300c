"""What Stripe has, the newest first and never more than asked for: for comparing it with what is stored here."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stripe import StripeClient

from components.payments.payment_refusals import UnknownAtStripe
from components.payments.stripe_calls import payment_intents, stripe_disputes, stripe_invoices, stripe_refunds
from components.payments.stripe_calls import stripe_subscriptions as subscription_calls
from components.payments.stripe_calls.payment_intents import Intent
from components.payments.stripe_calls.stripe_disputes import Dispute
from components.payments.stripe_calls.stripe_invoices import Invoice
from components.payments.stripe_calls.stripe_refunds import RefundAnswer
from components.payments.stripe_calls.stripe_subscriptions import SubscriptionAnswer
from components.payments.stripe_calls.stripe_values import metadata_of
from components.payments.stripe_connection import call, client

PAGE = 100
List = Callable[[Any], Awaitable[Any]]


@dataclass(frozen=True)
class StripeList:
    """`is_whole` when nothing was left out."""

    found: tuple[Any, ...]
    is_whole: bool


async def subscriptions(*, most: int) -> Sequence[SubscriptionAnswer]:
    listed = await _listed(lambda v1: v1.subscriptions.list_async, {"status": "all"}, most)
    return [subscription_calls.read(one) for one in listed.found]


async def invoices(*, since: datetime, most: int) -> Sequence[Invoice]:
    listed = await _listed(lambda v1: v1.invoices.list_async, _since(since), most)
    return [await stripe_invoices.read(one) for one in listed.found]


async def intents(*, since: datetime, most: int) -> Sequence[Intent]:
    listed = await _listed(lambda v1: v1.payment_intents.list_async, _since(since), most)
    return [payment_intents.read(one) for one in listed.found]


async def refunds(*, since: datetime, most: int) -> tuple[Sequence[RefundAnswer], bool]:
    """And whether these are all of them since then."""
    listed = await _listed(lambda v1: v1.refunds.list_async, _since(since), most)
    return [stripe_refunds.read(one) for one in listed.found], listed.is_whole


async def disputes(*, since: datetime, most: int) -> Sequence[Dispute]:
    listed = await _listed(lambda v1: v1.disputes.list_async, _since(since), most)
    return [stripe_disputes.read(one) for one in listed.found]


async def has_customer(customer: str) -> bool:
    """False when it was deleted, or never was."""
    try:
        found = await call(lambda: client().v1.customers.retrieve_async(customer))
    except UnknownAtStripe:
        return False
    return not getattr(found, "deleted", False)


async def price_metadata(price: str) -> dict[str, str] | None:
    """None for a price that Stripe does not have."""
    try:
        return metadata_of((await call(lambda: client().v1.prices.retrieve_async(price))).metadata)
    except UnknownAtStripe:
        return None


def _since(moment: datetime) -> dict[str, Any]:
    return {"created": {"gte": int(moment.timestamp())}}


async def _listed(list_of: Callable[[Any], List], narrowed: dict[str, Any], most: int) -> StripeList:
    found: list[Any] = []
    stripe: StripeClient = client()
    after: dict[str, str] = {}
    while True:
        request = {**narrowed, **after, "limit": PAGE}
        answer = await call(lambda request=request: list_of(stripe.v1)(request))  # type: ignore[misc]
        found += answer.data
        if not answer.has_more or not answer.data:
            return StripeList(tuple(found), True)
        if len(found) >= most:
            return StripeList(tuple(found), False)
        after = {"starting_after": answer.data[-1].id}
