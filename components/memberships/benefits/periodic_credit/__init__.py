"""Store credit with every paid period, or once: with the first one, or for a fixed term, a gift or a lifetime plan. It
is spent like money in this shop, and expires by a rule of its own."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from components.foundation import clock, formatting
from components.foundation.languages import language
from components.foundation.languages.words import _, n_
from components.foundation.shop_settings import shop_settings
from components.ledger import credit as ledger_credit
from components.memberships.benefits import benefit_families
from components.memberships.benefits.backtest import BacktestGrant, BacktestHistory, BacktestOutcome, counted
from components.memberships.benefits.events import Holding, PeriodPaid
from components.memberships.benefits.protocol import BenefitField, Illustration, Kind, SettingRefused

LONGEST_DAYS = 3_660


EACH = (("period", "With every paid period"), ("once", "Once, with the first paid period"))
EXPIRY = (
    ("period", "At the end of the period it was given for"),
    ("days", "After a number of days"),
    ("year", "At the end of the calendar year after the one it was given in"),
    ("never", "Never"),
)


class PeriodicCreditSettings(msgspec.Struct, frozen=True):
    """`amount` in minor units. `is_once`: only with the first period that somebody pays for while they hold it, ever.

    It expires `days` after it was given, or by the rule named `expiry` when that is 0.
    """

    amount: int
    days: int = 0
    is_once: bool = False
    expiry: str = "period"


class PeriodicCredit(Kind[PeriodicCreditSettings]):
    key = "periodic_credit"
    title = "Store credit each period"
    hint = "Added for every paid period, or once. Credit that expires first is used first."
    name_hint = "Shown to members next to their credit, for example “£5 every month”."
    when_removed = "They keep the credit they have until it expires. They get none at their next renewals."
    settings_type = PeriodicCreditSettings
    is_tried = True
    fields = (
        BenefitField("amount", "Credit", "amount"),
        BenefitField("each", "Given", "choice", choices=EACH),
        BenefitField("expiry", "Expires", "choice", choices=EXPIRY),
        BenefitField(
            "days", "Days until it expires", "whole", hint="Only for “After a number of days”.", is_needed=False
        ),
    )
    example = {"amount": 300, "each": "period", "expiry": "period", "days": 0}

    def read(self, answers: Mapping[str, Any]) -> PeriodicCreditSettings:
        amount, days = answers.get("amount"), answers.get("days") or 0
        if not isinstance(amount, int) or amount <= 0:
            raise SettingRefused("amount", "Enter an amount above zero.")
        if not isinstance(days, int) or not 0 <= days <= LONGEST_DAYS:
            raise SettingRefused("days", f"Enter between 0 and {LONGEST_DAYS} days.")
        expiry = answers.get("expiry") or ("days" if days else "period")
        if expiry not in dict(EXPIRY):
            raise SettingRefused("expiry", "Choose when it expires.")
        if expiry == "days" and not days:
            raise SettingRefused("days", "Enter after how many days it expires.")
        if expiry != "days" and days:
            raise SettingRefused("days", "Enter 0 here, or choose “After a number of days” above.")
        is_once = answers.get("each") == "once"
        if expiry == "days":
            return PeriodicCreditSettings(amount, days, is_once)
        return PeriodicCreditSettings(amount, 0, is_once, expiry)

    def answers(self, settings: PeriodicCreditSettings) -> dict[str, Any]:
        each, expiry = "once" if settings.is_once else "period", "days" if settings.days else settings.expiry
        return {"amount": settings.amount, "each": each, "expiry": expiry, "days": settings.days}

    def words(self, settings: PeriodicCreditSettings) -> str:
        sum, days = formatting.money(settings.amount), settings.days
        if settings.is_once:
            return _once(settings, sum)
        if days:
            return n_(
                "%(sum)s store credit with every membership payment (lasts %(num)s day)",
                "%(sum)s store credit with every membership payment (lasts %(num)s days)",
                days,
                sum=sum,
            )
        if settings.expiry == "never":
            return _("%(sum)s store credit with every membership payment (doesn’t expire)", sum=sum)
        if settings.expiry == "year":
            return _("%(sum)s store credit with every membership payment (lasts until the end of next year)", sum=sum)
        return _("%(sum)s store credit with every membership payment (use it before the next one)", sum=sum)

    def illustrations(self, settings: PeriodicCreditSettings) -> tuple[Illustration, ...]:
        credit = formatting.money(settings.amount)
        if settings.is_once:
            return (Illustration("First paid period", formatting.money(0), credit, "Added once for each member."),)
        return (Illustration("Each paid period", formatting.money(0), credit, "Added once per period, automatically."),)

    def backtest(self, past: BacktestHistory[PeriodicCreditSettings]) -> BacktestOutcome:
        given = tuple(
            BacktestGrant(
                paid.person, paid.plan, one.benefit, paid.at, cost=one.settings.amount, worth=one.settings.amount
            )
            for paid in past.happened.periods
            for one in past.held({paid.plan})
            if not one.settings.is_once or paid.turn == 1
        )
        return BacktestOutcome(
            given,
            counted(len(given), "paid period", "paid periods"),
            "Store credit counts in full: credit that would have expired unspent is not predicted.",
        )

    async def on_period_paid(self, held: Holding[PeriodicCreditSettings], paid: PeriodPaid) -> None:
        terms = held.settings
        expires_at = _expiry(terms, paid)
        if expires_at is not None and expires_at <= clock.now():
            return
        begins = "once" if terms.is_once else f"period:{paid.period_id}"
        cause = f"{begins}:{held.benefit_id}:{held.person_id}"
        await ledger_credit.grant(
            held.person_id,
            terms.amount,
            cause=cause,
            others=await benefit_families.causes(held.benefit_id, held.person_id, cause),
            words=f"{held.name}, {_for(paid)}",
            expires_at=expires_at,
            benefit_id=held.benefit_id,
            because_of=paid.period_id,
        )

    def is_better(self, one: PeriodicCreditSettings, other: PeriodicCreditSettings) -> bool:
        """More of it, as often and for as long."""
        is_alike = (one.days, one.expiry, one.is_once) == (other.days, other.expiry, other.is_once)
        return is_alike and one.amount > other.amount


def _once(settings: PeriodicCreditSettings, sum: str) -> str:
    if settings.days:
        return n_(
            "%(sum)s store credit once, with your first payment (lasts %(num)s day)",
            "%(sum)s store credit once, with your first payment (lasts %(num)s days)",
            settings.days,
            sum=sum,
        )
    if settings.expiry == "never":
        return _("%(sum)s store credit once, with your first payment (doesn’t expire)", sum=sum)
    if settings.expiry == "year":
        return _("%(sum)s store credit once, with your first payment (lasts until the end of next year)", sum=sum)
    return _("%(sum)s store credit once, with your first payment (use it within the first period)", sum=sum)


def _expiry(terms: PeriodicCreditSettings, paid: PeriodPaid) -> datetime | None:
    """None for never. The end of a year is that of the shop's own time zone."""
    given = max(clock.now(), paid.starts_at)
    if terms.days:
        return given + timedelta(days=terms.days)
    if terms.expiry == "never":
        return None
    if terms.expiry == "year":
        zone = ZoneInfo(shop_settings.current().time_zone)
        return datetime(given.astimezone(zone).year + 2, 1, 1, tzinfo=zone).astimezone(UTC)
    return paid.ends_at


def _for(paid: PeriodPaid) -> str:
    """Kept in English, to be said in any language."""
    with language.speaking(language.STAFF):
        begins = formatting.day(paid.starts_at)
        return f"from {begins}" if paid.ends_at is None else f"for {begins} to {formatting.day(paid.ends_at)}"


KIND = PeriodicCredit()
