"""What must hold of fee guarantees and of places."""

from components.foundation.consistency.invariant_rules import Invariant

RULES = (
    Invariant(
        "a place is held for one who asked",
        "Place {id}: held for longer than 48 hours from its offer.",
        """SELECT p.id FROM plan_place p WHERE p.id = ANY($1) AND p.kind = 'waiting'
        AND (p.held_until - p.offered_at > interval '48 hours' OR (p.offered_at IS NULL) <> (p.held_until IS NULL))""",
        each="plan_place",
    ),
    Invariant(
        "a settled guarantee gave what was not saved",
        "Fee guarantee {id}: {given} was given for a fee of {fee} and savings of {saved}.",
        """SELECT id, given, fee, saved FROM fee_guarantee WHERE id = ANY($1) AND settled_at IS NOT NULL
        AND given <> GREATEST(0, fee - GREATEST(0, saved))""",
        each="fee_guarantee",
    ),
    Invariant(
        "a guarantee counts no more than was paid",
        "Fee guarantee {id}: {fee} counts as its fee, and {paid} was paid.",
        """SELECT g.id, g.fee, coalesce(sum(f.amount), 0) AS paid FROM fee_guarantee g
        LEFT JOIN guaranteed_fee f ON f.guarantee = g.id WHERE g.id = ANY($1)
        GROUP BY g.id HAVING count(f.id) = 0 OR g.fee > sum(f.amount)""",
        each="fee_guarantee",
    ),
    Invariant(
        "what a guarantee counts was paid for it",
        "Fee guarantee {id}: counts a payment of somebody else, or of another amount.",
        """SELECT DISTINCT g.id FROM fee_guarantee g JOIN guaranteed_fee f ON f.guarantee = g.id
        LEFT JOIN paid_period p ON p.invoice = f.payment LEFT JOIN subscription s ON s.id = p.subscription
        LEFT JOIN paid_term t ON t.id::text = f.payment
        WHERE g.id = ANY($1) AND (coalesce(s.id, t.id) IS DISTINCT FROM g.source_id
          OR coalesce(s.payer, t.payer) <> g.person OR (p.id IS NOT NULL AND p.amount <> f.amount - coalesce(
            (SELECT c.amount FROM renewal_credit c WHERE c.invoice = p.invoice AND c.status <> 'released'), 0)))""",
        each="fee_guarantee",
    ),
)
