"""Quotes: prices lines for the caller in the same way as a basket; nothing is stored."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, post
from litestar.params import JSONBody
from msgspec import Meta

from components.catalog.products import variants
from components.catalog.snapshot import snapshot_refresh
from components.checkout.basket import basket_coupons, hypothetical_basket, priced_basket
from components.checkout.basket.basket_context import BasketContext
from components.checkout.basket.priced_basket import PricedBasket, Shopper
from components.foundation import ids
from components.pricing.price_context import PriceContext
from components.pricing.tax import TaxTerms
from web.api import requests
from web.api.amounts import ApiAmount
from web.api.orders.quote_json import (
    ApiQuote,
    ApiQuoteLine,
    ApiTotals,
    DeliveryOption,
    Join,
    QuotedCoupon,
    QuotedTax,
    Tax,
)
from web.api.problems import WrongFields
from web.api.responses import count_request, json_response
from web.guards import caller
from web.shop.join.basket_offer import members_quote
from web.shop.join.membership_estimate import estimate_of
from web.shop.viewer import Viewer
from web.views import visitor_of
from web.visitor import Visitor


class LineAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A quantity of one variant, named by its id or by its SKU."""

    quantity: Annotated[int, Meta(ge=1, le=99)]
    variant: UUID | None = None
    sku: Annotated[str, Meta(min_length=1, max_length=255)] | None = None


class QuoteAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`country` as two letters, `region` as the second half of its ISO 3166-2 code; without them, the shop's own.

    `method` is one of the response's delivery methods.
    """

    lines: Annotated[list[LineAsked], Meta(min_length=1, max_length=100)]
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None = None
    region: Annotated[str, Meta(pattern="^[A-Z0-9]{0,6}$")] = ""
    method: UUID | None = None
    coupon: Annotated[str, Meta(max_length=60)] = ""


class ApiQuotesController(Controller):
    path = "/api/v1/quotes"
    guards = [caller]
    tags = ["Shop"]
    request_max_body_size = requests.MOST_BYTES

    @post(summary="The price of a basket", status_code=200, before_request=requests.parse_strictly(QuoteAsked))
    async def create(self, request: Request[Any, Any, Any], data: JSONBody[QuoteAsked]) -> Response[ApiQuote]:
        visitor = visitor_of(request)
        quantities = await _quantities(data.lines, Viewer.of(visitor))
        context = await _context(request, quantities, data.coupon.strip())
        shopper = Shopper(visitor.person_id, visitor.standing, visitor.at, email=visitor.confirmed_email)
        basket = priced_basket.price(context, shopper, country=data.country, region=data.region, method_id=data.method)
        if data.method is not None and (basket.method is None or basket.method.id != data.method):
            raise WrongFields({"method": "We can’t deliver there with this method."})
        return json_response(request, await _quoted(basket, visitor))


async def _quantities(lines: list[LineAsked], viewer: Viewer) -> Mapping[UUID, int]:
    """By variant, in the order requested. A variant hidden from the caller gets a nil id, like an unknown one.

    Raises `WrongFields` for a line that names no variant, two, or the one of an earlier line.
    """
    by_sku = await variants.by_skus(line.sku for line in lines if line.sku is not None)
    wanted: dict[UUID, int] = {}
    wrong: dict[str, str] = {}
    for position, line in enumerate(lines):
        if (line.variant is None) == (line.sku is None):
            wrong[f"lines[{position}]"] = "Identify the variant by its id or its SKU."
            continue
        variant_id = _known(line.variant or by_sku.get(line.sku or ""), viewer)
        if variant_id in wanted:
            wrong[f"lines[{position}]"] = "The same variant is already in a line above."
        wanted[variant_id] = line.quantity
    if wrong:
        raise WrongFields(wrong)
    return wanted


def _known(variant_id: UUID | None, viewer: Viewer) -> UUID:
    variant = snapshot_refresh.snapshot().variant(variant_id) if variant_id else None
    product = snapshot_refresh.snapshot().product_by_id(variant.product_id) if variant else None
    if variant is None or product is None or not viewer.standing_of(product, variant).is_visible:
        return ids.new()
    return variant.id


async def _context(request: Request[Any, Any, Any], quantities: Mapping[UUID, int], coupon: str) -> BasketContext:
    visitor = visitor_of(request)
    try:
        return await hypothetical_basket.load(
            quantities,
            shopper=Shopper(visitor.person_id, visitor.standing, visitor.at, email=visitor.confirmed_email),
            coupon=coupon,
            address=count_request(request),
        )
    except basket_coupons.CouponUnknown as refusal:
        raise WrongFields({"coupon": str(refusal)}) from None


async def _quoted(basket: PricedBasket, visitor: Visitor) -> ApiQuote:
    quote = basket.quote
    guests = basket.quote_for(PriceContext.GUEST, None)
    found = None if visitor.has_membership else await estimate_of(visitor, basket.context, country=basket.country)
    members = members_quote(basket, visitor, found) or quote
    theirs = {line.variant_id: line for line in members.lines}
    return ApiQuote(
        at=visitor.at.replace(microsecond=0),
        country=basket.country,
        may_be_bought=basket.may_be_bought,
        lines=tuple(
            ApiQuoteLine.of(line, basket.priced(line.variant_id), theirs.get(line.variant_id)) for line in basket.lines
        ),
        regular_goods=ApiAmount.of(quote.regular_goods),
        member_savings=ApiAmount.of(quote.member_savings),
        sums=ApiTotals.of(quote),
        credit=ApiAmount.of(quote.credit),
        to_pay=ApiAmount.of(quote.to_pay),
        delivery=tuple(DeliveryOption.of(option, basket) for option in basket.options),
        tax=_tax(quote.there.terms(), is_known=not basket.is_untaxed_yet),
        taxes=tuple(QuotedTax.of(row) for row in quote.tax_rows),
        tax_note=quote.there.note,
        coupon=_coupon(basket),
        for_guests=ApiTotals.of(guests),
        for_members=ApiTotals.of(members),
        join=Join.of(found) if found else None,
    )


def _coupon(basket: PricedBasket) -> QuotedCoupon | None:
    applied = basket.coupon
    if applied is None:
        return None
    return QuotedCoupon(
        code=applied.code,
        words=applied.words,
        worth=ApiAmount.of(applied.worth),
        is_refused=bool(applied.refusal),
        note=applied.refusal or applied.hint,
    )


def _tax(terms: TaxTerms, *, is_known: bool) -> Tax:
    """The standard rate where it goes."""
    return Tax(name=terms.name, rate_bp=terms.rate_bp, is_included=terms.inclusive, is_known=is_known)
