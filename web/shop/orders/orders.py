"""An order's page, for anybody with its token: waiting for the payment, then thanks and everything that was agreed."""

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery

from components.checkout.basket import baskets
from components.checkout.placement import payment_page, payment_return
from components.foundation import clock, database, text
from components.foundation.languages.words import N_
from components.foundation.refusals import NotFound
from components.invoices import invoice_list
from components.orders import order_links, queries
from components.orders.views import OrderView
from components.payments.checkout_sessions import card_payments, pages
from components.payments.payment_refusals import OutcomeUnknown
from components.payments.stripe_calls import decline_words
from components.people import passwords
from components.people.rate_limits import TooManyTries
from web.entry.account_entry import ask_for_account
from web.forms.fields import Password
from web.forms.form import Form
from web.guards import anyone
from web.replies import see_other
from web.shop import counted
from web.shop.basket.line_why import OrderLineWhy
from web.shop.order_details import OrderDetails
from web.shop.orders import order_welcome
from web.sign_in_session import without_store
from web.views import page, visitor_of
from web.visitor import Visitor


class UnknownOrder(NotFound):
    message = N_("We could not find this order.")


class AccountForm(Form):
    password = Password(N_("Password"), autocomplete="new-password", help=N_("At least 8 characters."))


@dataclass(frozen=True, kw_only=True)
class OrderPage(OrderDetails):
    """`waits` while the money may still arrive; `pay_url` leads back to the payment page while it is open.

    `is_asked` while a saved card was sent to the bank and nobody knows the answer; `declined` is why it was refused.
    `is_known` is False while Stripe cannot be asked whether it was paid; `never_came`: the bank refused one on its way.
    """

    template: ClassVar[str] = "shop/orders/show.html"
    partial: ClassVar[str | None] = "shop/orders/_order.html"

    waits: bool
    is_asked: bool
    is_known: bool
    never_came: bool
    declined: str | None
    pay_url: str | None
    may_claim: bool
    may_open_account: bool
    welcome: order_welcome.Welcome | None
    form: AccountForm = field(default_factory=AccountForm.blank)


@dataclass(frozen=True, kw_only=True)
class OrderPageLine(OrderLineWhy):
    template: ClassVar[str] = "shop/orders/why.html"


class OrderController(Controller):
    path = "/orders/{token:str}"
    guards = [anyone]

    @get()
    async def show(
        self, request: Request[Any, Any, Any], token: FromPath[str], session_id: FromQuery[str | None] = None
    ) -> Response[Any]:
        found = await payment_return.order(token, session_id=session_id)
        if found is None:
            raise UnknownOrder
        if session_id is not None:
            await _recount(request)
        if found.order.is_paid:
            counted.note(request, "paid")
        return without_store(page(request, await _page(request, found.order, is_known=found.is_known)))

    @get("/lines/{n:int}/why")
    async def why(self, request: Request[Any, Any, Any], token: FromPath[str], n: FromPath[int]) -> Response[Any]:
        order = await queries.by_token(token)
        if order is None:
            raise UnknownOrder
        return without_store(page(request, OrderPageLine.of(order, n)))

    @post("/payment")
    async def pay(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        """On to the payment page of an order that awaits payment, unless a saved card may have been charged for it."""
        found = await payment_return.order(token)
        if found is None:
            raise UnknownOrder
        order = found.order
        is_due = order.is_awaiting_payment and order.needs_page and order.expires_at > clock.now()
        if not found.is_known or not is_due:
            return see_other(f"/orders/{token}")
        try:
            placed = await payment_page.open_page(order)
        except OutcomeUnknown:
            return see_other(f"/orders/{token}")
        return see_other(placed.pay_url or f"/orders/{token}")

    @post("/account")
    async def create_account(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        """A guest asks for an account with the order's e-mail; the order becomes theirs when they have read it."""
        order, form = await queries.by_token(token), await AccountForm.read(request)
        if order is None:
            raise UnknownOrder
        if visitor_of(request).is_signed_in or not order.is_paid or order.person is not None:
            return see_other(f"/orders/{token}")
        if form.is_valid:
            try:
                return await ask_for_account(
                    request, order.email, next=f"/orders/{token}", name=order.name, password=form.password
                )
            except (passwords.WeakPassword, TooManyTries) as refusal:
                form.refuse("password", str(refusal))
        return without_store(page(request, await _page(request, order, form), status=422))

    @post("/owner")
    async def claim(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        """Whoever is signed in with the order's e-mail, and has confirmed it, keeps the order in their account."""
        order, visitor = await queries.by_token(token), visitor_of(request)
        if order is None:
            raise UnknownOrder
        if not _may_claim(order, visitor) or visitor.person_id is None:
            return see_other(f"/orders/{token}")
        await order_links.claim_order(order.id, person_id=visitor.person_id)
        await invoice_list.claim(order.id, person_id=visitor.person_id)
        return see_other(f"/account/orders/{order.number}")


def _may_claim(order: OrderView, visitor: Visitor) -> bool:
    is_theirs = bool(visitor.confirmed_email) and text.normal_email(order.email) == visitor.confirmed_email
    return is_theirs and order.is_paid and order.person is None


async def _recount(request: Request[Any, Any, Any]) -> None:
    """The bought units have just left the basket: update the number in the header."""
    visitor = visitor_of(request)
    if visitor.basket_token is not None:
        (count,) = await database.batch(baskets.query(visitor.basket_token))
        request.scope["visitor"] = replace(visitor, basket_count=count or 0)  # type: ignore[typeddict-unknown-key]


async def _page(
    request: Request[Any, Any, Any], order: OrderView, form: AccountForm | None = None, *, is_known: bool = True
) -> OrderPage:
    known = None if order.is_paid else await pages.for_order(order.id)
    is_asked = known is not None and known.charges_card and known.is_open
    return await OrderPage.of(
        order,
        f"/orders/{order.token}",
        waits=is_asked or not is_known or (known is not None and known.is_complete),
        is_asked=is_asked,
        is_known=is_known,
        never_came=known is not None and known.has_failed,
        declined=await _declined(order),
        pay_url=known.url if known is not None and known.is_open and order.is_awaiting_payment else None,
        may_claim=_may_claim(order, visitor_of(request)),
        may_open_account=order.is_paid and order.person is None and not visitor_of(request).is_signed_in,
        welcome=await order_welcome.of(order),
        form=form or AccountForm.blank(),
    )


async def _declined(order: OrderView) -> str | None:
    """Why a saved card was refused, in the language spoken; "" where nobody has translated what Stripe said."""
    why = await card_payments.last_refused(order.id) if order.is_awaiting_payment else None
    return None if why is None else decline_words.said(why) or ""
