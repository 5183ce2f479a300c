"""What Kiln asks less for at the moment: a sale over the vases, and a coupon for whoever buys for the first time."""

from datetime import datetime, timedelta
from uuid import UUID

from components import catalog
from components.catalog import SaleDetails, Scope, sales
from components.foundation import clock
from components.pricing import CouponDetails, coupon_book

BEGAN, ENDS = timedelta(days=6), timedelta(days=8)
SOME_OFF = 2000
FIRST_OFF = 1000


async def announce(today: datetime, *, by: UUID) -> None:
    """The sale began six days ago; the coupon has been given for a month."""
    vases = catalog.snapshot().collection("vases")
    assert vases is not None
    with clock.held(today - BEGAN):
        await sales.create(
            SaleDetails(
                name="Autumn sale",
                scope=Scope("collection", frozenset({vases.id})),
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
