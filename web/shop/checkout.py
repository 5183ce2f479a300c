"""The checkout: one page, one form, then the hosted payment page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post

from components import catalog, checkout, orders
from components.checkout import Contents, Look, Placed, Shopper, Shown, Terms, basket_coupons, coupon_entry, placing
from components.foundation import settings
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.orders import OrderView
from components.people import accounts, addresses, tries
from components.pricing import CouponGone
from web.account.entry import address_of, enter
from web.account.sign_up import OPENED_FROM_ADDRESS
from web.guards import anyone
from web.replies import see_other
from web.shop import join_part
from web.shop.basket import back_to_basket
from web.shop.basket_page import looked_at
from web.shop.checkout_form import CheckoutForm, choices, method_words, shown_again
from web.shop.coupon_part import CouponPart, coupon_part, whose
from web.shop.gift_lines import gift_lines
from web.shop.lines import Gone, Line, Row, club_words, gone_of, lines_of, sum_rows
from web.views import View, page, visitor_of, wants_partial
from web.visitor import Visitor

COUNTRY_CHANGED = "Delivery to this country has a different price. Please check the new total before you pay."


@dataclass(frozen=True, kw_only=True)
class CheckoutPage(View):
    template: ClassVar[str] = "shop/checkout/show.html"
    partial: ClassVar[str | None] = "shop/checkout/_choices.html"

    form: CheckoutForm
    methods: dict[str, Any]
    lines: tuple[Line, ...]
    gone: tuple[Gone, ...]
    rows: list[Row]
    total: Money
    saved: Money | None
    credit: Money | None
    coupon: CouponPart | None
    join: join_part.JoinPart | None
    joins: str
    kept_until: datetime | None


class CheckoutController(Controller):
    path = "/checkout"
    guards = [anyone]

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The form, filled in with what is known; for htmx the parts that depend on country and delivery."""
        visitor = visitor_of(request)
        look = await looked_at(visitor, visitor.basket_token)
        if look.contents is None or not (look.contents.quantities or any(gift.chosen for gift in look.own_gifts)):
            return see_other("/basket")
        asked = CheckoutForm.of_query(request, choices=choices(look.terms, visitor))
        begun = await _begun(look.contents, visitor)
        form = (
            asked
            if wants_partial(request)
            else await _filled(visitor, begun, look.terms, join=asked.values.get("join") or "")
        )
        shown = await _shown(look, visitor, form)
        if not shown.quote.lines:
            return back_to_basket(placing.EmptyBasket.message)
        return page(request, await _page(form, shown, visitor, look.terms, begun=begun))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        visitor = visitor_of(request)
        look = await looked_at(visitor, visitor.basket_token)
        form = await CheckoutForm.read(request, choices=choices(look.terms, visitor))
        if not form.is_valid:
            return await again(request, form, look)
        if form.coupon:
            return await entered(request, form)
        if form.country != form.shown_country:
            return await again(request, form.refuse(None, COUNTRY_CHANGED), look)
        if form.join != form.shown_join:
            return await again(request, form.refuse(None, join_part.CHANGED), look)
        try:
            shopper = await _shopper(request, form)
            placed = await checkout.place(visitor.basket_token, form.details, shopper=shopper)
        except accounts.EmailTaken:
            return await again(request, form.refuse("email", join_part.KNOWN), look)
        except placing.EmptyBasket as refusal:
            return back_to_basket(str(refusal))
        except Refusal as refusal:
            look = await looked_at(visitor, visitor.basket_token, email=form.email)
            field = "coupon" if isinstance(refusal, CouponGone) else None
            return await again(request, form.refuse(field, str(refusal)), look, status=refusal.status)
        await _remember(visitor.person_id or placed.order.person, form)
        return await _gone_on(request, placed)

    @post("/coupon")
    async def enter_coupon(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The page once more with the coupon in it, and with whatever was typed so far: nothing is judged yet."""
        visitor = visitor_of(request)
        look = await looked_at(visitor, visitor.basket_token)
        return await entered(request, await CheckoutForm.read(request, choices=choices(look.terms, visitor)))

    @post("/coupon/removal")
    async def remove_coupon(self, request: Request[Any, Any, Any]) -> Response[Any]:
        visitor = visitor_of(request)
        look = await looked_at(visitor, visitor.basket_token)
        form = await CheckoutForm.read(request, choices=choices(look.terms, visitor))
        if look.contents is not None:
            await basket_coupons.forget(look.contents.id)
        form.errors.clear()
        return await again(request, form, await looked_at(visitor, visitor.basket_token), status=200)


async def entered(request: Request[Any, Any, Any], form: CheckoutForm) -> Response[Any]:
    """The total has changed, or the coupon was refused: either way the page is looked at again before paying."""
    visitor, typed = visitor_of(request), form.values.get("coupon") or ""
    email = form.values.get("email") or ""
    form.errors.clear()
    status = 200
    try:
        await coupon_entry.enter(visitor.basket_token, typed, **whose(request), email=email)
        form.typed["coupon"] = [""]
    except Refusal as refusal:
        form.refuse("coupon", str(refusal))
        status = refusal.status
    return await again(request, form, await looked_at(visitor, visitor.basket_token, email=email), status=status)


async def _begun(found: Contents, visitor: Visitor) -> OrderView | None:
    """The order this basket is already being paid for, when the same shopper has come back from the payment page."""
    begun = await orders.by_id(found.running.order_id) if found.running else None
    return begun if begun is not None and begun.person in (None, visitor.person_id) else None


async def _filled(visitor: Visitor, begun: OrderView | None, known: Terms, *, join: str) -> CheckoutForm:
    given: dict[str, Any] = {"email": visitor.email, "name": visitor.name, "country": settings.current().country}
    given["join"] = join
    if begun is not None:
        given |= _address(begun.address) | {"email": begun.email}
    elif visitor.person_id is not None and (kept := await addresses.of(visitor.person_id)):
        given |= _address(kept[0])
    return CheckoutForm.blank(choices=choices(known, visitor), **given)


def _address(kept: Any) -> dict[str, str]:
    return {name: getattr(kept, name) for name in ("name", "line1", "line2", "city", "postcode", "country")}


async def _shopper(request: Request[Any, Any, Any], form: CheckoutForm) -> Shopper:
    """Somebody new who joins gets an account by this: so many from one address, and no more."""
    visitor = visitor_of(request)
    shopper = await join_part.shopper_of(visitor, form.join, form.email)
    if shopper.joins and not visitor.is_signed_in:
        await tries.count(OPENED_FROM_ADDRESS, address_of(request))
    return shopper


async def _gone_on(request: Request[Any, Any, Any], placed: Placed) -> Response[Any]:
    """To the payment page; whoever got an account on the way is signed in to it."""
    next = placed.pay_url or f"/orders/{placed.order.token}"
    person_id = placed.order.person
    if visitor_of(request).is_signed_in or placed.order.joins is None or person_id is None or placed.order.is_paid:
        return see_other(next)
    return await enter(request, person_id, next=next)


async def _shown(look: Look, visitor: Visitor, form: CheckoutForm) -> Shown:
    country = form.values.get("country") or settings.current().country
    return checkout.show(
        look.contents,
        snapshot=catalog.snapshot(),
        terms=look.terms,
        shopper=await join_part.shopper_of(visitor, form.values.get("join") or "", form.values.get("email") or ""),
        country=country if country in look.terms.countries else None,
        method_id=_uuid(form.values.get("method")),
        gifts=look.own_gifts,
        credit=look.spendable,
        uses_credit=not form.values.get("keeps_credit"),
        coupon=look.coupon,
        has_ordered=look.has_ordered,
        had=look.had,
    )


def _uuid(written: str | None) -> UUID | None:
    return UUID(written) if written else None


async def _page(
    form: CheckoutForm, shown: Shown, visitor: Visitor, known: Terms, *, begun: OrderView | None = None
) -> CheckoutPage:
    quote = shown.quote
    club = club_words(settings.current().club_name)
    return CheckoutPage(
        form=shown_again(form, shown),
        methods=method_words(shown),
        lines=(*lines_of(shown), *gift_lines(shown)),
        gone=gone_of(shown),
        rows=sum_rows(quote, method=shown.method.name if shown.method else "", club=club) + join_part.fee_rows(shown),
        total=Money(shown.charged, quote.currency),
        join=await join_part.offered(visitor, shown, known, form.values.get("email") or ""),
        joins=shown.joins.plan.slug if shown.joins else "",
        saved=Money(quote.member_savings, quote.currency) if quote.member_savings else None,
        credit=Money(shown.spendable, quote.currency) if shown.spendable else None,
        coupon=coupon_part(shown),
        kept_until=begun.expires_at if begun and begun.is_awaiting_payment else None,
    )


async def again(request: Request[Any, Any, Any], form: CheckoutForm, look: Look, *, status: int = 422) -> Response[Any]:
    """The page once more, with what was typed, today's prices, and words on what is wrong."""
    visitor = visitor_of(request)
    shown = await _shown(look, visitor, form)
    if not shown.quote.lines:
        return back_to_basket(form.refusal or placing.EmptyBasket.message)
    return page(request, await _page(form, shown, visitor, look.terms), status=status)


async def _remember(person_id: UUID | None, form: CheckoutForm) -> None:
    """Keep the address of somebody who is known, so that it need not be typed again."""
    if person_id is None:
        return
    try:
        await addresses.keep(person_id, **_address(form.address))
    except addresses.TooManyAddresses:
        return
