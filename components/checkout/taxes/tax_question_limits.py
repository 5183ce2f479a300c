"""How often Stripe Tax may be asked anew: calculations cost the shop money, and its share of Stripe's rate limit."""

from datetime import timedelta
from uuid import UUID

from components.people import rate_limits
from components.people.rate_limits import RateLimit

OF_BASKET = RateLimit("tax shown of basket", 20, timedelta(hours=1))
FROM_ADDRESS = RateLimit("tax shown from address", 60, timedelta(hours=1))
TO_ORDER = RateLimit("tax of an order from address", 200, timedelta(hours=1))
"""More, and apart from the others: whoever looks too often must not keep their neighbours from buying."""


async def to_show(basket: UUID | None, address: str) -> None:
    """Raises `TooManyTries`."""
    await rate_limits.hit(FROM_ADDRESS, address)
    await rate_limits.hit(OF_BASKET, str(basket))


async def to_order(address: str) -> None:
    """Raises `TooManyTries`."""
    await rate_limits.hit(TO_ORDER, address)
