"""The figures of an invoice are those of its order, to the penny, over random shops, buyers, baskets and refunds.

`BASKETS=10000 .venv/bin/pytest tests/components/invoices/test_random_baskets.py` asks for more than the two hundred.
"""

import os
import random
from dataclasses import replace
from uuid import UUID

import pytest

from components.catalog.scopes import Scope
from components.checkout.taxes.tax_book import TaxedBuyer
from components.foundation.shop_settings.shop_settings import ShopSettings
from components.invoices import credited_lines, invoice_lines
from components.invoices.invoice_values import InvoiceLine
from components.orders.views import LineSold, OrderView, PostalAddress, TaxCharged
from components.pricing import quotes
from components.pricing.coupons.coupons import CouponDiscount
from components.pricing.delivery_charge import DeliveryChoice
from components.pricing.price_context import PriceContext
from components.pricing.quotes import Quote, QuoteLine
from tests.components.checkout.test_tax_table import BOOK, CA, DE, EXPORTER, GB, NET, NUMBER_FR, OSS, SMALL, US
from tests.support.make_prices import AT, variant

BASKETS = int(os.environ.get("BASKETS", "200"))
SHOPS: tuple[ShopSettings, ...] = (DE, OSS, NET, EXPORTER, GB, CA, US, SMALL)
BUYERS = (
    TaxedBuyer("DE"), TaxedBuyer("FR"), TaxedBuyer("FR", "", NUMBER_FR), TaxedBuyer("GB"), TaxedBuyer("CH"),
    TaxedBuyer("CA", "BC"), TaxedBuyer("CA", "ON"), TaxedBuyer("CA"), TaxedBuyer("US", "CA"),
)  # fmt: skip
THINGS = [
    (category, count) for category in ("standard", "standard", "reduced", "zero", "exempt") for count in (1, 2, 7)
]
FEES = (0, 1, 333, 595, 1_999)


def a_quote(dice: random.Random) -> Quote:
    shop, buyer = dice.choice(SHOPS), dice.choice(BUYERS)
    lines = [
        QuoteLine(variant(dice.randint(1, 30_000), n, tax_category=each, is_taxable=each != "exempt"), each, count)
        for n, (each, count) in enumerate(dice.choices(THINGS, k=dice.randint(1, 7)), 1)
    ]
    off = CouponDiscount(
        UUID(int=9), "WINTER", "", dice.choice(("percent", "amount")), dice.randint(1, 9_000), Scope("everything")
    )
    return quotes.quote(
        lines, context=PriceContext.GUEST, delivery=DeliveryChoice(UUID(int=5), "Post", dice.choice(FEES)),
        delivery_benefit=None, tax=BOOK.tax(buyer, AT, shop), currency=shop.currency, at=AT,
        coupon=off if dice.random() < 0.5 else None,
    )  # fmt: skip


def an_order(quote: Quote, dice: random.Random) -> OrderView:
    """As `order_creation` writes it."""
    lines = tuple(
        LineSold(
            id=UUID(int=n), variant_id=line.variant_id, product_id=line.variant_id, sku="", title=line.title,
            variant_title="", slug="", picture="", quantity=line.quantity, regular_unit=line.regular_unit,
            unit=line.unit, total=line.total, tax=line.tax, tax_rate=line.tax_rate, saved=line.saved,
            coupon=line.coupon, rule_id=None, gift=None, trace=(),
        )
        for n, line in enumerate(quote.lines, 1)
    )  # fmt: skip
    taxes = tuple(
        TaxCharged(name=row.tax.name, rate_bp=row.tax.rate_bp, net=row.net, amount=row.amount) for row in quote.tax_rows
    )
    return OrderView(
        id=UUID(int=1), number="K-1", person=None, email="", name="", language="", currency=quote.currency,
        goods=quote.goods, member_savings=0, delivery_list=quote.delivery_list, delivery_saved=quote.delivery_saved,
        delivery=quote.delivery, tax=quote.tax, tax_rate=quote.tax_rate, tax_name=quote.tax_name,
        tax_is_included=quote.there.inclusive, delivery_tax=quote.delivery_tax, taxes=taxes, total=quote.total,
        credit=dice.randint(0, quote.total), coupon=quote.coupon_off, coupon_code="WINTER", joins=None, joining_fee=0,
        joining_words="", joining_trial_days=0, delivery_method="Post", delivery_words="", delivery_benefit=None,
        address=PostalAddress(name="", line1="", city="", postcode="", country="DE"), payment_reference=None,
        placed_at=AT, expires_at=AT, paid_at=AT, stock_taken_at=AT, cancelled_at=None, fulfilled_at=None,
        flagged_at=None, flag="", lines=lines, parcel=None, refunds=(), notes=(),
    )  # fmt: skip


def refunded(lines: tuple[InvoiceLine, ...], dice: random.Random) -> list[tuple[InvoiceLine, ...]]:
    """Refunds of any size until nothing is left, some of them naming lines."""
    taken, notes = credited_lines.untouched(lines), []
    while left := sum(line.total for line in (*lines, *taken)):
        amount = left if len(notes) > 5 else dice.randint(1, left)
        named = {line.source: (1, dice.randint(0, line.total)) for line in lines if dice.random() < 0.3}
        note = credited_lines.credited(lines, taken, amount, named)
        assert -sum(line.total for line in note) == amount
        assert all(line.net <= 0 and all(part.tax <= 0 for part in line.parts) for line in note)
        taken = credited_lines.added(taken, note)
        notes.append(note)
    return notes


def test_lines_tax_and_total_are_the_orders_and_whole_refunds_come_to_nothing() -> None:
    dice, seen = random.Random(20_261_129), {"taxed": 0, "several": 0, "stacked": 0, "added": 0}
    for number in range(BASKETS):
        quote = a_quote(dice)
        order = an_order(quote, dice)
        lines, taxes = invoice_lines.of_order(order, club="Club"), invoice_lines.rows(order)
        assert sum(line.total for line in lines) == order.total, number
        assert sum(line.tax for line in lines) == order.tax == sum(tax.tax for tax in taxes), number
        assert credited_lines.rows(taxes, lines) == taxes, number
        assert sum(line.net for line in lines) == order.total - order.tax, number
        is_stacked = any(len(line.parts) > 1 for line in lines[:-1])
        if not is_stacked:  # where taxes share a net amount, its rows have it twice
            assert sum(tax.net for tax in taxes) + sum(line.untaxed for line in lines) == order.total - order.tax, (
                number
            )
        whole = credited_lines.untouched(lines)
        for note in refunded(lines, dice):
            whole = credited_lines.added(whole, note)
        for line, back in zip(lines, whole, strict=True):
            assert (line.net + back.net, line.tax + back.tax) == (0, 0), number
            assert [(a.net + b.net, a.tax + b.tax) for a, b in zip(line.parts, back.parts, strict=True)] == [
                (0, 0) for _part in line.parts
            ], number
        seen["taxed"] += bool(taxes)
        seen["several"] += len(taxes) > 1
        seen["stacked"] += is_stacked
        seen["added"] += not order.tax_is_included
    assert min(seen.values()) > BASKETS // 50, seen


def test_a_tampered_rate_is_not_taken_for_another() -> None:
    dice = random.Random(1)
    order = next(order for order in iter(lambda: an_order(a_quote(dice), dice), None) if order.lines[0].tax)
    wrong = replace(order, lines=(replace(order.lines[0], tax_rate=1), *order.lines[1:]))
    with pytest.raises(invoice_lines.CannotTell):
        invoice_lines.of_order(wrong, club="Club")
