"""Gifts as shown in the basket: chosen gifts as free lines, unclaimed gifts with a form to claim them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from components.checkout.basket import gift_choices
from components.checkout.basket.gift_choices import BasketGift
from components.checkout.basket.priced_basket import PricedBasket
from components.foundation.languages.words import _
from components.foundation.money import Money
from components.pricing import traces
from components.pricing.quotes import PricedLine
from web.shop.line_pictures import picture_of
from web.shop.lines import LineView


@dataclass(frozen=True, kw_only=True)
class GiftOffer:
    """A gift that can be claimed as one of `choices` (value, text); without any, `refusal` says why not now."""

    id: str
    words: str
    picture: Any
    choices: tuple[tuple[str, str], ...]
    until: datetime | None
    refusal: str


def gift_lines(shown: PricedBasket) -> tuple[LineView, ...]:
    """One line for each gift that is in the basket and available."""
    priced = {line.gift.gift_id: line for line in shown.quote.lines if line.gift}
    return tuple(_line(gift, priced[gift.gift.id], shown) for gift in shown.gifts if gift.gift.id in priced)


def gift_offers(shown: PricedBasket) -> tuple[GiftOffer, ...]:
    """Every gift that is not in the basket yet, or was chosen and has sold out since."""
    return tuple(_offer(gift) for gift in shown.gifts if gift.line is None)


def _line(gift: BasketGift, priced: PricedLine, shown: PricedBasket) -> LineView:
    assert gift.chosen is not None
    nothing, usual = Money(0, shown.quote.currency), Money(priced.regular_total, shown.quote.currency)
    return LineView(
        id=str(gift.gift.id),
        title=_words(priced.title, gift.chosen.variant.title),
        url=f"/products/{gift.chosen.product.slug}",
        picture=picture_of(gift.chosen.product, gift.chosen.variant),
        more=_("Your gift: %(gift)s", gift=gift.gift.words),
        quantity=1,
        most=1,
        unit=nothing,
        total=nothing,
        was_total=usual,
        saved=None,
        steps=traces.said(priced.trace),
        why=gift.gift.words,
        why_url=f"/basket/lines/{gift.gift.id}/why",
    )


def _offer(gift: BasketGift) -> GiftOffer:
    there = [piece for piece in gift.pieces if piece.is_there]
    shown = (there or gift.pieces)[0]
    return GiftOffer(
        id=str(gift.gift.id),
        words=gift.gift.words,
        picture=picture_of(shown.product, shown.variant),
        choices=tuple((str(piece.variant.id), _words(piece.product.title, piece.variant.title)) for piece in there),
        until=gift.gift.claim_until,
        refusal="" if there else _(gift_choices.SOLD_OUT),
    )


def _words(title: str, variant: str) -> str:
    return f"{title}, {variant}" if variant and variant != title else title
