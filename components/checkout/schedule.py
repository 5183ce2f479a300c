"""What checkout has done at fixed times."""

from components.checkout.basket import baskets
from components.orders import completion


async def lapse_orders() -> None:
    await completion.expire_overdue()


async def forget_old_baskets() -> None:
    await baskets.forget_old()
