"""Cashback: a share of what was paid for goods, available once the order can no longer be returned."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from components.foundation import formatting
from components.foundation.languages.words import _, n_
from components.foundation.money import share_of
from components.foundation.shop_settings import shop_settings
from components.ledger import cashback
from components.ledger.cashback import Earning
from components.memberships.benefits import benefit_families
from components.memberships.benefits.backtest import BacktestHistory, BacktestOutcome, counted
from components.memberships.benefits.cashback.cashback_settings import CashbackSettings, cap_of
from components.memberships.benefits.cashback.earnings import earnings
from components.memberships.benefits.events import Holding, Purchase, PurchaseRefunded
from components.memberships.benefits.protocol import BenefitField, Illustration, Kind, SettingRefused

MOST = 5_000
EXAMPLE = 5_000


class Cashback(Kind[CashbackSettings]):
    key = "cashback"
    title = "Cashback"
    hint = "On products, before tax and delivery, unless paid with store credit. Pending until the return period ends."
    name_hint = "Shown to members next to what they earn, for example “3% back on every order”."
    when_removed = "They keep what they have earned, including what is still pending. They earn nothing more."
    use_label = "Cashback"
    settings_type = CashbackSettings
    earns_by_orders = True
    only_best_counts = True
    is_tried = True
    fields = (
        BenefitField("rate", "Per cent back", "percent"),
        BenefitField("cap", "Maximum", "amount", hint="0 for no limit.", is_needed=False),
        BenefitField(
            "each", "Maximum applies per", "choice", choices=(("year", "Calendar year"), ("month", "Calendar month"))
        ),
        BenefitField(
            "days",
            "Days until it expires",
            "whole",
            hint="Counted from when it is available. 0 for no expiry.",
            is_needed=False,
        ),
    )
    example = {"rate": 500, "cap": 0, "each": "year", "days": 365}

    def read(self, answers: Mapping[str, Any]) -> CashbackSettings:
        rate, cap, days = answers.get("rate"), answers.get("cap") or 0, answers.get("days") or 0
        each: Any = answers.get("each") or "year"
        if not isinstance(rate, int) or not 0 < rate <= MOST:
            raise SettingRefused("rate", "Enter between 0.01 and 50 per cent.")
        if not isinstance(cap, int) or cap < 0:
            raise SettingRefused("cap", "Enter an amount of zero or more.")
        if not isinstance(days, int) or not 0 <= days <= 3_660:
            raise SettingRefused("days", "Enter between 0 and 3660 days.")
        if each not in ("month", "year"):
            raise SettingRefused("each", "Choose a month or a year.")
        return CashbackSettings(rate, cap, each, days)

    def answers(self, settings: CashbackSettings) -> dict[str, Any]:
        return {"rate": settings.rate, "cap": settings.cap, "each": settings.each, "days": settings.days}

    def words(self, settings: CashbackSettings) -> str:
        lasts = n_("credit lasts %(num)s day", "credit lasts %(num)s days", settings.days) if settings.days else ""
        terms = "; ".join(filter(None, (_limit(settings), lasts)))
        share = formatting.percent(settings.rate)
        back = _("%(share)s back in store credit on products, before tax", share=share)
        return f"{back} ({terms})" if terms else back

    def illustrations(self, settings: CashbackSettings) -> tuple[Illustration, ...]:
        earned = share_of(EXAMPLE, settings.rate)
        least = min(earned, settings.cap) if settings.cap else earned
        words = f"Available {shop_settings.current().return_days} days later, once the order can no longer be returned."
        title = f"Products for {formatting.money(EXAMPLE)} before tax"
        return (Illustration(title, formatting.money(0), formatting.money(least), words),)

    def backtest(self, past: BacktestHistory[CashbackSettings]) -> BacktestOutcome:
        given = tuple(earnings(past))
        return BacktestOutcome(
            given,
            counted(len(given), "order earned cashback", "orders earned cashback"),
            "Cashback counts in full, net of refunds. Credit that would have expired unspent is not predicted.",
        )

    async def on_order_paid(self, held: tuple[Holding[CashbackSettings], ...], purchase: Purchase) -> None:
        """Several never add up: only the one that gives most within its cap counts."""
        best_first = sorted(held, key=lambda one: (-one.settings.rate, str(one.benefit_id)))
        await cashback.earn(*[await _earning(one, purchase) for one in best_first])

    async def on_order_refunded(self, given: PurchaseRefunded) -> None:
        words = f"Reversed: order {given.number} was refunded"
        await cashback.reverse(given.order_id, refunded=given.refunded, total=given.total, words=words)

    def is_better(self, one: CashbackSettings, other: CashbackSettings) -> bool:
        """No less in anything, and more in something."""
        is_as_wide = not one.cap or (bool(other.cap) and one.each == other.each and one.cap >= other.cap)
        is_as_long = not one.days or (bool(other.days) and one.days >= other.days)
        return one != other and one.rate >= other.rate and is_as_wide and is_as_long


def _limit(settings: CashbackSettings) -> str:
    if not settings.cap:
        return ""
    most = formatting.money(settings.cap)
    return _("up to %(sum)s a month", sum=most) if settings.each == "month" else _("up to %(sum)s a year", sum=most)


async def _earning(held: Holding[CashbackSettings], purchase: Purchase) -> Earning:
    terms = held.settings
    return Earning(
        person_id=purchase.person_id,
        order_id=purchase.order_id,
        benefit_id=held.benefit_id,
        amount=share_of(purchase.base, terms.rate),
        words=f"{held.name} on order {purchase.number}",
        earned_at=purchase.paid_at,
        due_at=purchase.returns_until,
        expires_at=purchase.returns_until + timedelta(days=terms.days) if terms.days else None,
        cap=cap_of(terms, purchase.paid_at, ZoneInfo(shop_settings.current().time_zone)),
        others=await benefit_families.relatives(held.benefit_id, held.person_id) if terms.cap else (),
    )


KIND = Cashback()
