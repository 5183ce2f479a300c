"""A basket priced with the tax that Stripe says, where the shop asks it: once the address is known, outside any
transaction, and only when basket or address differ from what was asked before."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

import structlog

from components.checkout.basket import priced_basket
from components.checkout.basket.basket_context import LEAST_IN_MONEY, BasketContext
from components.checkout.basket.priced_basket import PricedBasket, Shopper, TaxStanding
from components.checkout.delivery.delivery_terms import PickupPlace
from components.checkout.taxes import stripe_tax, tax_question_limits
from components.foundation.languages.words import N_, _
from components.foundation.refusals import Refusal
from components.foundation.shop_settings import shop_settings
from components.payments.payment_refusals import NO_ANSWER, PaymentRefused, StripeKeyRefused
from components.payments.taxes import tax_answers, tax_calls
from components.payments.taxes.tax_values import TaxAddress, TaxQuestion
from components.people.rate_limits import TooManyTries

log = structlog.get_logger()


class AddressNotTaxed(Refusal):
    message = N_("We can’t work out the tax for this address. Please check the postcode, and the state or province.")


class NumberNotTaken(Refusal):
    message = N_("This VAT number was not accepted. Please check it, or leave it empty to buy privately.")


class TaxUnknown(Refusal):
    """Stripe refused for a reason that is the shop's, or takes no such basket: the order waits."""

    message = N_(
        "We can’t work out the tax at the moment, so nothing was charged by this attempt. Please try again in a minute."
    )
    status = 503


class TaxSilent(TaxUnknown):
    """Stripe did not answer: the shop may have said that its own rates count then."""


class TaxMoved(Exception):
    """Stripe says another tax than it did when the page was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoesTo:
    """As much of an address as has been typed."""

    country: str = ""
    region: str = ""
    postcode: str = ""
    city: str = ""
    line1: str = ""


async def price(
    context: BasketContext, shopper: Shopper, *, goes_to: Any, asked_from: str, places: bool = False, **how: Any
) -> PricedBasket:
    """As `priced_basket.price`, with the tax that is charged there; `goes_to` has the parts of an address.

    Its `tax` says whether Stripe was asked, and why there is no answer. Whoever looks too often, `asked_from` one
    connection, is shown that tax is worked out at checkout; to place an order they may ask more often. Not inside a
    transaction.
    """
    shown = priced_basket.price(context, shopper, **how)
    if not shop_settings.current().asks_stripe_tax or not shown.quote.lines:
        return shown
    pickup = shown.method.pickup if shown.method and shown.quote.needs_delivery else None
    address = _address(pickup or goes_to)
    if not stripe_tax.is_known(address, is_place=pickup is not None):
        return shown
    question = stripe_tax.question(shown.quote, shown.buyer, stripe_tax.taxed_by(address), context.terms.codes)
    if question is None:
        return _stated(shown, TaxStanding(), **how)
    try:
        order = context.contents.order_id if context.contents else None
        basket = context.contents.id if context.contents else None
        counted = (
            partial(tax_question_limits.to_order, asked_from)
            if places
            else partial(tax_question_limits.to_show, basket, asked_from)
        )
        return _stated(shown, await _asked(question, order=order, before_asking=counted), **how)
    except TooManyTries as refusal:
        return replace(shown, tax=TaxStanding(refusal=refusal)) if places else shown
    except (AddressNotTaxed, NumberNotTaken) as refusal:
        return replace(shown, tax=TaxStanding(refusal=refusal))
    except TaxUnknown as refusal:
        if isinstance(refusal, TaxSilent) and shop_settings.current().tax_fallback == "own":
            own = replace(context, terms=replace(context.terms, keeps_own_rates=True))
            return priced_basket.price(own, shopper, **how)
        return replace(shown, tax=TaxStanding(refusal=refusal))


def refuse_untaxed(shown: PricedBasket) -> None:
    """Nothing is sold whose tax is not known. Raises `AddressNotTaxed`, `NumberNotTaken`, `TaxUnknown`,
    `TooManyTries`."""
    if shown.tax.refusal is not None:
        raise shown.tax.refusal
    if shown.is_untaxed_yet:
        raise AddressNotTaxed


async def asked_anew(shown: PricedBasket, *, asked_from: str) -> PricedBasket:
    """As it was shown, with an answer that no order has: the one that waited had this one, and is given up. Raises as
    `refuse_untaxed`, and `TaxMoved` where Stripe says something else by now."""
    if shown.tax.question is None or shown.tax.answer is None:
        return shown
    standing = await _asked(
        shown.tax.question, order=None, before_asking=partial(tax_question_limits.to_order, asked_from)
    )
    if standing.answer is None or not standing.answer.says_the_same(shown.tax.answer):
        raise TaxMoved
    return replace(shown, tax=standing)


async def _asked(
    question: TaxQuestion, *, order: UUID | None, before_asking: Callable[[], Awaitable[None]]
) -> TaxStanding:
    if len(question.lines) > tax_calls.MOST_LINES:
        raise TaxUnknown(_("This basket has too many different products for one order. Please order some separately."))
    try:
        answer = await tax_answers.of_basket(question, order=order, before_asking=before_asking)
        return TaxStanding(question=question, answer=answer)
    except PaymentRefused as refused:
        if refused.code == tax_answers.NOT_LOCATED:
            raise AddressNotTaxed from refused
        if refused.code == tax_answers.WRONG_NUMBER and question.tax_id:
            raise NumberNotTaken from refused
        log.error("Stripe Tax refused", code=refused.code, words=refused.detail)
        raise TaxUnknown from refused
    except StripeKeyRefused as refused:
        raise TaxUnknown from refused  # answered: the shop's own rates are for silence only
    except NO_ANSWER as silence:
        raise TaxSilent from silence


def _stated(shown: PricedBasket, standing: TaxStanding, *, uses_credit: bool = True, **_how: Any) -> PricedBasket:
    quote = stripe_tax.stated(shown.quote, shown.buyer, standing.answer)
    credit = shown.context.spendable if uses_credit else 0
    return replace(shown, quote=quote.paid_with(credit, least=LEAST_IN_MONEY), tax=standing)


def _address(of: Any) -> TaxAddress:
    """Of a pickup place, an order's address or what was typed. Written alike, so that it is asked for once."""
    given = asdict(of) if isinstance(of, PickupPlace) else {name: getattr(of, name, "") for name in _PARTS}
    parts = {name: " ".join(str(given.get(name) or "").split()) for name in _PARTS}
    return TaxAddress(**parts | {"postcode": parts["postcode"].upper(), "region": parts["region"].upper()})


_PARTS = ("country", "region", "postcode", "city", "line1")
