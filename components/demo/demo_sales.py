"""Kiln's offers: a sale and a coupon for first orders."""

from datetime import datetime, timedelta
from uuid import UUID

from components.catalog.sales import sales
from components.catalog.sales.sale_rules import SaleDetails
from components.catalog.scopes import Scope
from components.catalog.snapshot import snapshot_refresh
from components.foundation import clock
from components.pricing.coupons import editing
from components.pricing.coupons.editing import CouponDetails

BEGAN, ENDS = timedelta(days=6), timedelta(days=8)
ON_SALE, SOME_OFF = "planters-and-candlelight", 1000
FIRST_OFF = 1000


async def announce(today: datetime, *, by: UUID) -> None:
    """The sale started six days ago; the coupon has been valid for a month."""
    home = snapshot_refresh.snapshot().collection(ON_SALE)
    assert home is not None
    with clock.frozen(today - BEGAN):
        await sales.create(
            SaleDetails(
                name="Autumn sale",
                scope=Scope("collection", frozenset({home.id})),
                discount_type="percent",
                value=SOME_OFF,
                until_at=today + ENDS,
            ),
            by=by,
        )
    with clock.frozen(today - timedelta(days=30)):
        await editing.create(
            CouponDetails(
                code="FIRSTFIRE",
                words="10% off your first order",
                discount_type="percent",
                value=FIRST_OFF,
                limit_each=1,
                first_order_only=True,
            ),
            by=by,
        )
