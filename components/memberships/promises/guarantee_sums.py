"""What counts of a guaranteed term: parts of statements about `fee_guarantee g`, and the part for the time had."""

from datetime import datetime, timedelta

SECOND = timedelta(seconds=1)


def share(fee: int, *, starts_at: datetime, until_at: datetime, over_at: datetime, paused: float) -> int:
    """The whole fee, or of a term that ended early the part for the time that was had; rounded down. `paused` is in
    seconds."""
    agreed = until_at - starts_at
    had = max(timedelta(0), over_at - starts_at - timedelta(seconds=float(paused)))
    return fee if had >= agreed - timedelta(minutes=1) else int(fee * (had // SECOND) // (agreed // SECOND))


FEE = "(SELECT coalesce(sum(f.amount), 0)::bigint FROM guaranteed_fee f WHERE f.guarantee = g.id)"
REFUNDED = """((SELECT coalesce(sum(r.amount + r.credit), 0) FROM fee_refund r
    JOIN guaranteed_fee f ON f.payment = r.invoice WHERE f.guarantee = g.id AND r.status <> 'failed')
  + (SELECT coalesce(sum(r.amount), 0) FROM paid_once_refund r
    WHERE r.term = g.source_id AND r.status <> 'failed'))::bigint"""
SAVED = """(SELECT coalesce(sum(u.regular - u.paid), 0)::bigint FROM benefit_use u
    WHERE u.person = g.person AND u.currency = g.currency AND (SELECT min(o.at) FROM benefit_use o
      WHERE o.person = u.person AND coalesce(o.order_id, o.id) = coalesce(u.order_id, u.id)) >= g.starts_at
      AND (SELECT min(o.at) FROM benefit_use o
      WHERE o.person = u.person AND coalesce(o.order_id, o.id) = coalesce(u.order_id, u.id)) < {until})"""
"""What was saved by orders of the term, less what came back of them since, whenever that was."""
PAUSED = """(SELECT coalesce(sum(extract(epoch FROM
    LEAST(coalesce(p.ended_at, {until}), {until}) - GREATEST(p.begun_at, g.starts_at))), 0)::float8
  FROM pause p WHERE p.subscription = g.source_id AND p.begun_at < {until}
    AND coalesce(p.ended_at, {until}) > g.starts_at)"""
"""Seconds."""
CARRIED = """(SELECT coalesce(sum(coalesce(p.ended_at, p.until_at) - p.begun_at), interval '0') FROM pause p
  WHERE p.subscription = g.source_id AND p.begun_at >= g.starts_at AND coalesce(p.paid_left, 60) >= 60)"""
"""The time by which pauses make the term end later than it was agreed, one that goes on now included. One that begins
where nothing is left of the paid time doesn't."""
OVER_AT = """LEAST(
    (SELECT min(p.starts_at) FROM paid_period p WHERE p.subscription = g.source_id AND p.starts_at > g.starts_at
      AND NOT EXISTS (SELECT FROM guaranteed_fee f WHERE f.guarantee = g.id AND f.payment = p.invoice)),
    (SELECT s.ended_at FROM subscription s WHERE s.id = g.source_id AND s.status IN ('cancelled', 'lapsed')),
    (SELECT s.past_due_since FROM subscription s WHERE s.id = g.source_id AND s.status IN ('past_due', 'unpaid')
      AND s.past_due_since > g.starts_at),
    (SELECT min(p.begun_at) FROM pause p WHERE p.subscription = g.source_id AND p.begun_at > g.starts_at
      AND p.paid_left < 60),
    (SELECT max(m.ends_at) FROM membership m WHERE m.source_id = g.source_id AND m.source = 'term'))"""
"""The next period, unless it belongs to this term; the end of the subscription; a renewal that failed; a pause that
begins after the paid time (as `pause_lengths.NEXT_TO_NOTHING`); a term's end."""
