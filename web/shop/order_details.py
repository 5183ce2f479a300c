"""The data for pages of a placed order, whether found by its token or among a person's own orders."""

from dataclasses import dataclass
from typing import Any, Self

from components.checkout.placement import joined_fees
from components.foundation import formatting
from components.foundation.money import Money
from components.invoices import invoice_list
from components.invoices.invoice_links import InvoiceLink
from components.messaging.notices import own_withdrawals
from components.messaging.notices.own_withdrawals import OwnWithdrawal
from components.orders.views import OrderView
from web.countries import name as country_name
from web.shop.lines import LineView, Row, member_price_text, order_lines, order_total_rows, order_whole
from web.shop.orders.trial_text import trial_text
from web.views import View


@dataclass(frozen=True, kw_only=True)
class OrderDetails(View):
    """`refunded` is money, beside the total that was paid with money; `credited` came back as store credit.

    `fee_refunded` is of the fee paid with it, `fee_kept` what is left of that; each None without any. `net` is what
    they have paid with money after all refunds, None where nothing went back in money.
    """

    order: OrderView
    lines: tuple[LineView, ...]
    rows: list[Row]
    total: Money
    saved: Money | None
    refunded: Money | None
    credited: Money | None
    fee_refunded: Money | None
    fee_kept: Money | None
    net: Money | None
    country: str
    invoice_country: str
    return_days: int
    joined: str
    invoices: tuple[InvoiceLink, ...]
    fee_invoices: tuple[InvoiceLink, ...]
    withdrawal: OwnWithdrawal | None

    @classmethod
    async def of(cls, order: OrderView, path: str, **more: Any) -> Self:
        """`path` is the page's own; `more` are the page's additional fields."""
        in_credit = order.credit - order.credit_left
        keeps_any = order.state != "refunded"
        in_money = order.refunded - in_credit
        fee_back = await joined_fees.refunded(order)
        fee_left = order.joining_fee - fee_back
        return cls(
            order=order,
            lines=order_lines(order, path),
            rows=order_total_rows(order, club=member_price_text(formatting.club_name())),
            total=order_whole(order),
            saved=Money(order.savings_kept, order.currency) if order.savings_kept and keeps_any else None,
            refunded=Money(in_money, order.currency) if in_money else None,
            credited=Money(in_credit, order.currency) if in_credit else None,
            fee_refunded=Money(fee_back, order.currency) if fee_back else None,
            fee_kept=Money(fee_left, order.currency) if fee_left > 0 else None,
            net=Money(order.charged - in_money - fee_back, order.currency) if in_money or fee_back else None,
            country=country_name(order.address.country),
            invoice_country=country_name(order.invoice_buyer.country) if order.invoice_buyer else "",
            return_days=order.days_to_return,
            joined=await trial_text(order),
            invoices=await invoice_list.of_reference(order.id),
            fee_invoices=await fee_invoices(order),
            withdrawal=await own_withdrawals.of_order(order),
            **more,
        )


async def fee_invoices(order: OrderView) -> tuple[InvoiceLink, ...]:
    """Of the fee that is part of the order's sum, though it has an invoice of its own."""
    if (term := await joined_fees.paid_term(order)) is not None:
        return await invoice_list.of_reference(term)
    paid = await joined_fees.paid_invoices(order)
    return await invoice_list.of_fees(order.joins, paid) if order.joins is not None and paid else ()
