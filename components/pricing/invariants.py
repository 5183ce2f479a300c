"""What must hold of coupons at every moment, checked by database queries."""

from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_rules import Invariant, references
from components.pricing.tables import CouponUse

_THEIRS = """(u.person = k.person OR k.person IS NULL AND u.person IS NULL AND u.email = k.email)
             AND u.state IN ('reserved', 'used')"""

RULES = (
    Invariant(
        "a coupon counts its uses",
        "Coupon {code}: {used} uses counted, {kept} kept",
        """SELECT c.code, c.used, count(u.id) AS kept FROM coupon c
           LEFT JOIN coupon_use u ON u.coupon = c.id AND u.state IN ('reserved', 'used')
           WHERE c.id = ANY($1) GROUP BY c.id HAVING count(u.id) <> c.used""",
        each="coupon",
    ),
    Invariant(
        "a first order is one order",
        "First order of {who}: {uses} coupons used for it",
        f"""SELECT DISTINCT coalesce(k.person::text, k.email) AS who, t.uses FROM coupon_use k
           JOIN coupon c ON c.id = k.coupon AND c.first_order_only CROSS JOIN LATERAL (
             SELECT count(*) AS uses FROM coupon f JOIN coupon_use u ON u.coupon = f.id
             WHERE f.first_order_only AND {_THEIRS}) t
           WHERE k.id = ANY($1) AND (k.person IS NOT NULL OR k.email <> '') AND t.uses > 1""",
        each="coupon_use",
    ),
    Invariant(
        "nobody uses a coupon too often",
        "Coupon {code}: used {uses} times by one person, {most} allowed",
        f"""SELECT DISTINCT c.code, t.uses, c.limit_each AS most FROM coupon_use k
           JOIN coupon c ON c.id = k.coupon AND NOT c.first_order_only CROSS JOIN LATERAL (
             SELECT count(*) AS uses FROM coupon_use u WHERE u.coupon = c.id AND {_THEIRS}) t
           WHERE k.id = ANY($1) AND (k.person IS NOT NULL OR k.email <> '') AND t.uses > c.limit_each""",
        each="coupon_use",
    ),
)

REFERENCES = references(
    (CouponUse,), [(CouponUse.order_id, "orders"), (CouponUse.fee, "fee_discount"), (CouponUse.person, "person")]
)
"""Rows that must be there, of other components too."""


async def invariants() -> list[str]:
    """A description of each violation; an empty list when there is none."""
    return await invariant_walks.sentences(RULES)
