"""Paying a placed order in one step with the card on file; its payment page takes over whenever that does not do."""

from components.checkout.basket.priced_basket import PricedBasket
from components.checkout.placement import payment_return
from components.checkout.placement.payment_page import PlacedOrder, open_page
from components.foundation.languages.words import N_
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.orders import queries
from components.orders.views import OrderView
from components.payments.checkout_sessions import card_payments, saved_cards
from components.payments.checkout_sessions.card_charges import ChallengeNeeded
from components.payments.checkout_sessions.saved_cards import CardOnFile
from components.payments.payment_refusals import AlreadyPaid, CardDeclined, UnknownAtStripe
from components.payments.values import Payer


class TotalChanged(Refusal):
    message = N_(
        "The total is not the one on the button any more. Please check it before you pay with your saved card."
    )
    status = 409


class SavedCardChanged(Refusal):
    message = N_("Your saved card has changed since you opened this page. Please choose again how to pay.")
    status = 409


async def chosen(shown: PricedBasket, card_ref: str, *, total_seen: int | None) -> CardOnFile:
    """The card to charge: the shopper's own, and for no other amount than its button named. Raises `SavedCardChanged`,
    `TotalChanged`."""
    person_id = shown.shopper.person_id
    card = await saved_cards.of_person(person_id) if person_id else None
    if card is None or card.payment_method != card_ref or shown.joins:
        raise SavedCardChanged
    if shown.charged != total_seen:
        raise TotalChanged
    return card


async def pay(order: OrderView, card: CardOnFile) -> PlacedOrder:
    """The order's own page when it is paid, declined or not known yet; the payment page when the bank asks the customer
    to confirm, or Stripe no longer has the card."""
    if not order.needs_page or order.begins_membership:
        return await open_page(order)
    try:
        charged = await card_payments.pay(
            order.id,
            Money(order.to_pay, order.currency),
            card=card,
            payer=Payer(order.person, order.email, order.name),
            expires_at=order.expires_at,
            metadata={"order": order.number},
        )
    except ChallengeNeeded:
        return await open_page(order)
    except UnknownAtStripe as gone:
        if gone.param == "payment_method":
            await saved_cards.forget(card)
        return await open_page(order)
    except (AlreadyPaid, CardDeclined):
        return PlacedOrder(order, None)
    if charged.is_paid:
        await payment_return.apply_paid(order.id)
    return PlacedOrder(await queries.by_id(order.id) or order, None)
