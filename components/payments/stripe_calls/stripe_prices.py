from typing import Literal, cast

from stripe.params import PriceCreateParams

from components.payments.connection import client, prepare

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
