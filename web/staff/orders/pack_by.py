"""Until when an order has to leave the shop, so that what its customer was told comes true."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from components.foundation import clock
from components.foundation.formatting import date_span
from components.foundation.shop_settings import shop_settings
from components.orders.views import OrderView


@dataclass(frozen=True, kw_only=True)
class PackBy:
    words: str
    is_late: bool


def pack_by(order: OrderView) -> PackBy | None:
    promised = order.standing_promise
    if promised is None or not order.may_ship:
        return None
    today = clock.now().astimezone(ZoneInfo(shop_settings.current().time_zone)).date()
    day = date_span(promised.pack_by, promised.pack_by)
    if promised.pack_by < today:
        return PackBy(words=f"Should have been packed by {day}", is_late=True)
    return PackBy(words="Pack today" if promised.pack_by == today else f"Pack by {day}", is_late=False)
