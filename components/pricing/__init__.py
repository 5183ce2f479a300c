"""Prices: what one variant, or a whole basket, costs one person at one instant, and why.

Prices, quotes and traces are pure: they take values and return values; no clock, no database, no settings. Only the
shop's coupons and their uses are rows (`coupon_book`, `coupon_rows`, `redemptions`).
Leaves to `memberships` who holds which rule, and to `catalog` what is sold and which sales run.
"""

from components.pricing import (
    at_home,
    context,
    coupon_book,
    coupon_rows,
    coupons,
    prices,
    quotes,
    redemptions,
    rules,
    traces,
)
from components.pricing.context import PriceContext
from components.pricing.coupon_book import CouponDetails, CouponRefused
from components.pricing.coupon_terms import CouponTerms, KeptCoupon, Redeemer
from components.pricing.coupons import Coupon
from components.pricing.prices import Price, PricePair
from components.pricing.quotes import DeliveryBenefit, DeliveryChoice, Quote, QuoteLine, TaxTerms
from components.pricing.redemptions import CouponGone
from components.pricing.rules import PriceRule
from components.pricing.soundness import invariants
from components.pricing.traces import Step

__all__ = [
    "Coupon",
    "CouponDetails",
    "CouponGone",
    "CouponRefused",
    "CouponTerms",
    "DeliveryBenefit",
    "DeliveryChoice",
    "KeptCoupon",
    "Price",
    "PriceContext",
    "PricePair",
    "PriceRule",
    "Quote",
    "QuoteLine",
    "Redeemer",
    "Step",
    "TaxTerms",
    "at_home",
    "context",
    "coupon_book",
    "coupon_rows",
    "coupons",
    "invariants",
    "prices",
    "quotes",
    "redemptions",
    "rules",
    "traces",
]
