"""What would these lines cost? Asked as the basket is, for whoever asks; nothing is kept."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, post
from litestar.params import JSONBody
from msgspec import Meta

from components import catalog, checkout
from components.checkout import Look as BasketLook
from components.checkout import Shopper, Shown
from components.foundation import ids
from components.memberships import club
from components.pricing import PriceContext, Quote
from web.api import asking
from web.api.amounts import Amount
from web.api.answers import answer, counted_as
from web.api.problems import WrongFields
from web.api.quoted import DeliveryOption, Join, Line, Quoted, QuotedCoupon, Sums, Tax
from web.guards import caller
from web.shop.club_estimate import estimate_of
from web.shop.looks import Look
from web.views import visitor_of
from web.visitor import Visitor


class LineAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """So many of one variant, which goes by its id or by its SKU."""

    quantity: Annotated[int, Meta(ge=1, le=99)]
    variant: UUID | None = None
    sku: Annotated[str, Meta(min_length=1, max_length=255)] | None = None


class QuoteAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`country` as two letters; without one, the shop's own. `method` is one of the answer's delivery methods."""

    lines: Annotated[list[LineAsked], Meta(min_length=1, max_length=100)]
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None = None
    method: UUID | None = None
    coupon: Annotated[str, Meta(max_length=60)] = ""


class ApiQuotesController(Controller):
    path = "/api/v1/quotes"
    guards = [caller]
    tags = ["Shop"]
    request_max_body_size = asking.MOST_BYTES

    @post(summary="The price of a basket", status_code=200, before_request=asking.strictly(QuoteAsked))
    async def create(self, request: Request[Any, Any, Any], data: JSONBody[QuoteAsked]) -> Response[Quoted]:
        visitor = visitor_of(request)
        quantities = await _quantities(data.lines, Look.of(visitor))
        look = await _look(request, quantities, data.coupon.strip())
        shown = checkout.show(
            look.contents,
            snapshot=catalog.snapshot(),
            terms=look.terms,
            shopper=Shopper(visitor.person_id, visitor.standing, visitor.at),
            country=data.country,
            method_id=data.method,
            credit=look.spendable,
            coupon=look.coupon,
            has_ordered=look.has_ordered,
        )
        if data.method is not None and (shown.method is None or shown.method.id != data.method):
            raise WrongFields({"method": "We can’t deliver there with this method."})
        return answer(request, await _quoted(shown, look, visitor))


async def _quantities(lines: list[LineAsked], look: Look) -> Mapping[UUID, int]:
    """By variant, in the order asked. What is hidden from whoever asks goes by an id of nothing, as the unknown does.

    Raises `WrongFields` for a line that names no variant, two, or the one of an earlier line.
    """
    by_sku = await catalog.variants.by_skus(line.sku for line in lines if line.sku is not None)
    wanted: dict[UUID, int] = {}
    wrong: dict[str, str] = {}
    for position, line in enumerate(lines):
        if (line.variant is None) == (line.sku is None):
            wrong[f"lines[{position}]"] = "Identify the variant by its id or its SKU."
            continue
        variant_id = _known(line.variant or by_sku.get(line.sku or ""), look)
        if variant_id in wanted:
            wrong[f"lines[{position}]"] = "The same variant is already in a line above."
        wanted[variant_id] = line.quantity
    if wrong:
        raise WrongFields(wrong)
    return wanted


def _known(variant_id: UUID | None, look: Look) -> UUID:
    variant = catalog.snapshot().variant(variant_id) if variant_id else None
    product = catalog.snapshot().product_by_id(variant.product_id) if variant else None
    if variant is None or product is None or not look.standing_of(product, variant).is_visible:
        return ids.new()
    return variant.id


async def _look(request: Request[Any, Any, Any], quantities: Mapping[UUID, int], coupon: str) -> BasketLook:
    visitor = visitor_of(request)
    try:
        return await checkout.supposing.look(
            quantities,
            shopper=Shopper(visitor.person_id, visitor.standing, visitor.at),
            email=visitor.email,
            coupon=coupon,
            address=counted_as(request),
        )
    except checkout.basket_coupons.CouponUnknown as refusal:
        raise WrongFields({"coupon": str(refusal)}) from None


async def _quoted(shown: Shown, look: BasketLook, visitor: Visitor) -> Quoted:
    quote, at = shown.quote, visitor.at
    guests = checkout.quote_for(shown, look.terms, context=PriceContext.GUEST, benefit=None, at=at)
    members = _members_quote(shown, look, visitor)
    theirs = {line.variant_id: line for line in members.lines}
    found = None if visitor.is_member else await estimate_of(visitor, look, country=shown.country)
    return Quoted(
        at=at.replace(microsecond=0),
        country=shown.country,
        may_be_bought=shown.may_be_bought,
        lines=tuple(
            Line.of(wanted, shown.priced(wanted.variant_id), theirs.get(wanted.variant_id)) for wanted in shown.wanted
        ),
        regular_goods=Amount.of(quote.regular_goods),
        member_savings=Amount.of(quote.member_savings),
        sums=Sums.of(quote),
        credit=Amount.of(quote.credit),
        to_pay=Amount.of(quote.to_pay),
        delivery=tuple(DeliveryOption.of(option, shown) for option in shown.options),
        tax=Tax(name=quote.tax_terms.name, rate_bp=quote.tax_terms.rate_bp, is_included=quote.tax_terms.inclusive),
        coupon=_coupon(shown),
        for_guests=Sums.of(guests),
        for_members=Sums.of(members),
        join=Join.of(found) if found else None,
    )


def _members_quote(shown: Shown, look: BasketLook, visitor: Visitor) -> Quote:
    """A member's own; for everybody else what the club would make of it."""
    if visitor.is_member:
        return shown.quote
    context, benefit = club.context(visitor.at), club.free_delivery(visitor.at)
    return checkout.quote_for(shown, look.terms, context=context, benefit=benefit, at=visitor.at)


def _coupon(shown: Shown) -> QuotedCoupon | None:
    told = shown.coupon
    if told is None:
        return None
    return QuotedCoupon(
        code=told.code,
        words=told.words,
        worth=Amount.of(told.worth),
        is_refused=bool(told.refusal),
        note=told.refusal or told.hint,
    )
