"""A drawn subscription as rows: the agreement, what it gave access to, and what was planned and changed in it."""

import hashlib
from random import Random
from uuid import UUID

from components.demo.added.offer_rows import OfferRows
from components.demo.generator.copied_blocks import CopiedBlocks, RowIds
from components.demo.generator.drawn_agreements import DrawnAgreement, DrawnPeriod, DrawnSpan
from components.demo.generator.generated_base import NOTICE_DAYS, GeneratedBase, GeneratedPrice
from components.demo.generator.seasonal_calendar import A_DAY, AN_HOUR, at_instant
from components.demo.shop_history import MONTHLY


class MemberRows:
    """Writes what belongs to memberships into the blocks."""

    def __init__(self, base: GeneratedBase, blocks: CopiedBlocks, ids: RowIds, chance: Random) -> None:
        self.base, self.blocks, self.ids, self.chance = base, blocks, ids, chance
        self.migration, self.offers = ids.at(base.dearer_at), OfferRows(base, blocks)
        self._promised = {slug: tuple(one.id for one in plan.benefits) for slug, plan in base.plans.items()}

    def begin(self) -> None:
        """The move of the monthly plan's members to its new price, told a month before."""
        if not self.base.has_risen:
            return
        self.blocks.add(
            "price_migration", id=self.migration, plan=self.base.plans[MONTHLY].id,
            to_version=self.base.prices[MONTHLY].version, from_at=at_instant(self.base.moves_at),
            notice_days=NOTICE_DAYS, made_at=at_instant(self.base.dearer_at), made_by=self.base.owner,
        )  # fmt: skip

    def prices(self, drawn: DrawnAgreement) -> list[GeneratedPrice]:
        """Of each period: who began at the old price keeps it until they are moved."""
        found, was_old = list[GeneratedPrice](), False
        for period in drawn.periods:
            is_monthly = period.plan == MONTHLY
            has_old = period.starts < self.base.dearer_at or (was_old and period.starts < self.base.moves_at)
            was_old = is_monthly and has_old
            found.append(self.base.old_monthly if was_old else self.base.prices[period.plan])
        return found

    def subscription(self, payer: UUID, email: str, drawn: DrawnAgreement, prices: list[GeneratedPrice]) -> UUID:
        subscription, base = self.ids.at(drawn.started), self.base
        first = base.old_monthly if drawn.plan == MONTHLY and drawn.started < base.dearer_at else None
        last = prices[-1] if prices else first or base.prices[drawn.plan]
        owes = drawn.status in ("past_due", "paused")
        self.blocks.add(
            "subscription", id=subscription, payer=payer, plan_version=last.version, status=drawn.status,
            created_at=at_instant(drawn.started), started_at=at_instant(drawn.started),
            current_period_start=at_instant(drawn.period[0]), current_period_end=at_instant(drawn.period[1]),
            past_due_since=_or_none(drawn.owed_since or drawn.period[0]) if owes else None,
            cancel_at=_or_none(drawn.cancel_at), cancel_reason=drawn.reason, ended_at=_or_none(drawn.ended), late_by=0,
        )  # fmt: skip
        if drawn.trial_until is not None:
            digest = hashlib.sha256(email.encode()).hexdigest()
            self.blocks.add(
                "trial", id=self.ids.at(drawn.started), person=payer, subscription=subscription, email_key=digest,
                card=self.ids.stripe("fp"), at=at_instant(drawn.started),
            )  # fmt: skip
        if drawn.reason is not None:
            self.blocks.add(
                "cancel_attempt", id=self.ids.at(drawn.period[0]), subscription=subscription, person=payer,
                reason=drawn.reason, at=at_instant(drawn.period[0]),
            )  # fmt: skip
        self._agreed(subscription, drawn, prices)
        self.offers.write(subscription, payer, drawn)
        return subscription

    def membership(
        self, holder: UUID, span: DrawnSpan, *, source: str, source_id: UUID, given_by: UUID | None = None
    ) -> UUID:
        """With everything its plan includes, for as long as it lasts."""
        membership, ends = self.ids.at(span.starts), _or_none(span.ends)
        is_over = span.ends is not None and span.ends <= self.base.now
        self.blocks.add(
            "membership", id=membership, holder=holder, plan=self.base.plans[span.plan].id, source=source,
            source_id=source_id, starts_at=at_instant(span.starts), ends_at=ends,
            end_announced_at=ends if is_over else None, given_by=given_by,
        )  # fmt: skip
        for benefit in self._promised[span.plan]:
            self.blocks.add(
                "entitlement", id=self.ids.at(span.starts), membership=membership, person=holder, benefit=benefit,
                from_at=at_instant(span.starts), until_at=ends, because_of=source,
            )  # fmt: skip
        return membership

    def _agreed(self, subscription: UUID, drawn: DrawnAgreement, prices: list[GeneratedPrice]) -> None:
        for pause in drawn.pauses:
            assert pause.ends is not None
            asked = at_instant(pause.starts - 3 * A_DAY)
            self.blocks.add(
                "pause", id=self.ids.at(pause.starts), subscription=subscription, from_at=at_instant(pause.starts),
                until_at=at_instant(pause.ends), begun_at=at_instant(pause.starts), asked_at=asked, arranged_at=asked,
                ended_at=at_instant(pause.ends) if pause.ends <= self.base.now else None, paid_left=0,
            )  # fmt: skip
        for change in drawn.changes:
            price = self._price_from(change.starts, drawn.periods, prices)
            self.blocks.add(
                "plan_change", id=self.ids.at(change.starts), subscription=subscription, to_version=price.version,
                amount=0, currency=self.base.currency, asked_at=at_instant(change.starts - 5 * A_DAY),
                due_at=at_instant(change.starts), applied_at=at_instant(change.starts - AN_HOUR),
            )  # fmt: skip
        for number, period in enumerate(drawn.periods[1:], start=1):
            was_old = prices[number - 1] is self.base.old_monthly
            if was_old and prices[number] is self.base.prices[MONTHLY] and period.starts >= self.base.moves_at:
                self.blocks.add(
                    "price_move", id=self.ids.at(period.starts - NOTICE_DAYS * A_DAY), migration=self.migration,
                    subscription=subscription, told_at=at_instant(period.starts - NOTICE_DAYS * A_DAY),
                    renews_at=at_instant(period.starts), moved_at=at_instant(period.starts - A_DAY),
                )  # fmt: skip

    def _price_from(self, at: int, periods: list[DrawnPeriod], prices: list[GeneratedPrice]) -> GeneratedPrice:
        return next(price for period, price in zip(periods, prices, strict=True) if period.starts == at)


def _or_none(second: int | None) -> object:
    return None if second is None else at_instant(second)
