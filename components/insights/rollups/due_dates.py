"""When a renewal is due, and whether it is still waited for: parts of statements about `insights_paid_periods`."""

PATIENCE = "interval '30 days'"
"""A renewal that is late is waited for so long, then its member has not renewed."""

CARRIED = """
LEFT JOIN LATERAL (SELECT coalesce(sum(p.ended_at - p.begun_at), interval '0') AS carried,
    bool_or(p.ended_at IS NULL) AS is_paused FROM insights_pauses p
  WHERE p.subscription = d.subscription AND p.begun_at >= d.starts_at AND p.begun_at < coalesce(n.starts_at, 'infinity')
    AND (p.ended_at IS NULL OR p.ended_at > p.begun_at)) p ON true"""
"""The time that pauses in a period `d`, which another follows at `n.starts_at`, have carried over."""
FOLLOWING = f"""
LEFT JOIN LATERAL (SELECT n.starts_at, n.is_partial, n.plan_version FROM insights_paid_periods n
  WHERE n.subscription = d.subscription AND n.starts_at > d.starts_at ORDER BY n.starts_at LIMIT 1) n ON true
{CARRIED}"""
"""What was paid for after a period `d`, and the time that pauses in it have carried over."""
DUE_AT = "CASE WHEN p.is_paused AND n.starts_at IS NULL THEN NULL ELSE d.ends_at + p.carried END"
"""Not known during a pause."""
WAS_PAYING = """(d.amount > 0 OR d.is_opening OR EXISTS (SELECT FROM insights_paid_periods b
  WHERE b.subscription = d.subscription AND b.starts_at < d.starts_at AND (b.amount > 0 OR b.is_opening)))"""
"""The first period that cost money is the first that is renewed: a trial that is paid for has converted."""
CUT_SHORT = """(n.is_partial OR n.starts_at IS NOT NULL AND NOT d.is_partial AND nv.plan <> v.plan
  AND d.ends_at < d.starts_at + v.interval_count * CASE v.interval WHEN 'week' THEN interval '7 days'
    WHEN 'year' THEN interval '1 year' ELSE interval '1 month' END - interval '2 days')"""
"""By a change of plan at once: such a period was never due. `v` and `nv` are the plan versions of both."""
