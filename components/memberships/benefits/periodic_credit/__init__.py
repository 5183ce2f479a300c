"""Store credit with every paid period, or once for a term, a gift or a life: spent like money in this shop, gone when
its time is over."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec

from components import ledger
from components.foundation import clock
from components.memberships import wording
from components.memberships.benefits.hindsight import Given, Past, Replayed, counted
from components.memberships.benefits.moments import Holding, PeriodPaid
from components.memberships.benefits.protocol import Field, Illustration, Kind, SettingRefused

LONGEST_DAYS = 3_660


class Settings(msgspec.Struct, frozen=True):
    """`amount` in minor units; it runs out `days` after it was given, or with the period it was given for when 0."""

    amount: int
    days: int = 0


class PeriodicCredit(Kind[Settings]):
    key = "periodic_credit"
    title = "Store credit each period"
    hint = "Added for every paid period, or once for a one-off plan. Credit that expires first is used first."
    settings_type = Settings
    fields = (
        Field("amount", "Credit each period", "amount"),
        Field("days", "Expires after days", "whole", hint="0 for the end of the period.", is_needed=False),
    )

    def read(self, answers: Mapping[str, Any]) -> Settings:
        amount, days = answers.get("amount"), answers.get("days") or 0
        if not isinstance(amount, int) or amount <= 0:
            raise SettingRefused("amount", "An amount above zero.")
        if not isinstance(days, int) or not 0 <= days <= LONGEST_DAYS:
            raise SettingRefused("days", f"Between 0 and {LONGEST_DAYS} days.")
        return Settings(amount, days)

    def answers(self, settings: Settings) -> dict[str, Any]:
        return {"amount": settings.amount, "days": settings.days}

    def words(self, settings: Settings) -> str:
        until = f"within {settings.days} days" if settings.days else "before the next one"
        return f"{wording.money(settings.amount)} to spend here with every fee you pay, {until}"

    def illustrations(self, settings: Settings) -> tuple[Illustration, ...]:
        credit = wording.money(settings.amount)
        return (Illustration("Every period paid for", wording.money(0), credit, "Once for each, by itself."),)

    def replayed(self, past: Past[Settings]) -> Replayed:
        given = tuple(
            Given(paid.person, paid.plan, one.benefit, paid.at, cost=one.settings.amount, worth=one.settings.amount)
            for paid in past.happened.periods
            for one in past.held({paid.plan})
        )
        return Replayed(
            given,
            counted(len(given), "paid period", "paid periods"),
            "Store credit counts when added. Expiry is not taken into account.",
        )

    async def period_paid(self, held: Holding[Settings], paid: PeriodPaid) -> None:
        terms = held.settings
        expires_at = max(clock.now(), paid.starts_at) + timedelta(days=terms.days) if terms.days else paid.ends_at
        if expires_at is not None and expires_at <= clock.now():
            return
        await ledger.credit.give(
            held.person_id,
            terms.amount,
            cause=f"period:{paid.period_id}:{held.benefit_id}:{held.person_id}",
            words=f"{held.name}, {_for(paid)}",
            expires_at=expires_at,
            benefit_id=held.benefit_id,
            because_of=paid.period_id,
        )


def _for(paid: PeriodPaid) -> str:
    begins = wording.day(paid.starts_at)
    return f"from {begins}" if paid.ends_at is None else f"for {begins} to {wording.day(paid.ends_at)}"


KIND = PeriodicCredit()
