"""Invariants of these rows. Each violation is one sentence; none are expected."""

from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_rules import Invariant, references
from components.memberships import agreement_invariants
from components.memberships.billing.tables import FeeRefund, FeeTaxMove
from components.memberships.discounts.tables import FeeDiscount
from components.memberships.entitlements import entitlement_sync
from components.memberships.grants.tables import PaidOnceRefund, SpendRule
from components.memberships.keeping_members import save_offer_invariants
from components.memberships.keeping_members.tables import SaveOffer, SaveOfferShown
from components.memberships.promises import promise_invariants
from components.memberships.promises.tables import FeeGuarantee, GuaranteedFee, PlanPlace
from components.memberships.renewal_credits import credit_invariants
from components.memberships.renewal_credits.tables import RenewalCredit, RenewalCreditChoice
from components.memberships.tables import (
    BenefitUse,
    BenefitVersion,
    Entitlement,
    GiftMembership,
    Membership,
    PaidPeriod,
    PaidTerm,
    Pause,
    PlanBenefit,
    PlanChange,
    PlanVersion,
    PriceMigration,
    PriceMove,
    RefusedTrial,
    Seat,
    Subscription,
    Trial,
)

_WANTED = entitlement_sync.WANTED.replace("$1", "{now}")

RULES = (
    Invariant(
        "memberships do not overlap",
        "Membership {id}: overlaps another with the same person, plan and source.",
        """SELECT DISTINCT least(a.id, b.id) AS id FROM membership a JOIN membership b
        ON a.holder = b.holder AND a.plan = b.plan
        AND a.source = b.source AND a.id <> b.id
        AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
        WHERE a.id = ANY($1)""",
        each="membership",
    ),
    Invariant(
        "paid periods do not overlap",
        "Paid period {id}: overlaps another of the same subscription.",
        """SELECT DISTINCT least(a.id, b.id) AS id FROM paid_period a JOIN paid_period b
        ON a.subscription = b.subscription AND a.id <> b.id
        AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
        WHERE a.id = ANY($1)""",
        each="paid_period",
    ),
    Invariant(
        "an entitlement is within its membership",
        "Entitlement {id}: extends beyond its membership.",
        """SELECT e.id FROM entitlement e JOIN membership m ON m.id = e.membership
        WHERE e.id = ANY($1) AND (
          e.from_at < m.starts_at OR e.person <> m.holder
        OR (m.ends_at IS NOT NULL AND (e.until_at IS NULL OR e.until_at > GREATEST(m.ends_at, e.from_at))))""",
        each="entitlement",
    ),
    Invariant(
        "a membership holds what its plan includes",
        "Membership {id}: from now on its entitlements differ from what its plan includes.",
        f"""WITH wanted AS ({_WANTED} AND m.id = ANY($1)), promised AS (
          SELECT membership, benefit, range_agg(tstzrange(GREATEST(from_at, {{now}}), until_at)) AS stretches
          FROM wanted GROUP BY membership, benefit),
        held AS (SELECT membership, benefit, range_agg(tstzrange(GREATEST(from_at, {{now}}), until_at)) AS stretches
          FROM entitlement WHERE membership = ANY($1) AND (until_at IS NULL OR until_at > GREATEST(from_at, {{now}}))
          GROUP BY membership, benefit)
        SELECT DISTINCT coalesce(p.membership, h.membership) AS id FROM promised p
        FULL JOIN held h ON h.membership = p.membership AND h.benefit = p.benefit
        WHERE p.stretches IS DISTINCT FROM h.stretches""",
        each="membership",
    ),
    Invariant(
        "a benefit is held once",
        "Entitlement {id}: duplicates a benefit of the same membership.",
        """SELECT DISTINCT least(a.id, b.id) AS id FROM entitlement a JOIN entitlement b
        ON a.membership = b.membership AND a.benefit = b.benefit
        AND a.id <> b.id AND tstzrange(a.from_at, a.until_at) && tstzrange(b.from_at, b.until_at)
        WHERE a.id = ANY($1)""",
        each="entitlement",
    ),
    Invariant(
        "plan versions do not overlap",
        "Plan version {id}: overlaps another of the same plan.",
        """SELECT DISTINCT least(a.id, b.id) AS id FROM plan_version a JOIN plan_version b
        ON a.plan = b.plan AND a.id <> b.id
        AND tstzrange(a.from_at, a.until_at) && tstzrange(b.from_at, b.until_at)
        WHERE a.id = ANY($1)""",
        each="plan_version",
    ),
    Invariant(
        "benefit versions do not overlap",
        "Benefit version {id}: overlaps another of the same benefit.",
        """SELECT DISTINCT least(a.id, b.id) AS id FROM benefit_version a JOIN benefit_version b
        ON a.benefit = b.benefit AND a.id <> b.id
        AND tstzrange(a.from_at, a.until_at) && tstzrange(b.from_at, b.until_at)
        WHERE a.id = ANY($1)""",
        each="benefit_version",
    ),
    Invariant(
        "an active subscription has a membership",
        "Subscription {id}: active, but without a membership.",
        """SELECT s.id FROM subscription s WHERE s.id = ANY($1) AND (s.status = 'active' OR
          s.status = 'trialing' AND EXISTS (SELECT FROM trial t WHERE t.subscription = s.id)) AND NOT EXISTS (
          SELECT FROM membership m WHERE m.source_id = s.id
          AND (m.ends_at IS NULL OR m.ends_at >= s.current_period_start))""",
        each="subscription",
    ),
    Invariant(
        "what was never paid gives no membership",
        "Subscription {id}: never paid for, but it has a membership.",
        """SELECT s.id FROM subscription s JOIN membership m ON m.source_id = s.id
        WHERE s.id = ANY($1) AND s.status IN ('pending', 'incomplete', 'lapsed')""",
        each="subscription",
    ),
    Invariant(
        "an ended subscription ends its membership",
        "Subscription {id}: ended, but its membership continues.",
        """SELECT s.id FROM subscription s JOIN membership m ON m.source_id = s.id
        WHERE s.id = ANY($1) AND s.status = 'cancelled'
          AND (m.ends_at IS NULL OR m.ends_at > GREATEST(s.ended_at, m.starts_at))""",
        each="subscription",
    ),
    Invariant(
        "no more is reversed than was saved",
        "Savings of {id}: more was reversed than was saved on this order.",
        """SELECT order_id AS id FROM benefit_use
        WHERE order_id IN (SELECT order_id FROM benefit_use WHERE id = ANY($1))
        GROUP BY order_id HAVING sum(regular - paid) < 0""",
        each="benefit_use",
    ),
    *agreement_invariants.RULES,
    *promise_invariants.RULES,
    *save_offer_invariants.RULES,
    *credit_invariants.RULES,
)

REFERENCES = references(
    (
        PlanVersion, BenefitVersion, PlanBenefit, Subscription, PaidPeriod, Membership, Entitlement, BenefitUse,
        PaidTerm, GiftMembership, Seat, Trial, RefusedTrial, PlanChange, Pause, PriceMigration, PriceMove, SpendRule,
        FeeDiscount, FeeRefund, FeeTaxMove, PaidOnceRefund, FeeGuarantee, GuaranteedFee, PlanPlace, SaveOffer,
        SaveOfferShown, RenewalCredit, RenewalCreditChoice,
    ),
    [
        (Subscription.payer, "person"), (Membership.holder, "person"), (Entitlement.person, "person"),
        (BenefitUse.person, "person"), (BenefitUse.order_id, "orders"), (PaidTerm.payer, "person"),
        (GiftMembership.buyer, "person"), (GiftMembership.redeemed_by, "person"), (Seat.payer, "person"),
        (Seat.holder, "person"), (Trial.person, "person"), (RefusedTrial.subscription, "subscription"),
        (FeeGuarantee.person, "person"), (SaveOfferShown.person, "person"),
        (PlanPlace.person, "person"), (RenewalCredit.person, "person"), (RenewalCreditChoice.person, "person"),
    ],
)  # fmt: skip
"""Rows that must be there, of other components too."""


async def invariants() -> list[str]:
    """Every row that breaks a rule of memberships."""
    return await invariant_walks.sentences(RULES)
