"""What the pages of a placed order show, whether found by its token or among somebody's own orders."""

from dataclasses import dataclass
from typing import Any, Self

from components.foundation import settings
from components.foundation.money import Money
from components.orders import OrderView
from web.account.countries import name as country_name
from web.shop.joined_words import joined_words
from web.shop.lines import Line, Row, club_words, order_rows, sold_lines
from web.views import View


@dataclass(frozen=True, kw_only=True)
class OrderDetails(View):
    order: OrderView
    lines: tuple[Line, ...]
    rows: list[Row]
    total: Money
    saved: Money | None
    refunded: Money | None
    country: str
    return_days: int
    joined: str

    @classmethod
    async def of(cls, order: OrderView, path: str, **more: Any) -> Self:
        """`path` is the page's own; `more` are the fields that a page has besides."""
        return cls(
            order=order,
            lines=sold_lines(order, path),
            rows=order_rows(order, club=club_words(settings.current().club_name)),
            total=Money(order.charged, order.currency),
            saved=Money(order.member_savings, order.currency) if order.member_savings else None,
            refunded=Money(order.refunded, order.currency) if order.refunded else None,
            country=country_name(order.address.country),
            return_days=settings.current().return_days,
            joined=await joined_words(order),
            **more,
        )
