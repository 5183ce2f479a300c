from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from components.payments.stripe_calls.stripe_values import id_of
from components.payments.stripe_connection import call, client, prepare

if TYPE_CHECKING:
    from stripe.params import PriceCreateParams

Interval = Literal["day", "week", "month", "year"]


async def create(
    *, amount: int, currency: str, interval: str, count: int, name: str, metadata: dict[str, str], key: str
) -> str:
    """The id of a new recurring price with a product of its own."""
    params: PriceCreateParams = {
        "currency": currency.lower(),
        "unit_amount": amount,
        "recurring": {"interval": cast(Interval, interval), "interval_count": count},
        "product_data": {"name": name},
        "metadata": metadata,
    }
    return (await prepare(lambda options: client().v1.prices.create_async(params, options), key=key)).id


async def product_of(price: str) -> str:
    """The id of what it is the price of."""
    return id_of((await call(lambda: client().v1.prices.retrieve_async(price))).product) or ""
