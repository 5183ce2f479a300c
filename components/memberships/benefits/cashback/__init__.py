"""Cashback: a part of what was paid for goods comes back, to be spent once the order can no longer be sent back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from components.foundation import settings as shop
from components.foundation.money import share_of
from components.ledger import cashback
from components.ledger.cashback import Earning
from components.memberships import formatting
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
    hint = "Of goods paid for with money, before tax and delivery. It waits until the order can no longer be sent back."
    name_hint = "What members read beside what they earn: “3% back on every order”."
    when_removed = (
        "What they have earned stays theirs, and what is pending still becomes theirs. Nothing more is earned."
    )
    use_label = "Cashback"
    settings_type = CashbackSettings
    only_best_counts = True
    fields = (
        BenefitField("rate", "Per cent back", "percent"),
        BenefitField("cap", "At most", "amount", hint="0 for no limit.", is_needed=False),
        BenefitField(
            "each", "At most in each", "choice", choices=(("year", "Calendar year"), ("month", "Calendar month"))
        ),
        BenefitField(
            "days", "Days to spend it in", "whole", hint="From when it may be spent. 0 for ever.", is_needed=False
        ),
    )

    def read(self, answers: Mapping[str, Any]) -> CashbackSettings:
        rate, cap, days = answers.get("rate"), answers.get("cap") or 0, answers.get("days") or 0
        each: Any = answers.get("each") or "year"
        if not isinstance(rate, int) or not 0 < rate <= MOST:
            raise SettingRefused("rate", "Between 0.01 and 50 per cent.")
        if not isinstance(cap, int) or cap < 0:
            raise SettingRefused("cap", "An amount of zero or more.")
        if not isinstance(days, int) or not 0 <= days <= 3_660:
            raise SettingRefused("days", "Between 0 and 3660 days.")
        if each not in ("month", "year"):
            raise SettingRefused("each", "Choose a month or a year.")
        return CashbackSettings(rate, cap, each, days)

    def answers(self, settings: CashbackSettings) -> dict[str, Any]:
        return {"rate": settings.rate, "cap": settings.cap, "each": settings.each, "days": settings.days}

    def words(self, settings: CashbackSettings) -> str:
        limit = f", at most {formatting.money(settings.cap)} a {settings.each}" if settings.cap else ""
        until = f", to be spent within {settings.days} days" if settings.days else ""
        return f"{settings.rate / 100:g}% of what you pay for goods before tax comes back as credit{limit}{until}"

    def illustrations(self, settings: CashbackSettings) -> tuple[Illustration, ...]:
        earned = share_of(EXAMPLE, settings.rate)
        least = min(earned, settings.cap) if settings.cap else earned
        words = f"May be spent {shop.current().return_days} days later, when it can no longer be sent back."
        title = f"Goods for {formatting.money(EXAMPLE)} before tax"
        return (Illustration(title, formatting.money(0), formatting.money(least), words),)

    def backtest(self, past: BacktestHistory[CashbackSettings]) -> BacktestOutcome:
        given = tuple(earnings(past))
        return BacktestOutcome(
            given,
            counted(len(given), "order earned it", "orders earned it"),
            "Cashback counts in full, less what went back with refunds. What would have run out is not foreseen.",
        )

    async def on_order_paid(self, held: tuple[Holding[CashbackSettings], ...], purchase: Purchase) -> None:
        """Several never add up: the one counts that gives most, what is left under its cap considered."""
        best_first = sorted(held, key=lambda one: (-one.settings.rate, str(one.benefit_id)))
        await cashback.earn(*(_earning(one, purchase) for one in best_first))

    async def on_order_refunded(self, given: PurchaseRefunded) -> None:
        words = f"Taken back: order {given.number} was refunded"
        await cashback.reverse(given.order_id, refunded=given.refunded, total=given.total, words=words)


def _earning(held: Holding[CashbackSettings], purchase: Purchase) -> Earning:
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
        cap=cap_of(terms, purchase.paid_at, ZoneInfo(shop.current().time_zone)),
    )


KIND = Cashback()
