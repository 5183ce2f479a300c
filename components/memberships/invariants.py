"""Invariants of these rows. Each violation is one sentence; none are expected."""

from components.foundation import clock, database
from components.memberships.entitlements import entitlement_sync

_CHECKS: tuple[tuple[str, str], ...] = (
    (
        "Membership {id}: overlaps another with the same person, plan and source.",
        """SELECT a.id FROM membership a JOIN membership b ON a.holder = b.holder AND a.plan = b.plan
        AND a.source = b.source AND a.id < b.id
        AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)""",
    ),
    (
        "Paid period {id}: overlaps another of the same subscription.",
        """SELECT a.id FROM paid_period a JOIN paid_period b ON a.subscription = b.subscription AND a.id < b.id
        AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)""",
    ),
    (
        "Entitlement {id}: extends beyond its membership.",
        """SELECT e.id FROM entitlement e JOIN membership m ON m.id = e.membership
        WHERE e.from_at < m.starts_at OR e.person <> m.holder
        OR (m.ends_at IS NOT NULL AND (e.until_at IS NULL OR e.until_at > GREATEST(m.ends_at, e.from_at)))""",
    ),
    (
        "Membership {id}: from now on its entitlements differ from what its plan includes.",
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
        "Entitlement {id}: duplicates a benefit of the same membership.",
        """SELECT a.id FROM entitlement a JOIN entitlement b ON a.membership = b.membership AND a.benefit = b.benefit
        AND a.id < b.id AND tstzrange(a.from_at, a.until_at) && tstzrange(b.from_at, b.until_at)""",
    ),
    (
        "Plan version {id}: overlaps another of the same plan.",
        """SELECT a.id FROM plan_version a JOIN plan_version b ON a.plan = b.plan AND a.id < b.id
        AND tstzrange(a.from_at, a.until_at) && tstzrange(b.from_at, b.until_at)""",
    ),
    (
        "Benefit version {id}: overlaps another of the same benefit.",
        """SELECT a.id FROM benefit_version a JOIN benefit_version b ON a.benefit = b.benefit AND a.id < b.id
        AND tstzrange(a.from_at, a.until_at) && tstzrange(b.from_at, b.until_at)""",
    ),
    (
        "Subscription {id}: active, but without a membership.",
        """SELECT s.id FROM subscription s WHERE (s.status = 'active' OR
          s.status = 'trialing' AND EXISTS (SELECT FROM trial t WHERE t.subscription = s.id)) AND NOT EXISTS (
          SELECT FROM membership m WHERE m.source_id = s.id
          AND (m.ends_at IS NULL OR m.ends_at >= s.current_period_start))""",
    ),
    (
        "Subscription {id}: never paid for, but it has a membership.",
        """SELECT s.id FROM subscription s JOIN membership m ON m.source_id = s.id
        WHERE s.status IN ('pending', 'incomplete', 'lapsed')""",
    ),
    (
        "Subscription {id}: ended, but its membership continues.",
        """SELECT s.id FROM subscription s JOIN membership m ON m.source_id = s.id
        WHERE s.status = 'cancelled' AND (m.ends_at IS NULL OR m.ends_at > GREATEST(s.ended_at, m.starts_at))""",
    ),
    (
        "Gift {id}: redeemed, but without exactly one membership.",
        """SELECT g.id FROM gift_membership g LEFT JOIN membership m ON m.source_id = g.id AND m.source = 'gift'
        GROUP BY g.id HAVING count(m.id) <> (g.begun_at IS NOT NULL)::int OR (g.begun_at IS NOT NULL AND
          (g.redeemed_by IS NULL OR g.paid_at IS NULL OR bool_or(m.holder <> g.redeemed_by)))""",
    ),
    (
        "Fixed term {id}: paid without exactly one membership, or unpaid with one.",
        """SELECT t.id FROM paid_term t LEFT JOIN membership m ON m.source_id = t.id AND m.source = 'term'
        GROUP BY t.id HAVING count(m.id) <> (t.paid_at IS NOT NULL)::int""",
    ),
    (
        "Seat {id}: still in use after it was ended, or after the shared membership ended.",
        """SELECT s.id FROM seat s JOIN membership m ON m.source_id = s.id AND m.source = 'seat'
        WHERE (s.ended_at IS NOT NULL AND (m.ends_at IS NULL OR m.ends_at > s.ended_at))
          OR m.ends_at IS DISTINCT FROM LEAST(m.ends_at, (
            SELECT CASE WHEN bool_or(c.ends_at IS NULL) THEN NULL ELSE max(c.ends_at) END
            FROM membership c WHERE c.source_id = s.source_id))""",
    ),
    (
        "Trial of subscription {id}: running without having been accepted, or refused but with a membership.",
        """SELECT s.id FROM subscription s JOIN membership m ON m.source_id = s.id
        WHERE (s.status = 'trialing' AND NOT EXISTS (SELECT FROM trial t WHERE t.subscription = s.id))
          OR (EXISTS (SELECT FROM refused_trial r WHERE r.subscription = s.id))""",
    ),
    (
        "Pause {id}: under way, but its subscription is not paused.",
        """SELECT p.id FROM pause p JOIN subscription s ON s.id = p.subscription
        WHERE p.ended_at IS NULL AND p.begun_at IS NOT NULL AND p.until_at > $1 AND s.status <> 'paused'""",
    ),
    (
        "Pause {id}: open, but its subscription has ended.",
        """SELECT p.id FROM pause p JOIN subscription s ON s.id = p.subscription
        WHERE p.ended_at IS NULL AND s.status IN ('cancelled', 'lapsed')""",
    ),
    (
        "Pause {id}: its subscription would be charged before it is over, or paid time would be lost.",
        """SELECT p.id FROM pause p JOIN subscription s ON s.id = p.subscription
        WHERE p.ended_at IS NULL AND p.arranged_at IS NOT NULL AND p.returning_at IS NULL AND p.until_at > $1
          AND s.status IN ('active', 'paused')
          AND s.current_period_end < p.until_at + make_interval(secs => p.paid_left)""",
    ),
    (
        "Subscription {id}: paid for and paused, but without a pause that would end.",
        """SELECT s.id FROM subscription s WHERE s.status = 'paused'
        AND EXISTS (SELECT FROM paid_period i WHERE i.subscription = s.id)
        AND NOT EXISTS (SELECT FROM pause p WHERE p.subscription = s.id AND p.ended_at IS NULL)""",
    ),
    (
        "Subscription {id}: cancelled, but it would be charged before it ends.",
        """SELECT s.id FROM subscription s WHERE s.cancel_at > s.current_period_end
        AND s.status NOT IN ('cancelled', 'lapsed')""",
    ),
    (
        "Savings of {id}: more was reversed than was saved on this order.",
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
