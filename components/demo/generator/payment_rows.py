"""Payments on hosted pages as rows, refunds of them, and disputes."""

from uuid import UUID

from components.demo.generator.copied_blocks import CopiedBlocks, RowIds
from components.demo.generator.generated_base import GeneratedBase
from components.demo.generator.seasonal_calendar import A_DAY, at_instant

A_PAGE_LASTS = 45 * 60


class PaymentRows:
    """Writes what was paid on a page into the blocks."""

    def __init__(self, base: GeneratedBase, blocks: CopiedBlocks, ids: RowIds) -> None:
        self.base, self.blocks, self.ids = base, blocks, ids

    def page(self, purpose: str, reference: UUID, amount: int, at: int, *, person: UUID | None, email: str) -> str:
        """Paid within two minutes; returns the payment's name at the bank."""
        payment, moment = self.ids.stripe("pi"), at_instant(at)
        self._page(
            purpose, reference, amount, at, person=person, email=email, status="complete", payment_status="paid",
            payment_intent=payment, completed_at=moment, paid_at=moment,
        )  # fmt: skip
        self.blocks.add(
            "mirrored_payment", stripe_id=payment, purpose=purpose, reference_id=reference, status="succeeded",
            amount=amount, received=amount, currency=self.base.currency, created_at=moment, mirrored_at=moment,
        )  # fmt: skip
        return payment

    def abandoned(
        self, purpose: str, reference: UUID, amount: int, at: int, *, person: UUID | None, email: str
    ) -> None:
        self._page(
            purpose, reference, amount, at, person=person, email=email, status="expired", payment_status="unpaid",
            expired_at=at_instant(at + A_PAGE_LASTS),
        )  # fmt: skip

    def disputed(self, reference: UUID, payment: str, amount: int, at: int, *, is_lost: bool) -> None:
        """Decided after a month, and what follows from it as well."""
        decided = at_instant(at + 30 * A_DAY)
        self.blocks.add(
            "mirrored_dispute", stripe_id=self.ids.stripe("dp"), payment_intent=payment, reference_id=reference,
            status="lost" if is_lost else "won", reason="product_not_received", amount=amount,
            currency=self.base.currency, answer_by=at_instant(at + 14 * A_DAY), submissions=1,
            created_at=at_instant(at), mirrored_at=decided, lost_at=decided if is_lost else None,
            reviewed_at=decided if is_lost else None, reviewed_by=self.base.owner if is_lost else None,
        )  # fmt: skip

    def _page(
        self, purpose: str, reference: UUID, amount: int, at: int, *, person: UUID | None, email: str, **rest: object
    ) -> None:
        self.blocks.add(
            "checkout_session", id=self.ids.at(at), purpose=purpose, reference_id=reference,
            key=f"{purpose}:{reference}:checkout:1", person_id=person, email=email, request="{}", fingerprint="",
            stripe_session_id=self.ids.stripe("cs"), amount=amount, currency=self.base.currency,
            created_at=at_instant(at), expires_at=at_instant(at + A_PAGE_LASTS), mirrored_at=at_instant(at), **rest,
        )  # fmt: skip
