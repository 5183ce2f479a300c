"""Store credit with every paid period, or once for a fixed term, a gift or a lifetime plan. It is
spent like money in this shop and expires."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec

from components.foundation import clock, formatting
from components.foundation.languages import language
from components.foundation.languages.words import _, n_
from components.ledger import credit as ledger_credit
from components.memberships.benefits.backtest import BacktestGrant, BacktestHistory, BacktestOutcome, counted
from components.memberships.benefits.events import Holding, PeriodPaid
from components.memberships.benefits.protocol import BenefitField, Illustration, Kind, SettingRefused

LONGEST_DAYS = 3_660


class PeriodicCreditSettings(msgspec.Struct, frozen=True):
    """`amount` in minor units; it expires `days` after it was given, or with the period it was given for when 0."""

    amount: int
    days: int = 0


class PeriodicCredit(Kind[PeriodicCreditSettings]):
    key = "periodic_credit"
    title = "Store credit each period"
    hint = "Added for every paid period, or once for a one-off plan. Credit that expires first is used first."
    name_hint = "Shown to members next to their credit, for example “£5 every month”."
    when_removed = "They keep the credit they have until it expires. They get none at their next renewals."
    settings_type = PeriodicCreditSettings
    fields = (
        BenefitField("amount", "Credit per period", "amount"),
        BenefitField(
            "days", "Days until it expires", "whole", hint="0 to expire at the end of the period.", is_needed=False
        ),
    )
    example = {"amount": 300, "days": 0}

    def read(self, answers: Mapping[str, Any]) -> PeriodicCreditSettings:
        amount, days = answers.get("amount"), answers.get("days") or 0
        if not isinstance(amount, int) or amount <= 0:
            raise SettingRefused("amount", "Enter an amount above zero.")
        if not isinstance(days, int) or not 0 <= days <= LONGEST_DAYS:
            raise SettingRefused("days", f"Enter between 0 and {LONGEST_DAYS} days.")
        return PeriodicCreditSettings(amount, days)

    def answers(self, settings: PeriodicCreditSettings) -> dict[str, Any]:
        return {"amount": settings.amount, "days": settings.days}

    def words(self, settings: PeriodicCreditSettings) -> str:
        sum = formatting.money(settings.amount)
        if settings.days:
            return n_(
                "%(sum)s store credit with every membership payment (lasts %(num)s day)",
                "%(sum)s store credit with every membership payment (lasts %(num)s days)",
                settings.days,
                sum=sum,
            )
        return _("%(sum)s store credit with every membership payment (use it before the next one)", sum=sum)

    def illustrations(self, settings: PeriodicCreditSettings) -> tuple[Illustration, ...]:
        credit = formatting.money(settings.amount)
        return (Illustration("Each paid period", formatting.money(0), credit, "Added once per period, automatically."),)

    def backtest(self, past: BacktestHistory[PeriodicCreditSettings]) -> BacktestOutcome:
        given = tuple(
            BacktestGrant(
                paid.person, paid.plan, one.benefit, paid.at, cost=one.settings.amount, worth=one.settings.amount
            )
            for paid in past.happened.periods
            for one in past.held({paid.plan})
        )
        return BacktestOutcome(
            given,
            counted(len(given), "paid period", "paid periods"),
            "Store credit counts in full: credit that would have expired unspent is not predicted.",
        )

    async def on_period_paid(self, held: Holding[PeriodicCreditSettings], paid: PeriodPaid) -> None:
        terms = held.settings
        expires_at = max(clock.now(), paid.starts_at) + timedelta(days=terms.days) if terms.days else paid.ends_at
        if expires_at is not None and expires_at <= clock.now():
            return
        await ledger_credit.grant(
            held.person_id,
            terms.amount,
            cause=f"period:{paid.period_id}:{held.benefit_id}:{held.person_id}",
            words=f"{held.name}, {_for(paid)}",
            expires_at=expires_at,
            benefit_id=held.benefit_id,
            because_of=paid.period_id,
        )


def _for(paid: PeriodPaid) -> str:
    """Kept in English, to be said in any language."""
    with language.speaking(language.STAFF):
        begins = formatting.day(paid.starts_at)
        return f"from {begins}" if paid.ends_at is None else f"for {begins} to {formatting.day(paid.ends_at)}"


KIND = PeriodicCredit()
