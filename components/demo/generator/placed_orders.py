"""A generated order as rows: priced by the shop's own quote, paid, sent, and some of it given back."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from components.demo.generator.copied_blocks import CopiedBlocks, RowIds
from components.demo.generator.fee_rows import refunded
from components.demo.generator.generated_base import GeneratedBase
from components.demo.generator.generated_coupons import CouponRows
from components.demo.generator.generated_stock import StockRows
from components.demo.generator.generated_wallets import GeneratedWallet, WalletRows, spendable
from components.demo.generator.order_savings import SavingRows
from components.demo.generator.payment_rows import PaymentRows
from components.demo.generator.seasonal_calendar import A_DAY, at_instant
from components.demo.past_orders import CARRIERS
from components.foundation import json
from components.foundation.languages import language
from components.foundation.shop_settings import shop_settings
from components.orders.history import order_values
from components.orders.views import PostalAddress
from components.pricing import quotes
from components.pricing.quotes import Quote, QuoteLine

PAID_AFTER, LAPSES_AFTER = 120, 3_600
RECENT = int(2.2 * A_DAY)
OUTCOMES = ((0.03, "lapsed"), (0.065, "refunded"), (0.085, "part refunded"), (0.088, "disputed"))
"""Shares of orders, added up; all others are simply sent."""
LINES, UNITS = ((1, 2, 3, 4), (52, 30, 13, 5)), ((1, 2, 4), (74, 20, 6))
SPENDS_CREDIT, LEAST_MONEY = 0.6, 30
Values = dict[str, Any]


@dataclass(slots=True)
class GeneratedBuyer:
    """`plan` is what they hold at the moment, "" for nothing."""

    person: UUID | None
    email: str
    name: str
    address: str
    plan: str = ""
    wallet: GeneratedWallet | None = None


class OrderRows:
    """Writes orders into the blocks, in the order in which they are placed. `number` is that of the last one before
    them; orders that others placed at the instants `among` have numbers in between.
    """

    def __init__(
        self, base: GeneratedBase, blocks: CopiedBlocks, ids: RowIds, chance: Random, *, wallets: WalletRows,
        coupons: CouponRows, number: int, among: Sequence[int] = (),
    ) -> None:  # fmt: skip
        self.among, self.first, self.placed = among, number + 1, 0
        self.base, self.blocks, self.ids, self.chance, self.wallets = base, blocks, ids, chance, wallets
        self.payments, self.stock = PaymentRows(base, blocks, ids), StockRows(blocks, ids)
        self.savings, self.coupons = SavingRows(base, blocks, ids, wallets), coupons
        self.method = base.terms.methods_for("GB")[0]
        self.tax, self.prefix = base.terms.home_tax(at_instant(base.now)), shop_settings.current().order_prefix

    @property
    def last(self) -> int:
        """The highest number, of whoever's orders."""
        return self.first - 1 + self.placed + len(self.among)

    def place(self, buyer: GeneratedBuyer, at: int) -> None:
        outcome = self._outcome(at)
        if buyer.wallet is not None:
            self.wallets.settle(buyer.wallet, at)
        quote = self._quote(buyer, at)
        if outcome == "sent" and (credit := spendable(buyer.wallet)) and self.chance.random() < SPENDS_CREDIT:
            quote = quote.paid_with(credit, least=LEAST_MONEY)
        order = self._order(buyer, quote, at)
        self.placed += 1
        if quote.coupon and quote.coupon_worth:
            is_paid = outcome != "lapsed"
            self.coupons.use(quote.coupon, order["id"], buyer.person, buyer.email, at, is_paid=is_paid)
        if outcome == "lapsed":
            self._lapsed(buyer, order, quote, at)
            return
        lines, paid = self._lines(order["id"], quote, at), at + PAID_AFTER
        payment = self._paid(buyer, order, quote, at)
        self.savings.used(buyer, order, lines, quote, paid)
        sent = self._sent(order, at) if outcome != "waiting" else None
        self.blocks.add("orders", **order)
        for line in lines:
            self.blocks.add("order_line", **line)
        if sent is not None and payment:
            self._afterwards(buyer, order, lines, payment, outcome, sent)

    def _outcome(self, at: int) -> str:
        fall = self.chance.random()
        if at > self.base.now - RECENT:
            return "waiting"
        return next((outcome for share, outcome in OUTCOMES if fall < share), "sent")

    def _quote(self, buyer: GeneratedBuyer, at: int) -> Quote:
        held, chance = self.base.held[buyer.plan], self.chance
        count = chance.choices(*LINES)[0]
        chosen = {chance.randrange(len(self.base.items)): chance.choices(*UNITS)[0] for _ in range(count)}
        lines = [
            QuoteLine(self.base.items[place].variant, self.base.items[place].title, units)
            for place, units in chosen.items()
        ]
        return quotes.quote(
            lines, context=held.price_context, delivery=self.method.choice, delivery_benefit=held.free_delivery,
            tax=self.tax, currency=self.base.currency, at=at_instant(at), coupon=self.coupons.offered(buyer.plan, at),
        )  # fmt: skip

    def _order(self, buyer: GeneratedBuyer, quote: Quote, at: int) -> Values:
        order, number = self.ids.at(at), self.first + self.placed + bisect_left(self.among, at)
        for values in order_values.tax_values(order, quote):
            self.blocks.add("order_tax", **values | {"id": self.ids.at(at)})
        return {
            "id": order, "number": f"{self.prefix}-{number}", "person": buyer.person, "email": buyer.email,
            "name": buyer.name, "language": language.current(), "delivery_method": self.method.name,
            "address": buyer.address, "price_context_key": self.base.held[buyer.plan].price_context.key,
            "placed_at": at_instant(at), "expires_at": at_instant(at + LAPSES_AFTER - 900),
            **order_values.quote_values(quote),
        }  # fmt: skip

    def _lines(self, order: UUID, quote: Quote, at: int) -> list[Values]:
        costs = self.base.costs
        return [
            order_values.line_values(order, place, line, cost=costs.get(line.variant_id)) | {"id": self.ids.at(at)}
            for place, line in enumerate(quote.lines)
        ]

    def _lapsed(self, buyer: GeneratedBuyer, order: Values, quote: Quote, at: int) -> None:
        self.blocks.add("orders", **order | {"cancelled_at": at_instant(at + LAPSES_AFTER)})
        for line in self._lines(order["id"], quote, at):
            self.blocks.add("order_line", **line)
            self.stock.released(line["variant_id"], line["quantity"], order["id"], at, at + LAPSES_AFTER)
        self.payments.abandoned("order", order["id"], quote.to_pay, at, person=buyer.person, email=buyer.email)

    def _paid(self, buyer: GeneratedBuyer, order: Values, quote: Quote, at: int) -> str:
        paid = at + PAID_AFTER
        if quote.credit and buyer.wallet:
            self.wallets.spend(
                buyer.wallet, order["id"], quote.credit, placed=at, paid=paid, words=f"Order {order['number']}"
            )
        payment = ""
        if quote.to_pay:
            payment = self.payments.page(
                "order", order["id"], quote.to_pay, paid, person=buyer.person, email=buyer.email
            )
        order |= {"paid_at": at_instant(paid), "stock_taken_at": at_instant(paid), "payment_reference": payment or None}
        for line in quote.lines:
            self.stock.sold(line.variant_id, line.quantity, order["id"], at, paid)
        self.blocks.add(
            "announced_fact", id=self.ids.at(paid), name="OrderPaid", body=json.dump({"order_id": order["id"]}),
            announced_at=at_instant(paid),
        )  # fmt: skip
        return payment

    def _sent(self, order: Values, at: int) -> int | None:
        sent = at + self.chance.randrange(14 * 3_600, 52 * 3_600)
        if sent >= self.base.now:
            return None
        carrier, tracking = self.chance.choice(CARRIERS), f"K{self.chance.randrange(10**8, 10**9)}GB"
        order["fulfilled_at"] = at_instant(sent)
        self.blocks.add(
            "fulfilment", id=self.ids.at(sent), order=order["id"], at=at_instant(sent), by=self.base.staff,
            carrier=carrier, tracking=tracking,
        )  # fmt: skip
        self._audited("order shipped", order, sent, {"carrier": carrier})
        return sent

    def _afterwards(
        self, buyer: GeneratedBuyer, order: Values, lines: list[Values], payment: str, outcome: str, sent: int
    ) -> None:
        at = sent + self.chance.randrange(3 * A_DAY, 16 * A_DAY)
        if outcome == "disputed" and at + 31 * A_DAY < self.base.now:
            if buyer.wallet is None:
                self.payments.disputed(order["id"], payment, order["total"], at, is_lost=self.chance.random() < 0.5)
        elif "refunded" in outcome and at < self.base.now:
            parts = lines if outcome == "refunded" else lines[:1]
            self._refunded(buyer, order, parts, payment, at, is_whole=outcome == "refunded")

    def _refunded(
        self, buyer: GeneratedBuyer, order: Values, parts: list[Values], payment: str, at: int, *, is_whole: bool
    ) -> None:
        refund, stripe, moment = self.ids.at(at), self.ids.stripe("re"), at_instant(at)
        units = {line["id"]: line["quantity"] if is_whole else 1 for line in parts}
        amounts = {line["id"]: line["total"] * units[line["id"]] // line["quantity"] for line in parts}
        amount = order["total"] if is_whole else sum(amounts.values())
        self.blocks.add(
            "refund", id=refund, order=order["id"], amount=amount, currency=self.base.currency,
            reason="Returned" if is_whole else "Arrived chipped", restocks=is_whole, at=moment, by=self.base.staff,
            status="succeeded", stripe_id=stripe, settled_at=moment,
        )  # fmt: skip
        for line in parts:
            self.blocks.add(
                "refund_line", id=self.ids.at(at), refund=refund, line=line["id"], quantity=units[line["id"]],
                amount=amounts[line["id"]],
            )  # fmt: skip
            if is_whole:
                self.stock.restocked(line["variant_id"], line["quantity"], refund, at)
        refunded(self.blocks, order["id"], payment, stripe, refund, amount, self.base.currency, at)
        self._audited("order refunded", order, at, {"amount": amount, "refund": str(refund)})
        self.savings.given_back(buyer, order, parts, units, refund, amount, at)

    def _audited(self, what: str, order: Values, at: int, after: Values) -> None:
        self.blocks.add(
            "audit_entry", id=self.ids.at(at), at=at_instant(at), actor=self.base.staff, what=what, subject="order",
            subject_id=order["number"], after=json.dump(after),
        )  # fmt: skip


def address_of(name: str, street: str, town: str, postcode: str) -> str:
    return json.dump(PostalAddress(name=name, line1=street, city=town, postcode=postcode, country="GB"))
