"""The money of memberships as rows: what was billed and paid, at the bank and here, what failed and what came back."""

from random import Random
from uuid import UUID

from components.demo.generator.bank_rows import BankNames, BankRows, BilledPerson
from components.demo.generator.copied_blocks import CopiedBlocks, RowIds
from components.demo.generator.drawn_agreements import DrawnAgreement, DrawnPeriod
from components.demo.generator.generated_base import GeneratedBase, GeneratedPrice
from components.demo.generator.seasonal_calendar import A_DAY, AN_HOUR, at_instant

REFUNDED, PART_OF_THEM = 0.015, 0.4
"""The share of fees that are given back, and of those the share of which only a half is."""
FREE_AT_THE_BANK = ("trialing", "paused")
CREATED, RENEWED = "subscription_create", "subscription_cycle"


class FeeRows:
    """Writes subscriptions' money into the blocks."""

    def __init__(self, base: GeneratedBase, blocks: CopiedBlocks, ids: RowIds, chance: Random) -> None:
        self.base, self.blocks, self.ids, self.chance = base, blocks, ids, chance
        self.bank, self.chance_of_names = BankRows(base, blocks, ids), Random("numbers")

    def write(
        self, subscription: UUID, payer: BilledPerson, drawn: DrawnAgreement, prices: list[GeneratedPrice]
    ) -> None:
        series = f"{self.chance.getrandbits(32):08X}"
        names = self.bank.write(subscription, payer, drawn, prices)
        if self.base.bank is not None and drawn.status in FREE_AT_THE_BANK:
            self._free(subscription, names, drawn, prices[-1] if prices else self.base.prices[drawn.plan])
        for number, (period, price) in enumerate(zip(drawn.periods, prices, strict=True), start=1):
            is_first = number == 1 and drawn.trial_until is None
            is_current = number == len(drawn.periods) and drawn.period[0] == period.starts
            bill = (names.invoice, names.payment) if is_current else (self.ids.stripe("in"), self.ids.stripe("pi"))
            self._paid(
                subscription, names.subscription, period, price, bill, f"{series}-{number:04d}", is_first=is_first
            )
        if drawn.tries:
            called = f"{series}-{len(prices) + 1:04d}"
            self._failed(subscription, names.subscription, drawn, prices[-1], names.invoice, called)

    def _free(self, subscription: UUID, names: BankNames, drawn: DrawnAgreement, price: GeneratedPrice) -> None:
        """The bank's invoice of the free time, over nothing."""
        starts, ends = map(at_instant, drawn.period)
        self.blocks.add(
            "mirrored_invoice", stripe_id=names.invoice, subscription=names.subscription, local_id=subscription,
            number=f"{self.chance_of_names.getrandbits(32):08X}-0000", amount_due=0, total=0,
            currency=self.base.currency, period_start=starts, period_end=ends, price=price.stripe, created_at=starts,
            mirrored_at=starts, reason=CREATED, status="paid", amount_paid=0, attempts=0, paid_at=starts,
        )  # fmt: skip

    def _paid(
        self, subscription: UUID, stripe: str, period: DrawnPeriod, price: GeneratedPrice, bill: tuple[str, str],
        number: str, *, is_first: bool,
    ) -> None:  # fmt: skip
        (invoice, payment), paid_at = bill, at_instant(period.paid)
        self._billed(
            subscription, stripe, invoice, number, price, payment, starts=period.starts, ends=period.ends,
            reason=CREATED if is_first else RENEWED, status="paid", amount_paid=price.amount,
            attempts=period.attempts, paid_at=paid_at,
            failed_at=at_instant(period.starts + AN_HOUR) if period.attempts > 1 else None,
        )  # fmt: skip
        self._payment(subscription, invoice, payment, price.amount, period.starts, received=price.amount)
        self.blocks.add(
            "paid_period", id=self.ids.at(period.paid), subscription=subscription, invoice=invoice,
            starts_at=at_instant(period.starts), ends_at=at_instant(period.ends), amount=price.amount,
            currency=self.base.currency, paid_at=paid_at, plan_version=price.version, net_price=price.net,
            **price.kept,
        )  # fmt: skip
        if self.chance.random() < REFUNDED and (at := period.paid + 2 * A_DAY) < self.base.now:
            amount = price.amount // 2 if self.chance.random() < PART_OF_THEM else price.amount
            self._refund(subscription, invoice, payment, amount, at)

    def _failed(
        self, subscription: UUID, stripe: str, drawn: DrawnAgreement, price: GeneratedPrice, invoice: str, number: str
    ) -> None:
        starts, ends = drawn.period
        is_over = drawn.ended is not None
        payment = self.ids.stripe("pi")
        next_at = None if is_over else at_instant(self.base.now + A_DAY)
        self._billed(
            subscription, stripe, invoice, number, price, payment, starts=starts, ends=ends, reason=RENEWED,
            status="uncollectible" if is_over else "open", amount_paid=0, attempts=drawn.tries, paid_at=None,
            failed_at=at_instant(starts + AN_HOUR), next_attempt_at=next_at,
        )  # fmt: skip
        self._payment(subscription, invoice, payment, price.amount, starts, received=0)

    def _billed(
        self, subscription: UUID, stripe: str, invoice: str, number: str, price: GeneratedPrice, payment: str, *,
        starts: int, ends: int, **rest: object,
    ) -> None:  # fmt: skip
        self.blocks.add(
            "mirrored_invoice", stripe_id=invoice, subscription=stripe, local_id=subscription, number=number,
            amount_due=price.amount, total=price.amount, currency=self.base.currency, period_start=at_instant(starts),
            period_end=at_instant(ends), price=price.stripe, payment_intent=payment, created_at=at_instant(starts),
            mirrored_at=at_instant(starts), **rest,
        )  # fmt: skip

    def _payment(
        self, subscription: UUID, invoice: str, payment: str, amount: int, created: int, *, received: int
    ) -> None:
        failed = {} if received else {"failure": "Your card was declined.", "failure_code": "card_declined"}
        self.blocks.add(
            "mirrored_payment", stripe_id=payment, purpose="joining", reference_id=subscription, invoice=invoice,
            status="succeeded" if received else "requires_payment_method", amount=amount, received=received,
            currency=self.base.currency, created_at=at_instant(created), mirrored_at=at_instant(created), **failed,
        )  # fmt: skip

    def _refund(self, subscription: UUID, invoice: str, payment: str, amount: int, at: int) -> None:
        refund, stripe, moment = self.ids.at(at), self.ids.stripe("re"), at_instant(at)
        self.blocks.add(
            "fee_refund", id=refund, subscription=subscription, invoice=invoice, amount=amount,
            currency=self.base.currency, reason="Asked within two weeks", status="succeeded", stripe_id=stripe,
            at=moment, by=self.base.owner, settled_at=moment, reviewed_at=moment, reviewed_by=self.base.owner,
        )  # fmt: skip
        refunded(self.blocks, subscription, payment, stripe, refund, amount, self.base.currency, at)


def refunded(
    blocks: CopiedBlocks, reference: UUID, payment: str, stripe: str, key: UUID, amount: int, currency: str, at: int
) -> None:
    """A refund as it was asked for and made at the bank."""
    moment = at_instant(at)
    blocks.add(
        "requested_refund", key=key, reference_id=reference, payment_intent=payment, amount=amount, currency=currency,
        asked_at=moment, stripe_id=stripe,
    )  # fmt: skip
    blocks.add(
        "mirrored_refund", stripe_id=stripe, payment_intent=payment, reference_id=reference, key=key,
        status="succeeded", amount=amount, currency=currency, created_at=moment, mirrored_at=moment,
    )  # fmt: skip
