"""Memberships without a subscription of their own: gifts, terms paid once, seats, the free plan and what staff gave."""

from uuid import UUID

from components.demo.generator.copied_blocks import CopiedBlocks, RowIds
from components.demo.generator.drawn_agreements import DrawnSpan
from components.demo.generator.generated_base import FRIEND, ONCE, GeneratedBase
from components.demo.generator.member_rows import MemberRows
from components.demo.generator.payment_rows import PaymentRows
from components.demo.generator.seasonal_calendar import A_DAY, at_instant, later
from components.demo.shop_history import ANNUAL

SEATS_LEAST = 30 * A_DAY
"""A membership shorter than this is shared with nobody."""


class GrantedRows:
    """Writes them into the blocks."""

    def __init__(
        self, base: GeneratedBase, blocks: CopiedBlocks, ids: RowIds, members: MemberRows, payments: PaymentRows
    ) -> None:
        self.base, self.blocks, self.ids, self.members, self.payments = base, blocks, ids, members, payments

    def gift(self, buyer: UUID, giver: str, holder: UUID, name: str, email: str, at: int) -> DrawnSpan:
        """Bought two days before it is redeemed, for a year."""
        gift, bought, price = self.ids.at(at), at_instant(at - 2 * A_DAY), self.base.prices[ANNUAL]
        self.payments.page("gift", gift, price.amount, at - 2 * A_DAY, person=buyer, email="")
        self.blocks.add(
            "gift_membership", id=gift, buyer=buyer, plan_version=price.version, giver_name=giver,
            recipient_name=name, recipient_email=email, send_at=bought, created_at=bought, paid_at=bought,
            sent_at=bought, redeemed_at=at_instant(at), redeemed_by=holder, begun_at=at_instant(at),
            **price.kept,
        )  # fmt: skip
        return self._held(holder, DrawnSpan(ANNUAL, at, later(at, 12)), "gift", gift)

    def term(self, holder: UUID, email: str, at: int) -> DrawnSpan:
        """Paid once, for a year."""
        term, price = self.ids.at(at), self.base.prices[ONCE]
        self.payments.page("term", term, price.amount, at, person=holder, email=email)
        self.blocks.add(
            "paid_term", id=term, payer=holder, plan_version=price.version, created_at=at_instant(at),
            paid_at=at_instant(at), **price.kept,
        )  # fmt: skip
        return self._held(holder, DrawnSpan(ONCE, at, later(at, 12)), "term", term)

    def seat(self, source: UUID, payer: UUID, holder: UUID, email: str, shared: DrawnSpan) -> None:
        """Taken a week after the membership that is shared began, until it ends."""
        seat, taken = self.ids.at(shared.starts), shared.starts + 7 * A_DAY
        is_over = shared.ends is not None and shared.ends <= self.base.now
        self.blocks.add(
            "seat", id=seat, source_id=source, payer=payer, email=email, offered_at=at_instant(taken - A_DAY),
            holder=holder, taken_at=at_instant(taken),
            ended_at=at_instant(shared.ends) if is_over and shared.ends else None,
        )  # fmt: skip
        self._held(holder, DrawnSpan(ANNUAL, taken, shared.ends), "seat", seat)

    def friend(self, holder: UUID, at: int) -> DrawnSpan:
        return self._held(holder, DrawnSpan(FRIEND, at), "free", self.ids.at(at))

    def complimentary(self, holder: UUID, at: int) -> DrawnSpan:
        """A year, given by the owner."""
        span = DrawnSpan(ANNUAL, at, later(at, 12))
        return self._held(holder, span, "comp", self.ids.at(at), given_by=self.base.owner)

    def _held(
        self, holder: UUID, span: DrawnSpan, source: str, source_id: UUID, given_by: UUID | None = None
    ) -> DrawnSpan:
        self.members.membership(holder, span, source=source, source_id=source_id, given_by=given_by)
        return span


def may_be_shared(span: DrawnSpan, now: int) -> bool:
    return span.plan == ANNUAL and (span.ends or now) - span.starts > SEATS_LEAST and span.starts + 8 * A_DAY < now
