"""Memberships: plans and their prices, what they promise, and who holds what at any instant.

Owns plans, benefits, subscriptions as mirrored, memberships, entitlements and the savings ledger.
Leaves prices to `pricing`, taking money to `payments`, telling people to `messaging`.
"""

from components.memberships import club, entitlements, offers, shelf, standing
from components.memberships.offers import BenefitView, PlanView
from components.memberships.shelf import refresh, start
from components.memberships.standing import Held, PlanStanding, Standing

__all__ = [
    "BenefitView",
    "Held",
    "PlanStanding",
    "PlanView",
    "Standing",
    "club",
    "entitlements",
    "offers",
    "refresh",
    "shelf",
    "standing",
    "start",
]
