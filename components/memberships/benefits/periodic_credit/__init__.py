"""Store credit with every paid period, or once for a fixed term, a gift or a lifetime plan. It is
spent like money in this shop and expires."""

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
    """`amount` in minor units; it expires `days` after it was given, or with the period it was given for when 0."""

    amount: int
    days: int = 0


class PeriodicCredit(Kind[Settings]):
    key = "periodic_credit"
    title = "Store credit each period"
    hint = (
        "Given once for every period that is paid for; once, on a plan that is paid once. What ends first goes first."
    )
    settings_type = Settings
    fields = (
        Field("amount", "Credit per period", "amount"),
        Field("days", "Days until it expires", "whole", hint="0 to expire at the end of the period.", is_needed=False),
    )

    def read(self, answers: Mapping[str, Any]) -> Settings:
        amount, days = answers.get("amount"), answers.get("days") or 0
        if not isinstance(amount, int) or amount <= 0:
            raise SettingRefused("amount", "Enter an amount above zero.")
        if not isinstance(days, int) or not 0 <= days <= LONGEST_DAYS:
            raise SettingRefused("days", f"Enter between 0 and {LONGEST_DAYS} days.")
        return Settings(amount, days)

    def answers(self, settings: Settings) -> dict[str, Any]:
        return {"amount": settings.amount, "days": settings.days}

    def words(self, settings: Settings) -> str:
        until = (
            f"lasts {settings.days} day{'s' if settings.days != 1 else ''}"
            if settings.days
            else "use it before the next one"
        )
        return f"{wording.money(settings.amount)} store credit with every membership payment ({until})"

    def illustrations(self, settings: Settings) -> tuple[Illustration, ...]:
        credit = wording.money(settings.amount)
        return (Illustration("Each paid period", wording.money(0), credit, "Added once per period, automatically."),)

    def replayed(self, past: Past[Settings]) -> Replayed:
        given = tuple(
            Given(paid.person, paid.plan, one.benefit, paid.at, cost=one.settings.amount, worth=one.settings.amount)
            for paid in past.happened.periods
            for one in past.held({paid.plan})
        )
        return Replayed(
            given,
            counted(len(given), "paid period", "paid periods"),
            "Store credit counts in full: credit that would have expired unspent is not predicted.",
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
