from typing import Literal, cast

from components.payments.connection import call, client

Interval = Literal["day", "week", "month", "year"]


async def create(
    *, amount: int, currency: str, interval: str, count: int, name: str, metadata: dict[str, str], key: str
) -> str:
    """The id of a new recurring price with a product of its own."""
    answer = await call(
        client().v1.prices.create_async(
            {
                "currency": currency.lower(),
                "unit_amount": amount,
                "recurring": {"interval": cast(Interval, interval), "interval_count": count},
                "product_data": {"name": name},
                "metadata": metadata,
            },
            {"idempotency_key": key},
        )
    )
    return answer.id
