"""Gifts: a free product on an occasion, claimed in the basket."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from components.catalog.snapshot import snapshot_refresh
from components.foundation import clock, formatting
from components.foundation.languages import enumerations
from components.foundation.languages.words import _, n_
from components.memberships.benefits import scope_fields
from components.memberships.benefits.backtest import (
    BacktestGrant,
    BacktestHistory,
    BacktestOutcome,
    PieceWorth,
    counted,
)
from components.memberships.benefits.events import DayStarted, Holding, PeriodPaid, Purchase, PurchaseRefunded
from components.memberships.benefits.gift import given_gifts, occasions, occurrences
from components.memberships.benefits.gift.gift_settings import CHOICES, GiftSettings
from components.memberships.benefits.gift.occurrences import Occurrence
from components.memberships.benefits.protocol import BenefitField, Illustration, Kind, SettingRefused
from components.rewards import free_products


class GiftKind(Kind[GiftSettings]):
    key = "gift"
    title = "Gift"
    hint = "A free product for each occasion. The member adds it to their basket while it is in stock."
    name_hint = "Shown to members when a gift is available, for example “A birthday present”."
    when_removed = "Gifts already available can be claimed until they expire. They get no new ones."
    use_label = "Gifts"
    is_in_prices = True
    settings_type = GiftSettings
    acts_daily = True
    is_tried = True
    fields = (
        BenefitField("occasion", "When", "choice", choices=CHOICES),
        BenefitField(
            "number", "Renewals in a row", "whole", hint="Only for “Number of renewals in a row”.", is_needed=False
        ),
        BenefitField(
            "amount", "Amount spent", "amount", hint="Only for “Amount spent within a year”.", is_needed=False
        ),
        BenefitField("variants", "Products to choose from, by SKU", "variants"),
        BenefitField("days", "Days to claim it", "whole", hint="Counted from the occasion."),
    )
    example = {"occasion": "anniversary", "variants": [str(UUID(int=21))], "days": 30}

    def read(self, answers: Mapping[str, Any]) -> GiftSettings:
        occasion, days = answers.get("occasion"), answers.get("days")
        number, amount = answers.get("number") or 0, answers.get("amount") or 0
        variants = tuple(sorted({UUID(str(one)) for one in answers.get("variants") or ()}))
        if occasion not in dict(CHOICES):
            raise SettingRefused("occasion", "Choose an occasion.")
        if occasion == "streak" and not (isinstance(number, int) and 0 < number <= 100):
            raise SettingRefused("number", "Enter between 1 and 100 renewals.")
        if occasion == "spend" and not (isinstance(amount, int) and amount > 0):
            raise SettingRefused("amount", "Enter an amount above zero.")
        if not variants:
            raise SettingRefused("variants", "Choose at least one product.")
        if not isinstance(days, int) or not 0 < days <= 366:
            raise SettingRefused("days", "Enter between 1 and 366 days.")
        return GiftSettings(
            occasion, variants, days, number if occasion == "streak" else 0, amount if occasion == "spend" else 0
        )

    def answers(self, settings: GiftSettings) -> dict[str, Any]:
        variants = [str(one) for one in settings.variants]
        rest = {"number": settings.number, "amount": settings.amount, "days": settings.days}
        return {"occasion": settings.occasion, "variants": variants, **rest}

    def words(self, settings: GiftSettings) -> str:
        return f"{_when(settings)}: {_pieces(settings.variants)}"

    def illustrations(self, settings: GiftSettings) -> tuple[Illustration, ...]:
        found = [variant for variant in map(snapshot_refresh.snapshot().variant, settings.variants) if variant]
        words = f"Claim within {settings.days} days, while in stock."
        return tuple(
            Illustration(_title(one.id), formatting.money(one.price), formatting.money(0), words) for one in found[:3]
        )

    def backtest(self, past: BacktestHistory[GiftSettings]) -> BacktestOutcome:
        found = occurrences.occurrences_in(past)
        given = tuple(_given(one, _dearest(past, one.promise.settings.variants)) for one in found)
        return BacktestOutcome(
            given,
            counted(len(given), "occasion", "occasions"),
            "Every gift counts as claimed, at the price of the most expensive product on offer. Years and renewals "
            "count from joining, as if these gifts had always been included; spending is what people did spend.",
        )

    async def on_membership_started(self, held: Holding[GiftSettings]) -> None:
        if held.settings.occasion == "joining":
            await given_gifts.give(held, f"joining:{held.benefit_id}:{held.person_id}", clock.now())

    async def on_period_paid(self, held: Holding[GiftSettings], paid: PeriodPaid) -> None:
        if held.settings.occasion == "streak" and paid.turn > held.settings.number:
            cause = f"streak:{held.benefit_id}:{held.person_id}:{paid.source_id}"
            await given_gifts.give(held, cause, clock.now())

    async def on_order_paid(self, held: tuple[Holding[GiftSettings], ...], purchase: Purchase) -> None:
        for one in held:
            if one.settings.occasion == "spend":
                await given_gifts.for_spending(one, purchase)

    async def on_order_refunded(self, given: PurchaseRefunded) -> None:
        """A returned gift can be claimed again; a spending gift is withdrawn when refunds leave too little spent."""
        for gift_id in given.gifts:
            await free_products.unclaim(gift_id, order_id=given.order_id)
        if given.person_id is not None:
            await given_gifts.judge_spending_again(given.person_id, given.spending)

    async def on_day_started(self, held: Holding[GiftSettings], day: DayStarted) -> None:
        terms = held.settings
        if terms.occasion == "anniversary" and (turn := occasions.anniversary(held.since, day.at)):
            years, since = turn
            await given_gifts.give(held, f"anniversary:{held.benefit_id}:{held.person_id}:{years}", since)
        if terms.occasion == "birthday" and (born := day.birthdays.get(held.person_id)):
            since_birthday = occasions.birthday(born, day.today)
            if since_birthday is not None and held.since.date() <= since_birthday:
                cause = f"birthday:{held.benefit_id}:{held.person_id}:{since_birthday.year}"
                await given_gifts.give(held, cause, clock.now())


def _dearest(past: BacktestHistory[GiftSettings], variants: tuple[UUID, ...]) -> PieceWorth:
    found = [worth for worth in map(past.happened.piece, variants) if worth is not None]
    return max(found, key=lambda worth: worth.cost, default=PieceWorth(0, 0, is_known=False))


def _given(one: Occurrence, piece: PieceWorth) -> BacktestGrant:
    return BacktestGrant(
        one.person,
        one.promise.plan,
        one.promise.benefit,
        one.at,
        cost=piece.cost,
        worth=piece.price,
        is_known=piece.is_known,
    )


def _title(variant_id: UUID) -> str:
    variant = snapshot_refresh.snapshot().variant(variant_id)
    product = snapshot_refresh.snapshot().product_by_id(variant.product_id) if variant else None
    return product.title if scope_fields.is_named(product) else _("a product")


def _pieces(variants: tuple[UUID, ...]) -> str:
    """ "Canvas bag", "Canvas bag or Notebook", or how many there are to choose from."""
    titles = list(dict.fromkeys(_title(one) for one in variants))
    if len(titles) > 2:
        return _("a choice of %(count)s products", count=len(titles))
    return enumerations.one_of(titles)


def _when(terms: GiftSettings) -> str:
    return {
        "joining": _("Free gift when you join"),
        "anniversary": _("Free gift on every anniversary of joining"),
        "birthday": _("Free gift on your birthday"),
        "streak": n_(
            "Free gift after %(num)s renewal in a row", "Free gift after %(num)s renewals in a row", terms.number
        ),
        "spend": _("Free gift each time you spend %(sum)s within a year", sum=formatting.money(terms.amount)),
    }[terms.occasion]


KIND = GiftKind()
