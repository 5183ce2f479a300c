"""What must hold of coupons at every moment, checked by database queries."""

from components.foundation import database

_CHECKS = (
    (
        "Coupon {code}: {used} uses counted, {kept} kept",
        """SELECT c.code, c.used, count(u.id) AS kept FROM coupon c
           LEFT JOIN coupon_use u ON u.coupon = c.id AND u.state IN ('reserved', 'used')
           GROUP BY c.id HAVING count(u.id) <> c.used""",
    ),
    (
        "Coupon {code}: used {used} times, {limit_total} allowed",
        "SELECT code, used, limit_total FROM coupon WHERE used > limit_total",
    ),
    (
        "First order of {who}: {uses} coupons used for it",
        """SELECT coalesce(u.person::text, u.email) AS who, count(*) AS uses FROM coupon_use u
           JOIN coupon c ON c.id = u.coupon AND c.first_order_only
           WHERE u.state IN ('reserved', 'used') AND (u.person IS NOT NULL OR u.email <> '')
           GROUP BY coalesce(u.person::text, u.email) HAVING count(*) > 1""",
    ),
    (
        "Coupon {code}: used {uses} times by one person, {most} allowed",
        """SELECT c.code, count(*) AS uses, CASE WHEN c.first_order_only THEN 1 ELSE c.limit_each END AS most
           FROM coupon c JOIN coupon_use u ON u.coupon = c.id AND u.state IN ('reserved', 'used')
           WHERE u.person IS NOT NULL OR u.email <> '' GROUP BY c.id, coalesce(u.person::text, u.email)
           HAVING count(*) > CASE WHEN c.first_order_only THEN 1 ELSE c.limit_each END""",
    ),
)


async def invariants() -> list[str]:
    """A description of each violation; an empty list when there is none."""
    broken = []
    for words, sql in _CHECKS:
        broken += [words.format(**row) for row in await database.fetch(sql)]
    return broken
