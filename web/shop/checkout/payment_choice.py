"""How an order can be paid: in one step with the card on file, or on the payment page."""

from dataclasses import dataclass
from datetime import datetime

from components.checkout.basket.priced_basket import PricedBasket
from components.orders.views import OrderView
from components.payments.checkout_sessions import pages, saved_cards
from web.visitor import Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentChoice:
    """`card` is the card on file in words, `card_ref` names it in the form. `may_save` when there is none yet."""

    card: str = ""
    card_ref: str = ""
    may_save: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunOrder:
    """The basket's order: reserved until then, and with `is_asked` a card was sent for it and no answer has come."""

    token: str
    reserved_until: datetime
    is_asked: bool


async def payment_choice(visitor: Visitor, basket: PricedBasket) -> PaymentChoice:
    """A membership joined with the order is always paid on the payment page, which saves its card."""
    if visitor.person_id is None or basket.joins is not None or not basket.charged:
        return PaymentChoice()
    card = await saved_cards.of_person(visitor.person_id)
    if card is None:
        return PaymentChoice(may_save=True)
    return PaymentChoice(card=card.words, card_ref=card.payment_method)


async def begun_order(order: OrderView | None) -> BegunOrder | None:
    if order is None or not order.is_awaiting_payment:
        return None
    page = await pages.for_order(order.id)
    is_asked = page is not None and page.charges_card and page.is_open
    return BegunOrder(token=order.token, reserved_until=order.expires_at, is_asked=is_asked)
