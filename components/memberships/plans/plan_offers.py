"""What plans are offered for to whoever makes this request, where that differs from what everybody is offered.

The catalogue applies it, so that all pages of one request name the same price and words. Nothing is set outside of
the pages of the shop: jobs, e-mails, the API and the staff area know only what everybody is offered.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from components.foundation.money import Money


@dataclass(frozen=True, slots=True)
class PlanOffer:
    """Of one plan: a price of its own (a version that was never public) until an instant, or other words; or other
    benefits: with a version until an instant, without one as a member of the plan was promised them."""

    plan: UUID
    version_id: UUID | None = None
    price: Money | None = None
    interval: str = ""
    interval_count: int = 1
    until_at: datetime | None = field(default=None, compare=False)
    summary: str = ""
    variant: UUID | None = None

    def is_same_price(self, price: Money, interval: str, count: int) -> bool:
        return (self.price, self.interval, self.interval_count) == (price, interval, count)

    def is_less_than(self, price: Money, interval: str, count: int) -> bool:
        """For as long a period, in the same currency: a price of one's own never is the higher one."""
        if self.price is None or (self.interval, self.interval_count) != (interval, count):
            return False
        return self.price.currency == price.currency and self.price.amount < price.amount


_offers: ContextVar[tuple[PlanOffer, ...]] = ContextVar("plan_offers", default=())


def current() -> tuple[PlanOffer, ...]:
    return _offers.get()


def of_plan(plan_id: UUID) -> PlanOffer | None:
    """The offer of this request that is kept by a version of its own: a price, or other benefits."""
    return next((one for one in _offers.get() if one.plan == plan_id and one.price is not None), None)


@contextlib.contextmanager
def offering(offers: tuple[PlanOffer, ...]) -> Iterator[None]:
    token = _offers.set(offers)
    try:
        yield
    finally:
        _offers.reset(token)
