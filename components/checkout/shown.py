"""A basket as somebody sees it: priced for this person at this instant, with words for whatever cannot be had. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from components.catalog import Had, ProductView, Seen, Snapshot, VariantView, visibility
from components.catalog.visibility import Access, Why
from components.checkout import coupons_shown, gifts_shown, limits
from components.checkout.contents import Contents
from components.checkout.coupons_shown import CouponShown
from components.checkout.gifts_shown import GiftShown
from components.checkout.joins import Joins
from components.checkout.looks import LEAST_IN_MONEY
from components.checkout.terms import Method, Terms
from components.claims.gifts import Waiting
from components.foundation import settings
from components.memberships import Standing
from components.pricing import DeliveryBenefit, KeptCoupon, PriceContext, Quote, QuoteLine, Redeemer, quotes
from components.pricing.delivery import DeliveryCharge
from components.pricing.quotes import PricedLine

_WHY_NOT = {
    Why.NOT_YET: "Not available to you yet.",
    Why.MEMBERS_ONLY: "Members only.",
}
GONE = "No longer on sale."


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who buys, with what they hold, at which instant. Whoever `joins` with this order holds the plan's benefits."""

    person_id: UUID | None
    standing: Standing
    at: datetime
    joins: Joins | None = None

    @property
    def access(self) -> Access:
        return self.standing.access

    @property
    def price_context(self) -> PriceContext:
        return self.standing.price_context

    def redeemer(self, *, has_ordered: bool) -> Redeemer:
        plans = frozenset(plan.plan_slug for plan in self.standing.plans)
        return Redeemer(self.at, plans, has_ordered)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line: what was asked for, how many can be had, and `words` when that is fewer or none.

    `note` is what an early buyer is to know of how many she may have.
    """

    variant_id: UUID
    product: ProductView | None
    variant: VariantView | None
    asked: int
    had: int
    most: int
    words: str
    note: str = ""

    @property
    def is_available(self) -> bool:
        return self.had > 0

    @property
    def title(self) -> str:
        return self.product.title if self.product else "A product we no longer sell"


@dataclass(frozen=True, slots=True)
class Option:
    """A delivery method with what it would cost this person for these goods."""

    method: Method
    charge: DeliveryCharge


@dataclass(frozen=True, slots=True)
class Shown:
    """`quote` is for the available lines only, sent to `country` by `method`. `spendable` is her credit.

    `early` names what of it is not open to everybody yet, by product, with how many she may have (None: no end).
    """

    wanted: tuple[Wanted, ...]
    quote: Quote
    country: str
    method: Method | None
    options: tuple[Option, ...]
    gifts: tuple[GiftShown, ...] = ()
    spendable: int = 0
    coupon: CouponShown | None = None
    joins: Joins | None = None
    early: Mapping[UUID, int | None] = field(default_factory=dict)

    @property
    def charged(self) -> int:
        """What is paid now: the order, and the fee of the membership that begins with it."""
        return self.quote.to_pay + (self.joins.fee if self.joins else 0)

    @property
    def is_empty(self) -> bool:
        return not self.wanted and not any(gift.is_chosen for gift in self.gifts)

    @property
    def may_be_bought(self) -> bool:
        return bool(self.quote.lines) and (self.method is not None or not self.quote.needs_delivery)

    @property
    def count(self) -> int:
        """Units as asked for, as the basket's number in the header has it."""
        return sum(line.asked for line in self.wanted)

    def priced(self, variant_id: UUID) -> PricedLine | None:
        return next((line for line in self.quote.lines if line.variant_id == variant_id and not line.gift), None)


def show(
    contents: Contents | None,
    *,
    snapshot: Snapshot,
    terms: Terms,
    shopper: Shopper,
    country: str | None = None,
    method_id: UUID | None = None,
    gifts: tuple[Waiting, ...] = (),
    credit: int = 0,
    uses_credit: bool = True,
    coupon: KeptCoupon | None = None,
    has_ordered: bool = False,
    had: Had = Had.NONE,
) -> Shown:
    """Without a country, as if sent to the shop's own; without a method, by the first that goes there.

    `gifts` wait for the shopper, `credit` is what she may spend; all of it that helps is used if `uses_credit`.
    `coupon` lies in the basket; one that may not be used is left out, with words on why. `had` is what she has ordered
    before everybody could.
    """
    wanted = _wanted(contents, snapshot, had, shopper.access, shopper.at)
    there = country or settings.current().country
    method = terms.method(method_id, there)
    taken = {line.variant_id: line.had for line in wanted}
    given = gifts_shown.show(gifts, snapshot=snapshot, taken=taken, access=shopper.access, at=shopper.at)
    lines = (*_lines(wanted), *(gift.line for gift in given if gift.line))
    refusal = coupon.refusal(shopper.redeemer(has_ordered=has_ordered)) if coupon else ""
    priced = quotes.quote(
        lines,
        context=shopper.price_context,
        delivery=method.choice if method else None,
        delivery_benefit=shopper.standing.free_delivery,
        tax=terms.tax(there),
        currency=settings.current().currency,
        at=shopper.at,
        coupon=coupon.coupon if coupon and not refusal else None,
    )
    options = _options(priced, terms.methods_for(there), shopper.standing.free_delivery)
    paid = priced.paid_with(credit if uses_credit else 0, least=LEAST_IN_MONEY)
    told = coupons_shown.told(coupon.coupon, priced, refusal) if coupon else None
    early = _early(paid, snapshot, shopper)
    return Shown(wanted, paid, there, method, options, given, credit, told, shopper.joins, early)


def quote_for(
    shown: Shown, terms: Terms, *, context: PriceContext, benefit: DeliveryBenefit | None, at: datetime
) -> Quote:
    """What the same basket would cost somebody else: a member, or a guest."""
    return quotes.quote(
        _lines(shown.wanted),
        context=context,
        delivery=shown.method.choice if shown.method else None,
        delivery_benefit=benefit,
        tax=terms.tax(shown.country),
        currency=settings.current().currency,
        at=at,
        coupon=shown.quote.coupon,
    )


def _early(quote: Quote, snapshot: Snapshot, shopper: Shopper) -> dict[UUID, int | None]:
    found = (snapshot.product_by_id(line.variant.product_id) for line in quote.lines)
    return {
        product.id: visibility.most_early(product, shopper.access, shopper.at)
        for product in found
        if product is not None and visibility.is_before_everybody(product, shopper.at)
    }


def _wanted(
    contents: Contents | None, snapshot: Snapshot, had: Had, access: Access, at: datetime
) -> tuple[Wanted, ...]:
    if contents is None:
        return ()
    found: list[Wanted] = []
    for variant_id, asked in contents.quantities.items():
        product, variant, seen = _seen(variant_id, snapshot, access, at)
        if product is None or variant is None or seen is None or not seen.is_visible:
            found.append(Wanted(variant_id, None, None, asked, 0, 0, GONE))
        elif not seen.is_buyable:
            found.append(Wanted(variant_id, product, variant, asked, 0, 0, _WHY_NOT.get(seen.why, GONE)))
        else:
            found.append(_line(product, variant, seen, contents, had, found))
    return tuple(found)


def _seen(
    variant_id: UUID, snapshot: Snapshot, access: Access, at: datetime
) -> tuple[ProductView | None, VariantView | None, Seen | None]:
    variant = snapshot.variant(variant_id)
    product = snapshot.product_by_id(variant.product_id) if variant else None
    seen = visibility.standing_of(product, variant, access, at) if product and variant else None
    return product, variant, seen


def _line(
    product: ProductView, variant: VariantView, seen: Seen, contents: Contents, had: Had, before: Sequence[Wanted]
) -> Wanted:
    """What is over for it once the lines before it have theirs."""
    asked = contents.quantities[variant.id]
    beside = sum(line.had for line in before if line.product is not None and line.product.id == product.id)
    limit = limits.limit(
        variant,
        seen,
        held=contents.held.get(variant.id, 0),
        had=had.of(product.id, beside=contents.order_id),
        beside=beside,
    )
    words = limit.counted(asked)
    return Wanted(
        variant.id, product, variant, asked, min(asked, limit.units), limit.units, words, "" if words else limit.note
    )


def _lines(wanted: tuple[Wanted, ...]) -> tuple[QuoteLine, ...]:
    return tuple(QuoteLine(line.variant, line.title, line.had) for line in wanted if line.variant and line.is_available)


def _options(quote: Quote, methods: tuple[Method, ...], benefit: DeliveryBenefit | None) -> tuple[Option, ...]:
    charges = (quote.delivery_by(method.choice, benefit) for method in methods)
    return tuple(Option(method, charge) for method, charge in zip(methods, charges, strict=True))
