"""Gifts: a product for nothing on an occasion, claimed in the basket."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from components import catalog, claims
from components.foundation import clock
from components.memberships import wording
from components.memberships.benefits import scoping
from components.memberships.benefits.gift import occasions, occurrences, spending
from components.memberships.benefits.gift.occurrences import Occurrence
from components.memberships.benefits.gift.terms import CHOICES, Settings
from components.memberships.benefits.hindsight import Given, Past, PieceWorth, Replayed, counted
from components.memberships.benefits.moments import DayCome, GivenBack, Holding, PeriodPaid, Purchase
from components.memberships.benefits.protocol import Field, Illustration, Kind, SettingRefused


class Gift(Kind[Settings]):
    key = "gift"
    title = "Gift"
    hint = "A free product, once for each occasion. The member adds it to their basket while it is in stock."
    settings_type = Settings
    follows_days = True
    fields = (
        Field("occasion", "Occasion", "choice", choices=CHOICES),
        Field("number", "Renewals in a row", "whole", hint="Only for renewals.", is_needed=False),
        Field("amount", "Amount spent on products", "amount", hint="Only for spending.", is_needed=False),
        Field("variants", "Products to choose from, by SKU", "variants"),
        Field("days", "Days to claim", "whole", hint="Counted from the occasion."),
    )

    def read(self, answers: Mapping[str, Any]) -> Settings:
        occasion, days = answers.get("occasion"), answers.get("days")
        number, amount = answers.get("number") or 0, answers.get("amount") or 0
        variants = tuple(sorted({UUID(str(one)) for one in answers.get("variants") or ()}))
        if occasion not in dict(CHOICES):
            raise SettingRefused("occasion", "Choose an occasion.")
        if occasion == "streak" and not (isinstance(number, int) and 0 < number <= 100):
            raise SettingRefused("number", "Between 1 and 100 renewals.")
        if occasion == "spend" and not (isinstance(amount, int) and amount > 0):
            raise SettingRefused("amount", "An amount above zero.")
        if not variants:
            raise SettingRefused("variants", "Enter at least one SKU.")
        if not isinstance(days, int) or not 0 < days <= 366:
            raise SettingRefused("days", "Between 1 and 366 days.")
        return Settings(
            occasion, variants, days, number if occasion == "streak" else 0, amount if occasion == "spend" else 0
        )

    def answers(self, settings: Settings) -> dict[str, Any]:
        variants = [str(one) for one in settings.variants]
        rest = {"number": settings.number, "amount": settings.amount, "days": settings.days}
        return {"occasion": settings.occasion, "variants": variants, **rest}

    def words(self, settings: Settings) -> str:
        return f"{_pieces(settings.variants)} as a present {_when(settings)}"

    def illustrations(self, settings: Settings) -> tuple[Illustration, ...]:
        found = [variant for variant in map(catalog.snapshot().variant, settings.variants) if variant]
        words = f"To be claimed within {settings.days} days, while it is in stock."
        return tuple(
            Illustration(_title(one.id), wording.money(one.price), wording.money(0), words) for one in found[:3]
        )

    def replayed(self, past: Past[Settings]) -> Replayed:
        found = occurrences.of(past)
        given = tuple(_given(one, _dearest(past, one.promise.settings.variants)) for one in found)
        return Replayed(
            given,
            counted(len(given), "occasion", "occasions"),
            "Every gift counts as claimed, by the dearest piece there is to choose. Years and renewals count from "
            "joining, as if these gifts had always been promised; what people spent is what they did spend.",
        )

    async def joined(self, held: Holding[Settings]) -> None:
        if held.settings.occasion == "joining":
            await _give(held, f"joining:{held.benefit_id}:{held.person_id}", clock.now())

    async def period_paid(self, held: Holding[Settings], paid: PeriodPaid) -> None:
        if held.settings.occasion == "streak" and paid.turn > held.settings.number:
            cause = f"streak:{held.benefit_id}:{held.person_id}:{paid.source_id}"
            await _give(held, cause, clock.now())

    async def bought(self, held: tuple[Holding[Settings], ...], purchase: Purchase) -> None:
        for one in held:
            if one.settings.occasion == "spend":
                await _spent(one, purchase)

    async def given_back(self, given: GivenBack) -> None:
        """A gift that came back may be claimed again; one for spending goes when too little was spent after all."""
        for gift_id in given.gifts:
            await claims.gifts.reopen(gift_id, order_id=given.order_id)
        if given.person_id is not None:
            await _judge_again(given.person_id, given.spending)

    async def day_came(self, held: Holding[Settings], day: DayCome) -> None:
        terms = held.settings
        if terms.occasion == "anniversary" and (turn := occasions.anniversary(held.since, day.at)):
            years, since = turn
            await _give(held, f"anniversary:{held.benefit_id}:{held.person_id}:{years}", since)
        if terms.occasion == "birthday" and (born := day.birthdays.get(held.person_id)):
            since_birthday = occasions.birthday(born, day.today)
            if since_birthday is not None and held.since.date() <= since_birthday:
                cause = f"birthday:{held.benefit_id}:{held.person_id}:{since_birthday.year}"
                await _give(held, cause, clock.now())


def _dearest(past: Past[Settings], variants: tuple[UUID, ...]) -> PieceWorth:
    found = [worth for worth in map(past.happened.piece, variants) if worth is not None]
    return max(found, key=lambda worth: worth.cost, default=PieceWorth(0, 0, is_known=False))


def _given(one: Occurrence, piece: PieceWorth) -> Given:
    return Given(
        one.person,
        one.promise.plan,
        one.promise.benefit,
        one.at,
        cost=piece.cost,
        worth=piece.price,
        is_known=piece.is_known,
    )


async def _spent(held: Holding[Settings], purchase: Purchase) -> None:
    """A gift when enough was spent since the last one. Purchases of one person that are heard of at once take turns."""
    begins, asked, at = spending.prefix(held.benefit_id, held.person_id), held.settings.amount, purchase.paid_at
    cause = spending.cause(asked=asked, benefit_id=held.benefit_id, person_id=held.person_id, at=at)
    async with claims.gifts.in_turn(begins):
        others = [one.cause for one in await claims.gifts.given_for(begins) if not one.is_withdrawn]
        is_counted = any(spending.edge(one) >= at for one in others)
        if is_counted or spending.stands_on(purchase.spending, at=at, others=others) < asked:
            return
        if not await _give(held, cause, clock.now()):
            await claims.gifts.restore(cause)


async def _judge_again(person_id: UUID, spent: spending.Spending) -> None:
    """What a waiting gift stands on may have come back, and what came back may have failed to."""
    for one in await claims.gifts.given_for("spend:", person_id=person_id):
        begins = one.cause.rsplit(":", 2)[0] + ":"
        async with claims.gifts.in_turn(begins):
            known = await claims.gifts.given_for(begins)
            others = [other.cause for other in known if not other.is_withdrawn and other.cause != one.cause]
            at = spending.edge(one.cause)
            if spending.stands_on(spent, at=at, others=others) < spending.asked(one.cause):
                await claims.gifts.withdraw(one.cause)
            elif one.is_withdrawn and all(spending.edge(other) < at for other in others):
                await claims.gifts.restore(one.cause)


async def _give(held: Holding[Settings], cause: str, at: datetime) -> bool:
    return await claims.gifts.give(
        held.person_id,
        benefit_id=held.benefit_id,
        cause=cause,
        words=held.name,
        offered=held.settings.variants,
        claim_until=at + timedelta(days=held.settings.days),
    )


def _title(variant_id: UUID) -> str:
    variant = catalog.snapshot().variant(variant_id)
    product = catalog.snapshot().product_by_id(variant.product_id) if variant else None
    return product.title if scoping.is_named(product) else "a piece"


def _pieces(variants: tuple[UUID, ...]) -> str:
    """ "Thumb cup", "Thumb cup or Beeswax candle", or how many there are to choose from."""
    titles = list(dict.fromkeys(_title(one) for one in variants))
    if len(titles) > 2:
        return f"One of {len(titles)} pieces"
    return " or ".join(titles)


def _when(terms: Settings) -> str:
    return {
        "joining": "when you join",
        "anniversary": "for every year with us",
        "birthday": "on your birthday",
        "streak": f"after {terms.number} renewal{'s' if terms.number != 1 else ''} in a row",
        "spend": f"each time you have spent {wording.money(terms.amount)} within a year",
    }[terms.occasion]


KIND = Gift()
