"""What checkout has done at fixed times."""

from components import orders
from components.checkout import baskets


async def lapse_orders() -> None:
    await orders.lapse_overdue()


async def forget_old_baskets() -> None:
    await baskets.forget_old()
