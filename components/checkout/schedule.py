"""Checkout's scheduled jobs."""

from components.checkout.basket import baskets
from components.orders import completion


async def expire_orders() -> None:
    await completion.expire_overdue()


async def delete_old_baskets() -> None:
    await baskets.delete_old()
