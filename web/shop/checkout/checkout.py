"""The checkout: one page with one form, followed by the hosted payment page."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post

from components.checkout.basket import basket_coupons, coupon_entry, taxed_basket
from components.checkout.basket.basket_contents import BasketContents
from components.checkout.basket.basket_context import BasketContext
from components.checkout.basket.priced_basket import PricedBasket
from components.checkout.basket.taxed_basket import AddressNotTaxed, NumberNotTaken
from components.checkout.delivery.delivery_terms import DeliveryTerms, PickupPlace
from components.checkout.placement import order_placement
from components.consents import consents
from components.content.pages import agreements
from components.content.pages.agreements import AskedConsent
from components.foundation import formatting
from components.foundation.languages.words import N_, _
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.foundation.shop_settings import shop_settings
from components.memberships.promises import early_start_requests
from components.memberships.promises.early_start_requests import EarlyStartAsked
from components.orders import queries
from components.orders.views import OrderView
from components.payments.payment_refusals import OutcomeUnknown
from components.people import addresses
from components.people.invoicing import invoice_addresses
from components.people.invoicing.invoice_addresses import InvoiceBuyer
from components.pricing.coupons.redemptions import CouponGone
from web.entry.account_entry import ask_for_account
from web.forms.address_fields import KEPT
from web.forms.invoice_fields import typed_of
from web.forms.vat_number import asks_number
from web.guards import anyone
from web.replies import see_other
from web.shop.basket.basket import back_to_basket
from web.shop.basket.basket_page import load_basket
from web.shop.basket.coupon_part import CouponPart, coupon_part, email_of
from web.shop.basket.fee_code_note import fee_code_note, takes_another
from web.shop.basket.gift_lines import gift_lines
from web.shop.checkout import pending_checkout
from web.shop.checkout.checkout_form import CheckoutForm, asks_invoice, choices, form_values, method_text
from web.shop.checkout.payment_choice import BegunOrder, PaymentChoice, begun_order, payment_choice
from web.shop.join import join_options
from web.shop.lines import (
    LineView,
    Row,
    UnavailableLine,
    basket_lines,
    member_price_text,
    total_rows,
    unavailable_lines,
)
from web.sign_in_session import address_of
from web.views import View, page, visitor_of
from web.visitor import Visitor

logger = logging.getLogger(__name__)
COUNTRY_CHANGED = N_("Delivery to this country has a different price. Please check the new total before you pay.")


@dataclass(frozen=True, kw_only=True)
class CheckoutPage(View):
    """`begun` is the order of this basket that is still being paid; `is_back` says that a guest who joins has just
    shown that the e-mail is theirs.
    """

    template: ClassVar[str] = "shop/checkout/show.html"
    partial: ClassVar[str | None] = "shop/checkout/_choices.html"

    form: CheckoutForm
    methods: dict[str, Any]
    lines: tuple[LineView, ...]
    gone: tuple[UnavailableLine, ...]
    rows: list[Row]
    total: Money
    saved: Money | None
    credit: Money | None
    coupon: CouponPart | None
    fee_code: CouponPart | None
    takes_code: bool
    join: join_options.JoinOptions | None
    joins: str
    begun: BegunOrder | None
    tax_note: str
    asks_tax: bool
    no_method: str
    pickup: PickupPlace | None
    asks_number: bool
    asks_invoice: bool
    pays: PaymentChoice
    consent: AskedConsent | None
    early_start: EarlyStartAsked | None
    has_news: bool
    is_back: bool


class CheckoutController(Controller):
    path = "/checkout"
    guards = [anyone]

    @get()
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The form, prefilled with what is known."""
        visitor = visitor_of(request)
        context = await load_basket(visitor, visitor.basket_token)
        if context.contents is None or not (
            context.contents.quantities or any(gift.chosen for gift in context.own_gifts)
        ):
            return see_other("/basket")
        begun = await _begun(context.contents, visitor)
        wanted = CheckoutForm.of_query(request, choices=await choices(context.terms, visitor))
        form = await _filled(request, begun, context.terms, join=_join_wanted(request, wanted))
        basket = await _priced(request, context, form)
        if not basket.quote.lines:
            return back_to_basket(_(order_placement.EmptyBasket.message))
        is_back = visitor.is_signed_in and bool(basket.joins and pending_checkout.typed_before(request))
        return page(request, await _page(form, basket, visitor, begun=begun, is_back=is_back))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        visitor = visitor_of(request)
        context = await load_basket(visitor, visitor.basket_token)
        form = await CheckoutForm.read(request, choices=await choices(context.terms, visitor))
        if not form.is_valid:
            return await show_again(request, form, context)
        if form.coupon:
            return await show_refused(request, form)
        if form.country != form.shown_country:
            return await show_again(request, form.refuse(None, _(COUNTRY_CHANGED)), context)
        if form.join != form.shown_join:
            return await show_again(request, form.refuse(None, _(join_options.CHANGED)), context)
        try:
            shopper = await join_options.shopper_of(visitor, form.join, context)
            if shopper.joins and not visitor.is_signed_in:
                return await _ask_who_joins(request, form)
            context = await load_basket(visitor, visitor.basket_token)
            details = replace(form.details(context.terms), asked_from=address_of(request))
            placed = await order_placement.place(context, details, shopper=shopper)
        except order_placement.EmptyBasket as refusal:
            return back_to_basket(str(refusal))
        except OutcomeUnknown:
            await _agree(visitor, form)
            return await _to_waiting_order(request)
        except (AddressNotTaxed, NumberNotTaken) as refusal:
            return await show_again(request, form, context, status=refusal.status)
        except Refusal as refusal:
            context = await load_basket(visitor, visitor.basket_token)
            field = "coupon" if isinstance(refusal, CouponGone) else None
            return await show_again(request, form.refuse(field, str(refusal)), context, status=refusal.status)
        await _remember(visitor.person_id or placed.order.person, form)
        await _agree(visitor, form)
        return pending_checkout.forgotten_by(see_other(placed.pay_url or f"/orders/{placed.order.token}"), request)

    @post("/choices", status_code=200)
    async def choose(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The page with another country, method or membership, and everything typed so far; nothing is validated yet.

        Sent as a body, so that no address stands in a log.
        """
        visitor = visitor_of(request)
        context = await load_basket(visitor, visitor.basket_token)
        form = await CheckoutForm.read(request, choices=await choices(context.terms, visitor))
        form.errors.clear()
        form.refusal = None
        shown = await show_again(request, form, context, status=200)
        return pending_checkout.joined_by(shown, request, form.values.get("join") or "")

    @post("/coupon")
    async def enter_coupon(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The page again with the coupon and everything typed so far; nothing else is validated yet."""
        visitor = visitor_of(request)
        context = await load_basket(visitor, visitor.basket_token)
        return await show_refused(
            request, await CheckoutForm.read(request, choices=await choices(context.terms, visitor))
        )

    @post("/coupon/removal")
    async def remove_coupon(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _without(request, basket_coupons.remove)

    @post("/coupon/fee/removal")
    async def remove_fee_code(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _without(request, basket_coupons.remove_fee_code)


async def _without(request: Request[Any, Any, Any], remove: Callable[[UUID], Awaitable[None]]) -> Response[Any]:
    visitor = visitor_of(request)
    context = await load_basket(visitor, visitor.basket_token)
    form = await CheckoutForm.read(request, choices=await choices(context.terms, visitor))
    if context.contents is not None:
        await remove(context.contents.id)
    form.errors.clear()
    return await show_again(request, form, await load_basket(visitor, visitor.basket_token), status=200)


async def show_refused(request: Request[Any, Any, Any], form: CheckoutForm) -> Response[Any]:
    """The total has changed, or the coupon was refused: either way the shopper sees the page again before paying."""
    visitor, typed = visitor_of(request), form.values.get("coupon") or ""
    form.errors.clear()
    status = 200
    try:
        await coupon_entry.enter_code(visitor.basket_token, typed, **email_of(request))
        form.typed["coupon"] = [""]
    except Refusal as refusal:
        form.refuse("coupon", str(refusal))
        status = refusal.status
    return await show_again(request, form, await load_basket(visitor, visitor.basket_token), status=status)


async def _agree(visitor: Visitor, form: CheckoutForm) -> None:
    """The order is placed: whatever becomes of the tick, the shopper goes on to pay."""
    if not form.news:
        return
    try:
        await consents.agree(form.email, ("news",), how="checkout", person_id=visitor.person_id)
    except Exception:
        logger.exception("A tick for marketing e-mails at checkout was not kept")


async def _to_waiting_order(request: Request[Any, Any, Any]) -> Response[Any]:
    """Nobody knows yet whether the saved card was charged: the order's own page waits and then tells."""
    visitor = visitor_of(request)
    context = await load_basket(visitor, visitor.basket_token)
    order = await _begun(context.contents, visitor) if context.contents else None
    return see_other(f"/orders/{order.token}" if order else "/checkout")


async def _begun(found: BasketContents, visitor: Visitor) -> OrderView | None:
    """The order of this basket's running payment, when the same shopper has come back from the payment page."""
    begun = await queries.by_id(found.running.order_id) if found.running else None
    return begun if begun is not None and begun.person in (None, visitor.person_id) else None


def _join_wanted(request: Request[Any, Any, Any], wanted: CheckoutForm) -> str:
    """The membership that the address names, none included; or the one chosen before the e-mail was confirmed."""
    if "join" in request.query_params:
        return wanted.values.get("join") or ""
    kept = str(pending_checkout.typed_before(request).get("join", ""))
    return kept if kept in dict(wanted.choices["join"]) else ""


async def _filled(
    request: Request[Any, Any, Any], begun: OrderView | None, known: DeliveryTerms, *, join: str
) -> CheckoutForm:
    visitor, typed = visitor_of(request), pending_checkout.typed_before(request)
    shop = shop_settings.current()
    given: dict[str, Any] = {"email": visitor.email, "name": visitor.name, "join": join}
    given |= {"country": shop.country, "region": shop.tax_region, "invoice_country": shop.country}
    if begun is None and not typed and visitor.person_id is not None:
        given |= _invoice(await invoice_addresses.of_person(visitor.person_id))
    if begun is not None:
        given |= _address(begun.address) | _invoice(begun.invoice_buyer)
        given |= {"email": begun.email, "vat_number": begun.vat_number}
    elif typed:
        given |= {name: value for name, value in typed.items() if name != "join"}
    elif visitor.person_id is not None and (addresses_known := await addresses.of_person(visitor.person_id)):
        given |= _address(addresses_known[0])
    return CheckoutForm.blank(choices=await choices(known, visitor), **given)


def _address(addresses_known: Any) -> dict[str, str]:
    return {name: getattr(addresses_known, name) for name in KEPT}


def _invoice(buyer: InvoiceBuyer | None) -> dict[str, Any]:
    """Ticked where there is one."""
    if buyer is None or not asks_invoice():
        return {}
    number = {"vat_number": buyer.vat_number} if buyer.vat_number and asks_number() else {}
    return {**typed_of(buyer), **number, "invoice_elsewhere": True}


async def _ask_who_joins(request: Request[Any, Any, Any], form: CheckoutForm) -> Response[Any]:
    """A guest who joins shows first that the e-mail is theirs, and comes back to this form as it was, at its end."""
    next = f"/checkout?join={form.join}#checkout-pay"
    response = await ask_for_account(request, form.email, next=next, name=form.name)
    return pending_checkout.kept_by(response, form)


async def _priced(request: Request[Any, Any, Any], context: BasketContext, form: CheckoutForm) -> PricedBasket:
    """Priced with the form as it is, even if fields are missing."""
    visitor = visitor_of(request)
    country = form.values.get("country") or shop_settings.current().country
    return await taxed_basket.price(
        context,
        await join_options.shopper_of(visitor, form.values.get("join") or "", context),
        goes_to=form.goes_to,
        asked_from=address_of(request),
        country=country if country in context.terms.countries else None,
        region=form.values.get("region") or "",
        vat_number=form.number,
        method_id=_uuid(form.values.get("method")),
        uses_credit=not form.values.get("keeps_credit"),
    )


def _refuse_untaxed(form: CheckoutForm, basket: PricedBasket) -> None:
    """An address or a number that Stripe Tax does not take is said at its field, before anybody pays."""
    refusal = basket.tax.refusal
    if isinstance(refusal, AddressNotTaxed):
        form.refuse("postcode" if "postcode" in form.postal.parts else "line1", str(refusal))
    elif isinstance(refusal, NumberNotTaken):
        form.refuse("vat_number", str(refusal))


def _uuid(written: str | None) -> UUID | None:
    return UUID(written) if written else None


async def _page(
    form: CheckoutForm, basket: PricedBasket, visitor: Visitor, *, begun: OrderView | None = None, is_back: bool = False
) -> CheckoutPage:
    quote = basket.quote
    _refuse_untaxed(form, basket)
    club = member_price_text(formatting.club_name())
    return CheckoutPage(
        form=form_values(form, basket),
        methods=method_text(basket),
        lines=(*basket_lines(basket), *gift_lines(basket)),
        gone=unavailable_lines(basket),
        rows=total_rows(quote, method=basket.method.name if basket.method else "", club=club)
        + join_options.fee_rows(basket),
        total=Money(basket.charged, quote.currency),
        join=await join_options.join_plans(visitor, basket),
        joins=basket.joins.plan.slug if basket.joins else "",
        saved=Money(quote.member_savings, quote.currency) if quote.member_savings else None,
        credit=Money(basket.spendable, quote.currency) if basket.spendable else None,
        coupon=coupon_part(basket),
        fee_code=await fee_code_note(basket),
        takes_code=await takes_another(basket),
        begun=await begun_order(begun),
        tax_note=quote.there.note if basket.tax.refusal is None else str(basket.tax.refusal),
        asks_tax=shop_settings.current().asks_stripe_tax,
        pickup=basket.method.pickup if basket.method else None,
        no_method=basket.no_method_words if not basket.options else "",
        asks_number=asks_number(),
        asks_invoice=asks_invoice(),
        pays=await payment_choice(visitor, basket),
        consent=agreements.asked(),
        early_start=early_start_requests.asked_in(basket.country) if basket.joins and visitor.is_signed_in else None,
        has_news=visitor.is_signed_in and await consents.is_agreed(visitor.email, "news"),
        is_back=is_back,
    )


async def show_again(
    request: Request[Any, Any, Any], form: CheckoutForm, context: BasketContext, *, status: int = 422
) -> Response[Any]:
    """The page again, with what was typed, current prices, and messages on what is wrong."""
    visitor = visitor_of(request)
    basket = await _priced(request, context, form)
    if not basket.quote.lines:
        return back_to_basket(form.refusal or _(order_placement.EmptyBasket.message))
    return page(request, await _page(form, basket, visitor), status=status)


async def _remember(person_id: UUID | None, form: CheckoutForm) -> None:
    """Save the address of a known person, so that it need not be typed again."""
    if person_id is None or not form.has_address:
        return
    try:
        await addresses.add(person_id, **form.address_parts)
    except addresses.TooManyAddresses:
        return
