"""What the basket's page says: its lines and sum for this visitor, and what membership would change."""

from dataclasses import dataclass
from typing import ClassVar

from components import catalog, checkout
from components.checkout import Look, Shopper, Shown, looks
from components.foundation import settings
from components.foundation.money import Money
from components.orders import wording
from web.shop.basket_offer import ClubOffer, club_offer, members_quote
from web.shop.coupon_part import CouponForm, CouponPart, coupon_part
from web.shop.gift_lines import GiftOffer, gift_lines, gift_offers
from web.shop.lines import Gone, Line, Row, club_words, gone_of, lines_of, sum_rows
from web.templating import money
from web.views import View
from web.visitor import Visitor


@dataclass(frozen=True, kw_only=True)
class BasketPage(View):
    template: ClassVar[str] = "shop/basket/show.html"
    partial: ClassVar[str | None] = "shop/basket/_basket.html"

    lines: tuple[Line, ...]
    gone: tuple[Gone, ...]
    gifts: tuple[Line, ...]
    gifts_waiting: tuple[GiftOffer, ...]
    rows: list[Row]
    total: Money
    count: int
    may_be_bought: bool
    delivery_words: str
    coupon: CouponPart | None
    coupon_form: CouponForm
    offer: ClubOffer | None
    said: str = ""


async def looked_at(visitor: Visitor, token: str | None, *, email: str = "") -> Look:
    """The basket, the terms of delivery, and what the visitor may spend and claim, in one question."""
    email = email or visitor.email or ""
    return await looks.look(token, person_id=visitor.person_id, at=visitor.at, email=email, tried=visitor.tried)


async def basket_page(visitor: Visitor, token: str | None, *, form: CouponForm | None = None) -> BasketPage:
    """`form` is the coupon's as it was sent, when it was refused."""
    look = await looked_at(visitor, token)
    shopper = Shopper(visitor.person_id, visitor.standing, visitor.at)
    shown = checkout.show(
        look.contents,
        snapshot=catalog.snapshot(),
        terms=look.terms,
        shopper=shopper,
        gifts=look.own_gifts,
        credit=look.spendable,
        coupon=look.coupon,
        has_ordered=look.has_ordered,
        had=look.had,
    )
    quote, theirs = shown.quote, members_quote(shown, look, visitor)
    return BasketPage(
        lines=lines_of(shown, theirs),
        gone=gone_of(shown),
        gifts=gift_lines(shown),
        gifts_waiting=gift_offers(shown),
        rows=sum_rows(quote, method=shown.method.name if shown.method else "", club=club_words(_club())),
        total=Money(quote.to_pay, quote.currency),
        count=shown.count,
        may_be_bought=shown.may_be_bought,
        delivery_words=_delivery_words(shown),
        coupon=coupon_part(shown),
        coupon_form=form or CouponForm.blank(),
        offer=await club_offer(shown, look, visitor),
    )


def _delivery_words(shown: Shown) -> str:
    """How far away free delivery is, or why it is free."""
    if not shown.quote.needs_delivery:
        return ""
    if shown.method is None:
        return "Sorry, we don’t deliver to your country yet."
    charge = shown.quote.charge
    if charge.because == "threshold":
        return f"{wording.delivery_in_a_sentence(shown.method.name)} is free for a basket of this size."
    if charge.saved:
        return f"{charge.words}."
    if charge.short_by:
        short = shown.quote.tax_terms.shelf_price(charge.short_by)
        return f"Add {money(short)} more and {wording.delivery_in_a_sentence(shown.method.name).lower()} is free."
    return ""


def _club() -> str:
    return settings.current().club_name
