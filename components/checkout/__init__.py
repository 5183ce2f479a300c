"""Checkout: from meaning to buy to having agreed.

Owns baskets, delivery methods, tax rates and the attempts at paying for a basket.
Leaves what things cost to `pricing`, what was agreed to `orders`, taking money to `payments`.
"""

from components.checkout import (
    attempts,
    basket_coupons,
    baskets,
    contents,
    delivery,
    joining,
    looks,
    placing,
    returning,
    supposing,
    terms,
    timetable,
    trying,
    worth,
)
from components.checkout.contents import Contents
from components.checkout.coupons_shown import CouponShown
from components.checkout.gifts_shown import GiftShown
from components.checkout.joins import Joins
from components.checkout.looks import Look
from components.checkout.paying import Placed
from components.checkout.placing import Details, place
from components.checkout.shown import Option, Shopper, Shown, Wanted, quote_for, show
from components.checkout.soundness import invariants
from components.checkout.terms import Method, Terms

__all__ = [
    "Contents",
    "CouponShown",
    "Details",
    "GiftShown",
    "Joins",
    "Look",
    "Method",
    "Option",
    "Placed",
    "Shopper",
    "Shown",
    "Terms",
    "Wanted",
    "attempts",
    "basket_coupons",
    "baskets",
    "contents",
    "delivery",
    "invariants",
    "joining",
    "looks",
    "place",
    "placing",
    "quote_for",
    "returning",
    "show",
    "supposing",
    "terms",
    "timetable",
    "trying",
    "worth",
]
