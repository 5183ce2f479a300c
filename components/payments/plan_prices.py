"""Stripe's price of each plan version, created when it is first sold and never changed."""

from uuid import UUID

from components.foundation import currencies
from components.payments import ownership, references
from components.payments.stripe_calls import stripe_prices as calls
from components.payments.values import PriceRef

KIND = "price"


async def price_for(
    version_id: UUID, *, amount: int, currency: str, interval: str, count: int = 1, name: str
) -> PriceRef:
    """`amount` in minor units for `count` × `interval` (day, week, month, year). Raises `UnsupportedCurrency`."""
    currencies.decimals(currency)
    known = await references.stripe_id_of(KIND, version_id)
    if known is not None:
        return PriceRef(known)
    made = await references.get_or_create(
        lambda key: calls.create(
            amount=amount,
            currency=currency,
            interval=interval,
            count=count,
            name=name,
            metadata={**ownership.ownership_metadata(), "plan_version": str(version_id)},
            key=key,
        ),
        key=f"plan_version:{version_id}:price",
    )
    return PriceRef(await references.store(KIND, version_id, made))


async def version_of(price: str) -> UUID | None:
    """The plan version a mirrored subscription's price belongs to."""
    return await references.local_id_of(price)


async def product_of(price: PriceRef) -> str:
    """What Stripe knows the plan itself by. Raises `StripeUnavailable`."""
    return await calls.product_of(price)
