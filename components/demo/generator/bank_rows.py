"""Subscriptions at the bank: who still runs is known to the practice bank too, and goes on being billed there."""

from dataclasses import dataclass
from uuid import UUID

from components.demo.generator.copied_blocks import CopiedBlocks, RowIds
from components.demo.generator.drawn_agreements import DrawnAgreement
from components.demo.generator.generated_base import GeneratedBase, GeneratedPrice
from components.demo.generator.seasonal_calendar import at_instant
from components.payments import customers, ownership, stripe_connection

GOES_ON, TRIALS = ("active", "trialing", "paused"), ("trialing", "cancelled")
SUBSCRIPTION = "subscription"
BRAND, LAST4, EXPIRES = "visa", "4242", "2034-12"
"""The card with which the practice bank carries a subscription over."""


@dataclass(frozen=True, slots=True)
class BilledPerson:
    """Who pays for a subscription."""

    person: UUID
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class BankNames:
    """What the bank calls a subscription, and the invoice of its period with its payment."""

    subscription: str
    customer: str
    method: str
    invoice: str
    payment: str


class BankRows:
    """Writes subscriptions as mirrored into the blocks."""

    def __init__(self, base: GeneratedBase, blocks: CopiedBlocks, ids: RowIds) -> None:
        self.base, self.blocks, self.ids = base, blocks, ids

    def write(
        self, subscription: UUID, payer: BilledPerson, drawn: DrawnAgreement, prices: list[GeneratedPrice]
    ) -> BankNames:
        price = prices[-1] if prices else self.base.prices[drawn.plan]
        names = self._names(subscription, payer, drawn, price)
        is_paused = drawn.status == "paused"
        trial_end = drawn.period[1] if is_paused else drawn.trial_until if drawn.status in TRIALS else None
        self.blocks.add(
            "mirrored_subscription", stripe_id=names.subscription, local_id=subscription, customer=names.customer,
            status="trialing" if is_paused else drawn.status, price=price.stripe, amount=price.amount,
            currency=self.base.currency, current_period_start=at_instant(drawn.period[0]),
            current_period_end=at_instant(drawn.period[1]), trial_end=at_instant(trial_end) if trial_end else None,
            cancel_at=at_instant(drawn.cancel_at) if drawn.cancel_at else None,
            cancelled_at=at_instant(drawn.period[0]) if drawn.cancel_at else None,
            ended_at=at_instant(drawn.ended) if drawn.ended else None, started_at=at_instant(drawn.started),
            payment_method=names.method, card_brand=BRAND, card_last4=LAST4, card_expires=EXPIRES,
            latest_invoice=names.invoice if drawn.periods or drawn.status in GOES_ON else None,
            mirrored_at=at_instant(drawn.period[0]),
        )  # fmt: skip
        return names

    def _names(
        self, subscription: UUID, payer: BilledPerson, drawn: DrawnAgreement, price: GeneratedPrice
    ) -> BankNames:
        stripe = self.ids.stripe
        if self.base.bank is None or drawn.status not in GOES_ON:
            return BankNames(stripe("sub"), stripe("cus"), stripe("pm"), stripe("in"), stripe("pi"))
        marks = ownership.ownership_metadata()
        made = self.base.bank.carry_over(
            price=price.stripe, email=payer.email, name=payer.name, person=marks | {"person_id": str(payer.person)},
            marks=marks | {"purpose": "joining", "reference_id": str(subscription)}, started=drawn.started,
            since=drawn.period[0], until=drawn.period[1], anchor=drawn.anchor,
            is_free=drawn.status != "active", ends=drawn.cancel_at is not None,
        )  # fmt: skip
        for kind, local, name in (
            (customers.KIND, payer.person, "customer"),
            (SUBSCRIPTION, subscription, "subscription"),
        ):
            self.blocks.add(
                "payment_reference", id=self.ids.at(drawn.started), kind=f"{kind}@{stripe_connection.mode()}",
                local_id=local, stripe_id=made[name], since=at_instant(drawn.started),
            )  # fmt: skip
        self._card(made["method"], made["customer"])
        payment = made["payment"] or stripe("pi")
        return BankNames(made["subscription"], made["customer"], made["method"], made["invoice"], payment)

    def _card(self, method: str, customer: str) -> None:
        """Remembered here: else the bank would be asked for each of them."""
        year, month = map(int, EXPIRES.split("-"))
        self.blocks.add(
            "saved_card", payment_method=method, customer=customer, brand=BRAND, last4=LAST4, expires_month=month,
            expires_year=year, saved_at=at_instant(self.base.now),
        )  # fmt: skip
