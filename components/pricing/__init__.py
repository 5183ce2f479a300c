"""Prices: what one variant, or a whole basket, costs one person at one instant, and why.

Pure: takes values and returns values; no clock, no database, no settings.
Leaves to `memberships` who holds which rule, and to `catalog` what is sold.
"""

from components.pricing import context, coupons, prices, quotes, rules, traces
from components.pricing.context import PriceContext
from components.pricing.coupons import Coupon
from components.pricing.prices import Price, PricePair
from components.pricing.quotes import DeliveryBenefit, DeliveryChoice, Quote, QuoteLine, TaxTerms
from components.pricing.rules import PriceRule
from components.pricing.traces import Step

__all__ = [
    "Coupon",
    "DeliveryBenefit",
    "DeliveryChoice",
    "Price",
    "PriceContext",
    "PricePair",
    "PriceRule",
    "Quote",
    "QuoteLine",
    "Step",
    "TaxTerms",
    "context",
    "coupons",
    "prices",
    "quotes",
    "rules",
    "traces",
]
