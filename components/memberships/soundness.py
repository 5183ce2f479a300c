"""What must always be true of these rows. Each finding is one sentence; none is what one hopes for."""

from components.foundation import database

_CHECKS: tuple[tuple[str, str], ...] = (
    (
        "Membership {id}: it overlaps another of the same person, plan and source.",
        """SELECT a.id FROM membership a JOIN membership b ON a.holder = b.holder AND a.plan = b.plan
        AND a.source = b.source AND a.id < b.id
        AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)""",
    ),
    (
        "Paid period {id}: it overlaps another of its subscription.",
        """SELECT a.id FROM paid_period a JOIN paid_period b ON a.subscription = b.subscription AND a.id < b.id
        AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)""",
    ),
    (
        "Entitlement {id}: it reaches beyond its membership.",
        """SELECT e.id FROM entitlement e JOIN membership m ON m.id = e.membership
        WHERE e.from_at < m.starts_at OR e.person <> m.holder
        OR (m.ends_at IS NOT NULL AND (e.until_at IS NULL OR e.until_at > m.ends_at))""",
    ),
    (
        "Entitlement {id}: the same benefit is held twice because of one membership.",
        """SELECT a.id FROM entitlement a JOIN entitlement b ON a.membership = b.membership AND a.benefit = b.benefit
        AND a.id < b.id AND tstzrange(a.from_at, a.until_at) && tstzrange(b.from_at, b.until_at)""",
    ),
    (
        "Plan version {id}: it overlaps another of its plan.",
        """SELECT a.id FROM plan_version a JOIN plan_version b ON a.plan = b.plan AND a.id < b.id
        AND tstzrange(a.from_at, a.until_at) && tstzrange(b.from_at, b.until_at)""",
    ),
    (
        "Benefit version {id}: it overlaps another of its benefit.",
        """SELECT a.id FROM benefit_version a JOIN benefit_version b ON a.benefit = b.benefit AND a.id < b.id
        AND tstzrange(a.from_at, a.until_at) && tstzrange(b.from_at, b.until_at)""",
    ),
    (
        "Subscription {id}: it is active and gives no membership.",
        """SELECT s.id FROM subscription s WHERE s.status IN ('active', 'trialing') AND NOT EXISTS (
          SELECT FROM membership m WHERE m.source_id = s.id
          AND (m.ends_at IS NULL OR m.ends_at >= s.current_period_start))""",
    ),
    (
        "Subscription {id}: it was never paid for and gives a membership.",
        """SELECT s.id FROM subscription s JOIN membership m ON m.source_id = s.id
        WHERE s.status IN ('pending', 'incomplete', 'lapsed')""",
    ),
    (
        "Subscription {id}: it is over and its membership goes on.",
        """SELECT s.id FROM subscription s JOIN membership m ON m.source_id = s.id
        WHERE s.status = 'cancelled' AND (m.ends_at IS NULL OR m.ends_at > GREATEST(s.ended_at, m.starts_at))""",
    ),
    (
        "Savings of {id}: more was given back than was saved on one order.",
        "SELECT order_id AS id FROM benefit_use GROUP BY order_id HAVING sum(regular - paid) < 0",
    ),
)


async def invariants() -> list[str]:
    """Every row that breaks a rule of memberships."""
    found = []
    for words, sql in _CHECKS:
        found += [words.format(id=row["id"]) for row in await database.fetch(sql + " LIMIT 20")]
    return found
