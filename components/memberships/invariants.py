"""Invariants of these rows. Each violation is one sentence; none are expected."""

from components.foundation import clock, database
from components.memberships.entitlements import entitlement_sync

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
        OR (m.ends_at IS NOT NULL AND (e.until_at IS NULL OR e.until_at > GREATEST(m.ends_at, e.from_at)))""",
    ),
    (
        "Membership {id}: from now on it holds other than what its plan promises.",
        f"""WITH wanted AS ({entitlement_sync.WANTED}), promised AS (
          SELECT membership, benefit, range_agg(tstzrange(GREATEST(from_at, $1), until_at)) AS stretches
          FROM wanted GROUP BY membership, benefit),
        held AS (SELECT membership, benefit, range_agg(tstzrange(GREATEST(from_at, $1), until_at)) AS stretches
          FROM entitlement WHERE until_at IS NULL OR until_at > GREATEST(from_at, $1) GROUP BY membership, benefit)
        SELECT DISTINCT coalesce(p.membership, h.membership) AS id FROM promised p
        FULL JOIN held h ON h.membership = p.membership AND h.benefit = p.benefit
        WHERE p.stretches IS DISTINCT FROM h.stretches""",
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
        """SELECT s.id FROM subscription s WHERE (s.status = 'active' OR
          s.status = 'trialing' AND EXISTS (SELECT FROM trial t WHERE t.subscription = s.id)) AND NOT EXISTS (
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
        "Gift {id}: it was redeemed, and gave other than one membership.",
        """SELECT g.id FROM gift_membership g LEFT JOIN membership m ON m.source_id = g.id AND m.source = 'gift'
        GROUP BY g.id HAVING count(m.id) <> (g.begun_at IS NOT NULL)::int OR (g.begun_at IS NOT NULL AND
          (g.redeemed_by IS NULL OR g.paid_at IS NULL OR bool_or(m.holder <> g.redeemed_by)))""",
    ),
    (
        "Term {id}: it is paid and gave other than one membership, or gave one unpaid.",
        """SELECT t.id FROM paid_term t LEFT JOIN membership m ON m.source_id = t.id AND m.source = 'term'
        GROUP BY t.id HAVING count(m.id) <> (t.paid_at IS NOT NULL)::int""",
    ),
    (
        "Seat {id}: somebody sits on it after it was ended, or after the membership it hangs on.",
        """SELECT s.id FROM seat s JOIN membership m ON m.source_id = s.id AND m.source = 'seat'
        WHERE (s.ended_at IS NOT NULL AND (m.ends_at IS NULL OR m.ends_at > s.ended_at))
          OR m.ends_at IS DISTINCT FROM LEAST(m.ends_at, (
            SELECT CASE WHEN bool_or(c.ends_at IS NULL) THEN NULL ELSE max(c.ends_at) END
            FROM membership c WHERE c.source_id = s.source_id))""",
    ),
    (
        "Trial of subscription {id}: it runs without having been admitted, or was refused and gave a membership.",
        """SELECT s.id FROM subscription s JOIN membership m ON m.source_id = s.id
        WHERE (s.status = 'trialing' AND NOT EXISTS (SELECT FROM trial t WHERE t.subscription = s.id))
          OR (EXISTS (SELECT FROM refused_trial r WHERE r.subscription = s.id))""",
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
        instant = (clock.now(),) if "$1" in sql else ()
        found += [words.format(id=row["id"]) for row in await database.fetch(sql + " LIMIT 20", *instant)]
    return found
