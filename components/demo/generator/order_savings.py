"""What an order's benefits were worth to its buyer, as rows: what a member saved, and cashback; and the way back."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from components.demo.demo_benefits import CASHBACK
from components.demo.generator.copied_blocks import CopiedBlocks, RowIds
from components.demo.generator.generated_base import GeneratedBase
from components.demo.generator.generated_wallets import WalletRows
from components.demo.generator.seasonal_calendar import A_DAY, at_instant
from components.demo.shop_history import ANNUAL
from components.foundation.money import share_of
from components.foundation.shop_settings import shop_settings
from components.pricing.quotes import PricedLine, Quote

if TYPE_CHECKING:
    from components.demo.generator.placed_orders import GeneratedBuyer

Values = dict[str, Any]


class SavingRows:
    """Writes them into the blocks."""

    def __init__(self, base: GeneratedBase, blocks: CopiedBlocks, ids: RowIds, wallets: WalletRows) -> None:
        self.base, self.blocks, self.ids, self.wallets = base, blocks, ids, wallets
        self.cashback = next(benefit for benefit, kind in base.kinds.items() if kind == "cashback")
        self.return_days = shop_settings.current().return_days

    def used(self, buyer: "GeneratedBuyer", order: Values, lines: list[Values], quote: Quote, paid: int) -> None:
        if buyer.person is None:
            return
        for line, priced in zip(lines, quote.lines, strict=True):
            if line["saved"]:
                self._use(
                    buyer.person, order["id"], line["rule_id"], f"order-line:{line['id']}", line["title"],
                    _why(priced), line["total"] + line["saved"], line["total"], paid,
                )  # fmt: skip
        if (benefit := order["delivery_benefit"]) is not None:
            self._use(
                buyer.person, order["id"], benefit, f"order-delivery:{order['id']}", order["delivery_method"],
                order["delivery_words"], order["delivery_list"], order["delivery"], paid,
            )  # fmt: skip
        if buyer.plan == ANNUAL:
            self._earned(buyer, buyer.person, order, quote, paid)

    def given_back(
        self, buyer: "GeneratedBuyer", order: Values, parts: list[Values], units: dict[UUID, int], refund: UUID,
        amount: int, at: int,
    ) -> None:  # fmt: skip
        """Returned units saved nothing, and earned nothing."""
        if buyer.person is None:
            return
        for line in parts:
            if line["saved"]:
                count = units[line["id"]]
                paid = line["total"] * count // line["quantity"]
                regular = paid + (line["regular_unit"] - line["unit"]) * count
                self._use(
                    buyer.person, order["id"], line["rule_id"], f"refund:{refund}:{line['id']}", line["title"],
                    "Refunded", -regular, -paid, at,
                )  # fmt: skip
        lot = next((one for one in buyer.wallet.lots if one.order == order["id"]), None) if buyer.wallet else None
        if buyer.wallet and lot:
            back = lot.pending * min(amount, order["total"]) // order["total"]
            words = f"Reversed: order {order['number']} was refunded"
            self.wallets.take_back(buyer.wallet, lot, back, at, words)

    def _earned(self, buyer: "GeneratedBuyer", person: UUID, order: Values, quote: Quote, paid: int) -> None:
        goods = sum(line.total - line.tax for line in quote.lines)
        amount = share_of(goods * quote.to_pay // quote.total if quote.total else 0, CASHBACK["rate"])
        if amount > 0:
            buyer.wallet = buyer.wallet or self.wallets.open(person, paid)
            self.wallets.earn(
                buyer.wallet, amount, at=paid, due=paid + self.return_days * A_DAY, days=CASHBACK["days"],
                words=f"3% back on order {order['number']}", order=order["id"], benefit=self.cashback,
                cap=CASHBACK["cap"],
            )  # fmt: skip

    def _use(
        self, person: UUID, order: UUID, benefit: UUID | None, reference: str, words: str, why: str, regular: int,
        paid: int, at: int,
    ) -> None:  # fmt: skip
        self.blocks.add(
            "benefit_use", id=self.ids.at(at), person=person, benefit=benefit, reference=reference, order_id=order,
            kind=self.base.kinds[benefit] if benefit else "", words=words, why=why, regular=regular, paid=paid,
            currency=self.base.currency, at=at_instant(at),
        )  # fmt: skip


def _why(line: PricedLine) -> str:
    return next((step.said().words for step in line.trace if step.applied), "")
