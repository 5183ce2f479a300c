"""A basket as shown: priced for this person at this instant, with a message for each unit that is not available.
Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from components.catalog import visibility
from components.catalog.early_access.counts import EarlyCounts
from components.catalog.snapshot.snapshots import Snapshot
from components.catalog.views import ProductView, VariantView
from components.catalog.visibility import Access, Availability, PurchaseStatus
from components.checkout.basket import applied_coupon, gift_choices, unit_limits
from components.checkout.basket.applied_coupon import AppliedCoupon
from components.checkout.basket.basket_contents import BasketContents
from components.checkout.basket.basket_context import LEAST_IN_MONEY, BasketContext
from components.checkout.basket.gift_choices import BasketGift
from components.checkout.basket.membership_fee import JoinsWithOrder
from components.checkout.delivery import delivery_promises
from components.checkout.delivery.delivery_dates import DeliveryDates
from components.checkout.delivery.delivery_promises import Promise
from components.checkout.delivery.delivery_terms import Method
from components.checkout.taxes.tax_book import TaxedBuyer
from components.checkout.taxes.tax_notes import AT_CHECKOUT
from components.foundation.languages.words import N_, _
from components.foundation.refusals import Refusal
from components.foundation.shop_settings import shop_settings
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.payments.taxes.tax_values import TaxAnswer, TaxQuestion
from components.pricing import quotes
from components.pricing.coupons.eligibility import Redeemer
from components.pricing.delivery_charge import DeliveryBenefit, DeliveryCharge
from components.pricing.price_context import PriceContext
from components.pricing.quotes import PricedLine, Quote, QuoteLine

_WHY_NOT = {
    PurchaseStatus.NOT_YET: N_("Not available to you yet."),
    PurchaseStatus.MEMBERS_ONLY: N_("Members only."),
}
GONE = N_("No longer on sale.")


@dataclass(frozen=True, slots=True)
class Shopper:
    """The buyer with their entitlements, at an instant. Somebody who `joins` with this order has the plan's
    benefits."""

    person_id: UUID | None
    standing: CustomerEntitlements
    at: datetime
    joins: JoinsWithOrder | None = None
    email: str = ""

    @property
    def access(self) -> Access:
        return self.standing.access

    @property
    def price_context(self) -> PriceContext:
        return self.standing.price_context

    def redeemer(self, *, has_ordered: bool) -> Redeemer:
        plans = frozenset(plan.plan_slug for plan in self.standing.plans)
        return Redeemer(self.at, plans, has_ordered, is_known=bool(self.email))


@dataclass(frozen=True, slots=True)
class BasketLineView:
    """One line: how many were requested, how many are available, and `words` when that is fewer or none.

    `note` tells an early buyer how many they may have.
    """

    variant_id: UUID
    product: ProductView | None
    variant: VariantView | None
    requested: int
    available: int
    most: int
    words: str
    note: str = ""

    @property
    def is_available(self) -> bool:
        return self.available > 0

    @property
    def title(self) -> str:
        return self.product.title if self.product else _("A product we no longer sell")


@dataclass(frozen=True, slots=True)
class MethodOption:
    """A delivery method with its price for this person and these goods, and the dates promised for them."""

    method: Method
    charge: DeliveryCharge
    dates: DeliveryDates | None = None


@dataclass(frozen=True, slots=True)
class TaxStanding:
    """What Stripe Tax was asked about a basket and said of it; or the refusal why it is not known."""

    question: TaxQuestion | None = None
    answer: TaxAnswer | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class PricedBasket:
    """`quote` covers the available lines only, sent to the `buyer` by `method`.

    `country` is the one that methods are shown for; the buyer's is where the goods are handed over.

    `early` names its products that are not on general sale yet, with the most this shopper may have (None: no limit).
    `context` and `shopper` are what it was priced from.
    """

    context: BasketContext
    shopper: Shopper
    lines: tuple[BasketLineView, ...]
    quote: Quote
    country: str
    buyer: TaxedBuyer
    method: Method | None
    options: tuple[MethodOption, ...]
    gifts: tuple[BasketGift, ...]
    coupon: AppliedCoupon | None
    early: Mapping[UUID, int | None]
    tax: TaxStanding = TaxStanding()

    @property
    def is_untaxed_yet(self) -> bool:
        """Whether its tax is still to be worked out, by Stripe Tax."""
        return self.quote.there.code == AT_CHECKOUT

    @property
    def joins(self) -> JoinsWithOrder | None:
        return self.shopper.joins

    @property
    def spendable(self) -> int:
        """The credit this shopper may spend on it, in minor units."""
        return self.context.spendable

    @property
    def charged(self) -> int:
        """The amount paid now: the order, and the fee of the membership that begins with it."""
        return self.quote.to_pay + (self.joins.fee if self.joins else 0)

    @property
    def code_refusal(self) -> str:
        """Why a code in it is not taken off; empty where each is, or may be."""
        return (self.coupon.refusal if self.coupon else "") or (self.joins.refusal if self.joins else "")

    @property
    def dates(self) -> DeliveryDates | None:
        """What is promised about its arrival."""
        return next((option.dates for option in self.options if option.method == self.method), None)

    @property
    def no_method_words(self) -> str:
        """Why it can be delivered by none."""
        if self.context.terms.methods_for(self.country, self.buyer.region):
            return _("Sorry, this basket is too heavy for our delivery methods there.")
        return _("Sorry, we don’t deliver there yet.")

    @property
    def is_empty(self) -> bool:
        return not self.lines and not any(gift.is_chosen for gift in self.gifts)

    @property
    def may_be_bought(self) -> bool:
        return bool(self.quote.lines) and (self.method is not None or not self.quote.needs_delivery)

    @property
    def count(self) -> int:
        """Units as requested: the number at the basket in the header."""
        return sum(line.requested for line in self.lines)

    def priced(self, variant_id: UUID) -> PricedLine | None:
        return next((line for line in self.quote.lines if line.variant_id == variant_id and not line.gift), None)

    def quote_for(self, context: PriceContext, benefit: DeliveryBenefit | None) -> Quote:
        """The price of the same lines for somebody else: a member, or a guest."""
        return quotes.quote(
            _quote_lines(self.lines),
            context=context,
            delivery=self.method.choice if self.method else None,
            delivery_benefit=benefit,
            tax=self.context.terms.tax(self.buyer, self.shopper.at),
            currency=shop_settings.current().currency,
            at=self.shopper.at,
            coupon=self.quote.coupon,
        )


def price(
    context: BasketContext,
    shopper: Shopper,
    *,
    country: str | None = None,
    region: str = "",
    vat_number: str = "",
    method_id: UUID | None = None,
    uses_credit: bool = True,
) -> PricedBasket:
    """The basket priced for this shopper, by the first method available where none is chosen. Pure.

    Without a country, as if sent to the shop's own. A coupon that may not be used is left out, with the reason.
    """
    lines = _line_views(context, shopper)
    there = country or shop_settings.current().country
    buyer = TaxedBuyer(there, region if country else shop_settings.current().tax_region, vat_number)
    gifts = _gifts(context, shopper, lines)
    coupon, refusal = context.coupon, _coupon_refusal(context, shopper)
    sold = (*_quote_lines(lines), *(gift.line for gift in gifts if gift.line))
    methods = context.terms.methods_for(there, buyer.region, weight=_weight(sold))
    method, buyer = _chosen(methods, method_id, buyer)
    quote = quotes.quote(
        sold,
        context=shopper.price_context,
        delivery=method.choice if method else None,
        delivery_benefit=shopper.standing.free_delivery,
        tax=context.terms.tax(buyer, shopper.at),
        currency=shop_settings.current().currency,
        at=shopper.at,
        coupon=coupon.coupon if coupon and not refusal else None,
    )
    return PricedBasket(
        context=context,
        shopper=shopper,
        lines=lines,
        quote=quote.paid_with(context.spendable if uses_credit else 0, least=LEAST_IN_MONEY),
        country=there,
        buyer=buyer,
        method=method,
        options=_options(quote, methods, shopper, _promise(context, shopper, sold, there, buyer.region)),
        gifts=gifts,
        coupon=applied_coupon.explain(coupon.coupon, quote, refusal) if coupon else None,
        early=_early(quote, context.snapshot, shopper),
    )


def _gifts(context: BasketContext, shopper: Shopper, lines: tuple[BasketLineView, ...]) -> tuple[BasketGift, ...]:
    return gift_choices.basket_gifts(
        context.own_gifts,
        snapshot=context.snapshot,
        taken={line.variant_id: line.available for line in lines},
        access=shopper.access,
        at=shopper.at,
    )


def _coupon_refusal(context: BasketContext, shopper: Shopper) -> str:
    """Why the coupon in the basket may not be used; empty when it may, or when there is none."""
    return context.coupon.refusal(shopper.redeemer(has_ordered=context.has_ordered)) if context.coupon else ""


def _early(quote: Quote, snapshot: Snapshot, shopper: Shopper) -> dict[UUID, int | None]:
    found = (snapshot.product_by_id(line.variant.product_id) for line in quote.lines)
    return {
        product.id: visibility.early_limit(product, shopper.access, shopper.at)
        for product in found
        if product is not None and visibility.is_before_everybody(product, shopper.at)
    }


def _line_views(context: BasketContext, shopper: Shopper) -> tuple[BasketLineView, ...]:
    if context.contents is None:
        return ()
    found: list[BasketLineView] = []
    for variant_id, requested in context.contents.quantities.items():
        product, variant, seen = _seen(variant_id, context.snapshot, shopper.access, shopper.at)
        if product is None or variant is None or seen is None or not seen.is_visible:
            found.append(BasketLineView(variant_id, None, None, requested, 0, 0, _(GONE)))
        elif not seen.is_buyable:
            words = _(_WHY_NOT.get(seen.why, GONE))
            found.append(BasketLineView(variant_id, product, variant, requested, 0, 0, words))
        else:
            found.append(_available_line(product, variant, seen, context.contents, context.early_counts, found))
    return tuple(found)


def _seen(
    variant_id: UUID, snapshot: Snapshot, access: Access, at: datetime
) -> tuple[ProductView | None, VariantView | None, Availability | None]:
    variant = snapshot.variant(variant_id)
    product = snapshot.product_by_id(variant.product_id) if variant else None
    seen = visibility.availability_of(product, variant, access, at) if product and variant else None
    return product, variant, seen


def _available_line(
    product: ProductView,
    variant: VariantView,
    seen: Availability,
    contents: BasketContents,
    early_counts: EarlyCounts,
    before: Sequence[BasketLineView],
) -> BasketLineView:
    """How many units are available after the lines before it."""
    requested = contents.quantities[variant.id]
    beside = sum(line.available for line in before if line.product is not None and line.product.id == product.id)
    limit = unit_limits.limit(
        variant,
        seen,
        held=contents.held.get(variant.id, 0),
        had=early_counts.of(product.id, beside=contents.order_id),
        beside=beside,
    )
    words = limit.counted(requested)
    available = min(requested, limit.units)
    return BasketLineView(
        variant.id, product, variant, requested, available, limit.units, words, "" if words else limit.note
    )


def _quote_lines(lines: tuple[BasketLineView, ...]) -> tuple[QuoteLine, ...]:
    return tuple(
        QuoteLine(line.variant, line.title, line.available) for line in lines if line.variant and line.available
    )


def _chosen(methods: tuple[Method, ...], wanted: UUID | None, buyer: TaxedBuyer) -> tuple[Method | None, TaxedBuyer]:
    """The method wanted if it is available there, else the first that is: nobody picks up who did not choose to, unless
    nothing is sent there. What is picked up is taxed where that is."""
    asked = [one for one in methods if one.id == wanted]
    sent = [one for one in methods if not one.pickup]
    method = next(iter((*asked, *sent, *methods)), None)
    place = method.pickup if method else None
    return method, replace(buyer, country=place.country, region=place.region) if place else buyer


def _weight(lines: Sequence[QuoteLine]) -> int:
    return sum(line.variant.weight_grams * line.quantity for line in lines if line.variant.needs_delivery)


def _options(quote: Quote, methods: tuple[Method, ...], shopper: Shopper, promise: Promise) -> tuple[MethodOption, ...]:
    benefit = shopper.standing.free_delivery
    return tuple(MethodOption(method, quote.delivery_by(method.choice, benefit), promise(method)) for method in methods)


def _promise(context: BasketContext, shopper: Shopper, sold: Sequence[QuoteLine], country: str, region: str) -> Promise:
    """What each method promises for these lines: nothing when some of them are yet to come."""
    held = context.contents.held if context.contents else {}
    wanted: Counter[VariantView] = Counter()
    for line in sold:
        wanted[line.variant] += line.quantity
    is_there = all(
        delivery_promises.is_on_the_shelf(variant, quantity, held=held.get(variant.id, 0))
        for variant, quantity in wanted.items()
    )

    def promise(method: Method) -> DeliveryDates | None:
        if not is_there or not any(variant.needs_delivery for variant in wanted):
            return None
        return delivery_promises.dates(context.terms, method, country=country, region=region, at=shopper.at)

    return promise
