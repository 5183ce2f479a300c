"""The effect of a sale or coupon on three real products, for a guest and for a member."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from components.catalog.sales.sale_rules import SaleDetails
from components.catalog.scopes import Scope
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import ProductView, Sale, VariantView
from components.foundation.formatting import money
from components.foundation.money import Money
from components.memberships.discounts.discount_terms import DiscountTooLarge, FeeDiscountTerms, WrongDiscount
from components.memberships.plans import lead_plan, plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.pricing import prices, quotes
from components.pricing.coupons.coupons import CouponDiscount
from components.pricing.coupons.editing import CouponDetails
from components.pricing.price_context import PriceContext
from components.pricing.quotes import QuoteLine
from components.pricing.tax import NO_TAX

MOST = 3


@dataclass(frozen=True, kw_only=True)
class PriceExample:
    title: str
    guest_before: str
    guest_after: str
    member_before: str
    member_after: str
    why: str


def of_sale(details: SaleDetails, at: datetime) -> tuple[PriceExample, ...]:
    """At the start of the sale, or now if it has started."""
    when = max(at, details.from_at or at)
    return tuple(_on_sale(variant, title, details, when) for title, variant in _examples(details.scope))


def of_coupon(coupon: CouponDiscount, at: datetime) -> tuple[PriceExample, ...]:
    """For one of each, regardless of its minimum and dates."""
    given = replace(coupon, minimum=0)
    return tuple(_with_coupon(variant, title, given, at) for title, variant in _examples(coupon.scope))


@dataclass(frozen=True, kw_only=True)
class FeeExample:
    """`after` is empty where the code cannot be used on the fee, and `why` says so."""

    plan: str
    before: str
    after: str = ""
    why: str = ""


def of_fee_code(details: CouponDetails, at: datetime) -> tuple[FeeExample, ...]:
    """Of every plan that is offered and that the code is for."""
    named, offered = details.fee_plans, [plan for plan in plan_catalogue.active_plans(at) if not plan.is_free]
    return tuple(_off_fee(plan, details) for plan in offered if (plan.slug in named if named else plan.renews))


def _off_fee(plan: PlanView, details: CouponDetails) -> FeeExample:
    payments = 1 if plan.is_once else details.fee_payments
    terms = (
        FeeDiscountTerms(percent_bp=details.value, payments=payments)
        if details.discount_type == "percent"
        else FeeDiscountTerms(amount=Money(details.value, plan.price.currency), payments=payments)
    )
    try:
        terms.check(plan)
    except (DiscountTooLarge, WrongDiscount) as refusal:
        return FeeExample(plan=plan.name, before=plan.price_words, why=str(refusal))
    return FeeExample(
        plan=plan.name, before=plan.price_words, after=money(terms.left(plan.price)), why=_how_often(payments)
    )


def _how_often(payments: int | None) -> str:
    if payments is None:
        return "Every payment."
    return "The first payment." if payments == 1 else f"The first {payments} payments."


def _on_sale(variant: VariantView, title: str, details: SaleDetails, at: datetime) -> PriceExample:
    sale = Sale(details.price(variant.price), details.from_at, details.until_at, details.name)
    others = tuple(known for known in variant.sales if not known.is_on(at))
    reduced, usual = replace(variant, sales=(*others, sale)), replace(variant, sales=others)
    before, after = _both(usual, at), _both(reduced, at)
    told = prices.resolve(reduced, lead_plan.context(at), at).trace
    return PriceExample(
        title=title,
        guest_before=money(before[0]),
        guest_after=money(after[0]),
        member_before=money(before[1]),
        member_after=money(after[1]),
        why=next((step.words for step in told if step.applied), ""),
    )


def _with_coupon(variant: VariantView, title: str, coupon: CouponDiscount, at: datetime) -> PriceExample:
    before = _both(variant, at)
    guest, _ = _line(variant, PriceContext.GUEST, coupon, at)
    member, why = _line(variant, lead_plan.context(at), coupon, at)
    return PriceExample(
        title=title,
        guest_before=money(before[0]),
        guest_after=money(guest),
        member_before=money(before[1]),
        member_after=money(member),
        why=why,
    )


def _line(variant: VariantView, context: PriceContext, coupon: CouponDiscount, at: datetime) -> tuple[int, str]:
    quote = quotes.quote(
        [QuoteLine(variant, "", 1)],
        context=context,
        delivery=None,
        delivery_benefit=None,
        tax=NO_TAX,
        currency="",
        at=at,
        coupon=coupon,
    )
    step = quote.lines[0].coupon_step
    return quote.goods, step.reason if step else "No discount on products."


def _both(variant: VariantView, at: datetime) -> tuple[int, int]:
    """What a guest and a member pay."""
    return (
        prices.resolve(variant, PriceContext.GUEST, at).now,
        prices.resolve(variant, lead_plan.context(at), at).now,
    )


def _examples(scope: Scope) -> Iterator[tuple[str, VariantView]]:
    """The cheapest, the median and the most expensive of what is covered."""
    covered = [(product, _covered(product, scope)) for product in snapshot_refresh.snapshot().products]
    found = sorted(((product, one) for product, one in covered if one), key=lambda pair: pair[1].price)
    chosen = found if len(found) <= MOST else [found[0], found[len(found) // 2], found[-1]]
    for product, variant in chosen:
        yield product.title, variant


def _covered(product: ProductView, scope: Scope) -> VariantView | None:
    return next((variant for variant in product.variants if scope.covers(variant)), None)
