"""What must hold of subscriptions' agreements: gifts, terms, seats, trials and pauses."""

from components.foundation.consistency.invariant_rules import Invariant

# What was paid, and its rates together; an older one may say how much tax there is without its rate.
_SAID = "paid.id, paid.amount, paid.amount - paid.net_amount AS tax, found.tax AS of_rates"
_BROKEN = """LATERAL (SELECT coalesce(sum((one->>'tax')::bigint), 0)::bigint AS tax,
          sum((one->>'rate_bp')::bigint) AS rate, bool_and(one->>'rate_bp' IS NOT NULL) AS is_known
          FROM jsonb_array_elements(paid.taxes) one) found
        WHERE paid.net_amount IS NULL OR found.tax <> paid.amount - paid.net_amount OR (found.is_known AND found.tax <>
          (2 * paid.amount * found.rate + 10000 + found.rate)::bigint / (2 * (10000 + found.rate))::bigint)"""

_CODE_OFF = """CASE WHEN d.amount > 0 THEN least(d.amount, v.price)
          ELSE (2 * v.price * d.percent_bp + 10000) / 20000 END"""

RULES = (
    Invariant(
        "the tax kept with a paid period adds up",
        "Paid period {id}: {tax} of {amount} is tax, and its rates make {of_rates}.",
        f"""SELECT {_SAID} FROM (SELECT id, amount, net_amount, taxes FROM paid_period WHERE id = ANY($1)) paid,
        {_BROKEN}""",
        each="paid_period",
    ),
    Invariant(
        "the tax kept with a gift adds up",
        "Gift {id}: {tax} of {amount} is tax, and its rates make {of_rates}.",
        f"""SELECT {_SAID} FROM (SELECT o.id, v.price AS amount, o.net_amount, o.taxes FROM gift_membership o
          JOIN plan_version v ON v.id = o.plan_version WHERE o.id = ANY($1) AND o.paid_at IS NOT NULL) paid,
        {_BROKEN}""",
        each="gift_membership",
    ),
    Invariant(
        "the tax kept with a term adds up",
        "Fixed term {id}: {tax} of {amount} is tax, and its rates make {of_rates}.",
        f"""SELECT {_SAID} FROM (SELECT o.id, v.price - o.off AS amount, o.net_amount, o.taxes FROM paid_term o
          JOIN plan_version v ON v.id = o.plan_version WHERE o.id = ANY($1) AND o.paid_at IS NOT NULL) paid,
        {_BROKEN}""",
        each="paid_term",
    ),
    Invariant(
        "a redeemed gift is one membership",
        "Gift {id}: redeemed, but without exactly one membership.",
        """SELECT g.id FROM gift_membership g LEFT JOIN membership m ON m.source_id = g.id AND m.source = 'gift'
        WHERE g.id = ANY($1) GROUP BY g.id
        HAVING count(m.id) <> (g.begun_at IS NOT NULL)::int OR (g.begun_at IS NOT NULL AND
          (g.redeemed_by IS NULL OR g.paid_at IS NULL OR bool_or(m.holder <> g.redeemed_by)))""",
        each="gift_membership",
    ),
    Invariant(
        "a gift is refunded when all that was paid for it is",
        "Gift {id}: {given_back} of {price} was refunded, and its code says otherwise.",
        """SELECT g.id, v.price, coalesce(sum(r.amount), 0) AS given_back FROM gift_membership g
        JOIN plan_version v ON v.id = g.plan_version
        LEFT JOIN paid_once_refund r ON r.gift = g.id AND r.status <> 'failed'
        WHERE g.id = ANY($1) GROUP BY g.id, v.price HAVING coalesce(sum(r.amount), 0) > v.price
          OR (g.refunded_at IS NOT NULL) <> (v.price > 0 AND coalesce(sum(r.amount), 0) = v.price)""",
        each="gift_membership",
    ),
    Invariant(
        "a paid term is one membership",
        "Fixed term {id}: paid without exactly one membership, or unpaid with one.",
        """SELECT t.id FROM paid_term t LEFT JOIN membership m ON m.source_id = t.id AND m.source = 'term'
        WHERE t.id = ANY($1) GROUP BY t.id HAVING count(m.id) <> (t.paid_at IS NOT NULL)::int""",
        each="paid_term",
    ),
    Invariant(
        "refunds of a term are within its price",
        "Fixed term {id}: {given_back} of {price} was refunded.",
        """SELECT t.id, v.price - t.off AS price, sum(r.amount) AS given_back FROM paid_term t
        JOIN plan_version v ON v.id = t.plan_version JOIN paid_once_refund r ON r.term = t.id AND r.status <> 'failed'
        WHERE t.id = ANY($1) GROUP BY t.id, v.price HAVING sum(r.amount) > v.price - t.off""",
        each="paid_term",
    ),
    Invariant(
        "what was taken off a term is what its code takes off",
        "Fixed term {id}: {taken} was taken off, and its code takes off {agreed}.",
        f"""SELECT t.id, t.off AS taken, coalesce(sum({_CODE_OFF}), 0) AS agreed FROM paid_term t
        JOIN plan_version v ON v.id = t.plan_version
        LEFT JOIN fee_discount d ON d.term = t.id AND d.begun_at IS NOT NULL
        WHERE t.id = ANY($1) GROUP BY t.id HAVING t.off <> coalesce(sum({_CODE_OFF}), 0)""",
        each="paid_term",
    ),
    Invariant(
        "a seat ends with what it shares",
        "Seat {id}: still in use after it was ended, or after the shared membership ended.",
        """SELECT s.id FROM seat s JOIN membership m ON m.source_id = s.id AND m.source = 'seat'
        WHERE s.id = ANY($1) AND (
          (s.ended_at IS NOT NULL AND (m.ends_at IS NULL OR m.ends_at > s.ended_at))
          OR m.ends_at IS DISTINCT FROM LEAST(m.ends_at, (
            SELECT CASE WHEN bool_or(c.ends_at IS NULL) THEN NULL ELSE max(c.ends_at) END
            FROM membership c WHERE c.source_id = s.source_id)))""",
        each="seat",
    ),
    Invariant(
        "a trial was accepted",
        "Trial of subscription {id}: running without having been accepted, or refused but with a membership.",
        """SELECT s.id FROM subscription s JOIN membership m ON m.source_id = s.id
        WHERE s.id = ANY($1) AND (
          (s.status = 'trialing' AND NOT EXISTS (SELECT FROM trial t WHERE t.subscription = s.id))
          OR (EXISTS (SELECT FROM refused_trial r WHERE r.subscription = s.id)))""",
        each="subscription",
    ),
    Invariant(
        "a pause under way pauses",
        "Pause {id}: under way, but its subscription is not paused.",
        """SELECT p.id FROM pause p JOIN subscription s ON s.id = p.subscription
        WHERE p.id = ANY($1) AND p.ended_at IS NULL AND p.begun_at IS NOT NULL AND p.until_at > {now}
          AND s.status <> 'paused'""",
        each="pause",
    ),
    Invariant(
        "an open pause has a running subscription",
        "Pause {id}: open, but its subscription has ended.",
        """SELECT p.id FROM pause p JOIN subscription s ON s.id = p.subscription
        WHERE p.id = ANY($1) AND p.ended_at IS NULL AND s.status IN ('cancelled', 'lapsed')""",
        each="pause",
    ),
    Invariant(
        "a late first payment loses no paid time",
        "Subscription {id}: its first payment came late, and its renewal has not been moved by as long.",
        """SELECT s.id FROM subscription s WHERE s.id = ANY($1) AND s.late_by > 0 AND s.late_moved_at IS NULL
        AND s.status = 'active' AND s.started_at + make_interval(secs => s.late_by) < {now} - interval '1 day'""",
        each="subscription",
    ),
    Invariant(
        "a pause loses no paid time",
        "Pause {id}: its subscription would be charged before it is over, or paid time would be lost.",
        """SELECT p.id FROM pause p JOIN subscription s ON s.id = p.subscription
        WHERE p.id = ANY($1) AND p.ended_at IS NULL AND p.arranged_at IS NOT NULL AND p.returning_at IS NULL
          AND p.until_at > {now}
          AND s.status IN ('active', 'paused')
          AND s.current_period_end < p.until_at + make_interval(secs => p.paid_left)""",
        each="pause",
    ),
    Invariant(
        "a paused subscription comes back",
        "Subscription {id}: paid for and paused, but without a pause that would end.",
        """SELECT s.id FROM subscription s WHERE s.id = ANY($1) AND s.status = 'paused'
        AND EXISTS (SELECT FROM paid_period i WHERE i.subscription = s.id)
        AND NOT EXISTS (SELECT FROM pause p WHERE p.subscription = s.id AND p.ended_at IS NULL)""",
        each="subscription",
    ),
    Invariant(
        "a cancelled subscription is not charged again",
        "Subscription {id}: cancelled, but it would be charged before it ends.",
        """SELECT s.id FROM subscription s WHERE s.id = ANY($1) AND s.cancel_at > s.current_period_end
        AND s.status NOT IN ('cancelled', 'lapsed')""",
        each="subscription",
    ),
)
