"""The basket's page: its lines and totals for this visitor, and what membership would change."""

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from components.checkout.basket import basket_context, priced_basket
from components.checkout.basket.basket_context import BasketContext
from components.checkout.basket.priced_basket import PricedBasket, Shopper
from components.checkout.delivery import delivery_promises
from components.foundation import formatting
from components.foundation.formatting import money, without_stop
from components.foundation.languages import letter_case
from components.foundation.languages.words import _
from components.foundation.money import Money
from components.orders.delivery import delivery_text
from web import countries
from web.shop import tax_abroad
from web.shop.basket.coupon_part import CouponForm, CouponPart, coupon_part
from web.shop.basket.fee_code_note import fee_code_note, takes_another
from web.shop.basket.gift_lines import GiftOffer, gift_lines, gift_offers
from web.shop.for_you import together_shelf
from web.shop.join.basket_offer import BasketMembershipOffer, club_offer, estimate_for, members_name, members_quote
from web.shop.lines import (
    LineView,
    Row,
    UnavailableLine,
    basket_lines,
    member_price_text,
    total_rows,
    unavailable_lines,
)
from web.shop.viewer import Viewer
from web.views import View
from web.visitor import Visitor


@dataclass(frozen=True, kw_only=True)
class BasketPage(View):
    """`club`: what the members' prices in it are had with."""

    template: ClassVar[str] = "shop/basket/show.html"
    partial: ClassVar[str | None] = "shop/basket/_basket.html"

    lines: tuple[LineView, ...]
    gone: tuple[UnavailableLine, ...]
    gifts: tuple[LineView, ...]
    gifts_waiting: tuple[GiftOffer, ...]
    rows: list[Row]
    total: Money
    count: int
    may_be_bought: bool
    delivery_words: str
    arrives: str
    tax_note: str
    coupon: CouponPart | None
    fee_code: CouponPart | None
    takes_code: bool
    coupon_form: CouponForm
    offer: BasketMembershipOffer | None
    club: str
    together: Markup | None = None
    said: str = ""


async def load_basket(visitor: Visitor, token: str | None) -> BasketContext:
    """The basket, the delivery terms, and the visitor's credit and gifts, in one query."""
    email = visitor.confirmed_email
    return await basket_context.load(
        token, person_id=visitor.person_id, at=visitor.at, email=email, tried=visitor.tried
    )


async def basket_page(visitor: Visitor, token: str | None, *, form: CouponForm | None = None) -> BasketPage:
    """`form` is the coupon form as it was sent, when it was refused."""
    context = await load_basket(visitor, token)
    basket = priced_basket.price(
        context, Shopper(visitor.person_id, visitor.standing, visitor.at, email=visitor.confirmed_email)
    )
    quote, found = basket.quote, await estimate_for(basket, visitor)
    theirs = members_quote(basket, visitor, found)
    return BasketPage(
        lines=basket_lines(basket, theirs),
        gone=unavailable_lines(basket),
        gifts=gift_lines(basket),
        gifts_waiting=gift_offers(basket),
        rows=total_rows(quote, method=basket.method.name if basket.method else "", club=member_price_text(_club())),
        total=Money(quote.to_pay, quote.currency),
        count=basket.count,
        may_be_bought=basket.may_be_bought,
        delivery_words=_delivery_words(basket),
        arrives=_arrives(basket),
        tax_note=quote.there.note or (tax_abroad.for_products(context.terms) if quote.needs_delivery else ""),
        coupon=coupon_part(basket),
        fee_code=await fee_code_note(basket),
        takes_code=await takes_another(basket),
        coupon_form=form or CouponForm.blank(),
        offer=await club_offer(basket, visitor, found, theirs),
        club=members_name(visitor, found),
        together=await _together(basket, visitor),
    )


async def _together(basket: PricedBasket, visitor: Visitor) -> Markup | None:
    inside = [line.product.id for line in basket.lines if line.product is not None]
    return await together_shelf.with_basket(inside, Viewer.of(visitor))


def _delivery_words(basket: PricedBasket) -> str:
    """How much is missing for free delivery, or why it is free."""
    if not basket.quote.needs_delivery:
        return ""
    if basket.method is None:
        return basket.no_method_words
    charge = basket.quote.charge
    if charge.because == "threshold":
        method = delivery_text.delivery_in_a_sentence(basket.method.name)
        return _("%(method)s is free for a basket of this size.", method=method)
    if charge.saved:
        return f"{charge.words}."
    if short := basket.quote.short_by:
        method = letter_case.inside(delivery_text.delivery_in_a_sentence(basket.method.name))
        return _("Add %(sum)s more and %(method)s is free.", sum=money(short), method=method)
    return ""


def _arrives(basket: PricedBasket) -> str:
    """When it arrives by the method shown, in the country it is priced for."""
    if basket.dates is None or basket.method is None:
        return ""
    is_named = not basket.method.pickup and len(basket.context.terms.countries) > 1
    place = countries.in_words(basket.country) if is_named else ""
    said = delivery_promises.words_now(basket.dates, at=basket.shopper.at, place=place)
    return f"{without_stop(said)}."


def _club() -> str:
    return formatting.club_name()
