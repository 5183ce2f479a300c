"""Cashback: a part of what was paid for goods comes back, to be spent once the order can no longer be sent back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from components import ledger
from components.foundation import settings as shop
from components.foundation.money import share_of
from components.ledger import Earning
from components.memberships import wording
from components.memberships.benefits.cashback.earnings import earnings
from components.memberships.benefits.cashback.terms import Settings, cap_of
from components.memberships.benefits.hindsight import Past, Replayed, counted
from components.memberships.benefits.moments import GivenBack, Holding, Purchase
from components.memberships.benefits.protocol import Field, Illustration, Kind, SettingRefused

MOST = 5_000
EXAMPLE = 5_000


class Cashback(Kind[Settings]):
    key = "cashback"
    title = "Cashback"
    hint = "A percentage of the money paid for products, before tax and delivery. Pending until the return period ends."
    settings_type = Settings
    only_the_best = True
    fields = (
        Field("rate", "Percentage back", "percent"),
        Field("cap", "At most", "amount", hint="0 for no limit.", is_needed=False),
        Field("each", "Limit per", "choice", choices=(("year", "Calendar year"), ("month", "Calendar month"))),
        Field(
            "days",
            "Expires after days",
            "whole",
            hint="Counted from when it can be spent. 0 for no expiry.",
            is_needed=False,
        ),
    )

    def read(self, answers: Mapping[str, Any]) -> Settings:
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
        return Settings(rate, cap, each, days)

    def answers(self, settings: Settings) -> dict[str, Any]:
        return {"rate": settings.rate, "cap": settings.cap, "each": settings.each, "days": settings.days}

    def words(self, settings: Settings) -> str:
        limit = f", at most {wording.money(settings.cap)} a {settings.each}" if settings.cap else ""
        until = f", to be spent within {settings.days} days" if settings.days else ""
        return f"{settings.rate / 100:g}% of what you pay for goods before tax comes back as credit{limit}{until}"

    def illustrations(self, settings: Settings) -> tuple[Illustration, ...]:
        earned = share_of(EXAMPLE, settings.rate)
        least = min(earned, settings.cap) if settings.cap else earned
        words = f"May be spent {shop.current().return_days} days later, when it can no longer be sent back."
        title = f"Goods for {wording.money(EXAMPLE)} before tax"
        return (Illustration(title, wording.money(0), wording.money(least), words),)

    def replayed(self, past: Past[Settings]) -> Replayed:
        given = tuple(earnings(past))
        return Replayed(
            given,
            counted(len(given), "order earned it", "orders earned it"),
            "Cashback counts in full, less refunds. Expiry is not taken into account.",
        )

    async def bought(self, held: tuple[Holding[Settings], ...], purchase: Purchase) -> None:
        """Several never add up: the one counts that gives most, what is left under its cap considered."""
        best_first = sorted(held, key=lambda one: (-one.settings.rate, str(one.benefit_id)))
        await ledger.cashback.earn(*(_earning(one, purchase) for one in best_first))

    async def given_back(self, given: GivenBack) -> None:
        words = f"Taken back: order {given.number} was refunded"
        await ledger.cashback.reverse(given.order_id, refunded=given.refunded, total=given.total, words=words)


def _earning(held: Holding[Settings], purchase: Purchase) -> Earning:
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
