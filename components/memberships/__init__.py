"""Memberships: plans and their prices, what they promise, and who holds what at any instant.

Owns plans, benefits, subscriptions as mirrored, memberships, entitlements and the savings ledger.
Leaves prices to `pricing`, taking money to `payments`, telling people to `messaging`.
"""

from components.memberships import (
    benefits,
    cancellations,
    club,
    comps,
    entitlements,
    history,
    holdings,
    joining,
    offers,
    periods,
    plans,
    promises,
    renewals,
    roll,
    savings,
    standing,
    subscriptions,
    supposing,
    uses,
    wording,
)
from components.memberships.facts import (
    CancellationScheduled,
    CancellationWithdrawn,
    MembershipEnded,
    MembershipStarted,
    RenewalFailed,
    RenewalRecovered,
    SubscriptionRenewed,
)
from components.memberships.offers import BenefitView, PlanView
from components.memberships.shelf import refresh, start
from components.memberships.soundness import invariants
from components.memberships.standing import Held, PlanStanding, Standing
from components.memberships.tables import PaidPeriod, Subscription

__all__ = [
    "BenefitView",
    "CancellationScheduled",
    "CancellationWithdrawn",
    "Held",
    "MembershipEnded",
    "MembershipStarted",
    "PaidPeriod",
    "PlanStanding",
    "PlanView",
    "RenewalFailed",
    "RenewalRecovered",
    "Standing",
    "Subscription",
    "SubscriptionRenewed",
    "benefits",
    "cancellations",
    "club",
    "comps",
    "entitlements",
    "history",
    "holdings",
    "invariants",
    "joining",
    "offers",
    "periods",
    "plans",
    "promises",
    "refresh",
    "renewals",
    "roll",
    "savings",
    "standing",
    "start",
    "subscriptions",
    "supposing",
    "uses",
    "wording",
]
