"""Kiln's offers: a sale and a coupon for first orders."""

from datetime import datetime, timedelta
from uuid import UUID

from components import catalog
from components.catalog import SaleDetails, Scope, sales
from components.foundation import clock
from components.pricing import CouponDetails, coupon_book

BEGAN, ENDS = timedelta(days=6), timedelta(days=8)
ON_SALE, SOME_OFF = "planters-and-candlelight", 1000
FIRST_OFF = 1000


async def announce(today: datetime, *, by: UUID) -> None:
    """The sale started six days ago; the coupon has been valid for a month."""
    home = catalog.snapshot().collection(ON_SALE)
    assert home is not None
    with clock.held(today - BEGAN):
        await sales.create(
            SaleDetails(
                name="Autumn sale",
                scope=Scope("collection", frozenset({home.id})),
                way="percent",
                value=SOME_OFF,
                until_at=today + ENDS,
            ),
            by=by,
        )
    with clock.held(today - timedelta(days=30)):
        await coupon_book.create(
            CouponDetails(
                code="FIRSTFIRE",
                words="10% off your first order",
                way="percent",
                value=FIRST_OFF,
                limit_each=1,
                first_order_only=True,
            ),
            by=by,
        )
