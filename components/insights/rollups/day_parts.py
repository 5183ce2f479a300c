"""What came in and went out on each day, as SQL over a relation `ranges` of days with their first and last instants.

A row is a day, its `source`, the plan it belongs to, a kind of benefit, how many they were and what they come to:
"order" (of the kind "member" where who ordered held a plan that is not free) and "refund", "fee" by plan, "cost" by
plan and kind ("in margin" is that of the lines whose cost is known), "margin" by plan (of so many lines; "costed"
counts those whose cost is known), and "money" that orders were paid with, without credit, with the "money tax" in it.
"failed" are renewals whose first charge failed on that day, by what has become of them; "began" and "ended" the
memberships of a plan that did, with when in that day they did so, added up.
`OFFSET 0`: each day is asked for by itself and in this order, whatever is expected of it.
"""

HELD_THEN = "(holds(m.starts_at, m.ends_at, o.paid_at) OR m.source_id = o.joined_with)"
"""Of a membership `m` of whoever paid the order `o`: it ran then, or began with this very order, a moment later."""
_IN_RANGE = "{at} >= r.from_at AND {at} < r.until"
_PLAN_THEN = """(SELECT m.plan FROM insights_memberships m
  WHERE m.holder = gave.person AND (m.starts_at <= gave.at OR m.source_id = gave.joined_with)
  ORDER BY (m.ends_at IS NULL OR m.ends_at > gave.at) DESC, m.source = 'free',
    abs(extract(epoch FROM m.starts_at - gave.at)) LIMIT 1)"""

IS_MEMBERS = f"""EXISTS (SELECT FROM insights_memberships m WHERE m.holder = o.person AND m.source <> 'free'
    AND {HELD_THEN})"""
SOLD = f"""
SELECT r.day, 'order' AS source, NULL::uuid AS plan, o.kind, o.number, o.amount
FROM ranges r CROSS JOIN LATERAL (
  SELECT CASE WHEN {IS_MEMBERS} THEN 'member' ELSE '' END AS kind, count(*) AS number, sum(total)::bigint AS amount
  FROM (SELECT * FROM insights_orders WHERE {_IN_RANGE.format(at="paid_at")} OFFSET 0) o GROUP BY 1) o
UNION ALL SELECT r.day, 'refund', NULL, '', f.number, f.amount
FROM ranges r CROSS JOIN LATERAL (SELECT count(*) AS number, sum(amount)::bigint AS amount FROM insights_refunds
  WHERE status <> 'failed' AND {_IN_RANGE.format(at="at")}) f WHERE f.number > 0"""
_FEES = f"""
SELECT r.day, 'fee' AS source, d.plan, '' AS kind, d.number, d.amount
FROM ranges r CROSS JOIN LATERAL (SELECT v.plan, count(*) AS number, sum(p.net_amount)::bigint AS amount
  FROM insights_paid_periods p JOIN insights_plan_versions v ON v.id = p.plan_version
  WHERE {_IN_RANGE.format(at="p.paid_at")} GROUP BY v.plan) d"""
# A lot of credit costs what was given, less what was taken back or has expired, whenever that was.
_COSTS = f"""
SELECT c.day, part.source, c.plan, c.kind, part.number, part.amount
FROM (SELECT day, plan, kind, count(*) AS number, sum(amount)::bigint AS amount,
    count(*) FILTER (WHERE is_costed) AS costed, sum(amount) FILTER (WHERE is_costed)::bigint AS in_margin
  FROM (SELECT gave.day, gave.kind, gave.amount, gave.is_costed, {_PLAN_THEN} AS plan FROM (
  SELECT r.day, u.person, u.at, u.kind, CASE WHEN o.tax_is_included
    THEN round((u.regular - u.paid) * 10000.0 / (10000 + o.tax_rate))::bigint ELSE u.regular - u.paid END AS amount,
    EXISTS (SELECT FROM insights_order_lines l WHERE l.order_id = u.order_id AND l.unit_cost IS NOT NULL
      AND u.reference LIKE '%' || l.id) AS is_costed, o.joined_with
  FROM ranges r CROSS JOIN LATERAL (SELECT * FROM insights_benefit_uses u WHERE {_IN_RANGE.format(at="u.at")}
    OFFSET 0) u
  LEFT JOIN LATERAL (SELECT tax_is_included, tax_rate, joined_with FROM insights_orders
    WHERE id = u.order_id OFFSET 0) o ON true
  UNION ALL SELECT r.day, l.person, l.given_at, coalesce(b.kind, ''), e.amount, false, o.joined_with
  FROM ranges r CROSS JOIN LATERAL (SELECT * FROM insights_credit_lots l WHERE {_IN_RANGE.format(at="l.given_at")}
    OFFSET 0) l
  CROSS JOIN LATERAL (SELECT -sum(e.amount)::bigint AS amount, bool_or(e.account_kind = 'cashback_given') AS is_cashback
    FROM insights_ledger_entries e WHERE e.lot = l.id
    AND e.account_kind IN ('cashback_given', 'credit_given', 'expired')) e
  LEFT JOIN insights_benefits b ON b.id = l.benefit
  LEFT JOIN LATERAL (SELECT joined_with FROM insights_orders WHERE id = l.order_id OFFSET 0) o ON true
  WHERE e.amount IS NOT NULL AND (b.kind IS NOT NULL OR e.is_cashback)) gave) held
  WHERE plan IS NOT NULL GROUP BY day, plan, kind) c
CROSS JOIN LATERAL (VALUES ('cost', c.number, c.amount), ('in margin', c.costed, c.in_margin))
  part (source, number, amount) WHERE part.number > 0"""
_MARGINS = f"""
SELECT s.day, part.source, s.plan, '' AS kind, part.number, part.amount
FROM (SELECT r.day, m.plan, count(*) AS lines, count(l.unit_cost) AS costed,
    sum(CASE WHEN l.unit_cost IS NULL THEN 0 ELSE CASE WHEN o.tax_is_included
      THEN l.total - l.tax ELSE l.total END - l.unit_cost * l.quantity END)::bigint AS margin
  FROM ranges r CROSS JOIN LATERAL (SELECT * FROM insights_orders o WHERE {_IN_RANGE.format(at="o.paid_at")}
    OFFSET 0) o
  CROSS JOIN LATERAL (SELECT * FROM insights_order_lines l WHERE l.order_id = o.id OFFSET 0) l
  JOIN LATERAL (SELECT m.plan FROM insights_memberships m WHERE m.holder = o.person
    AND {HELD_THEN} ORDER BY m.source = 'free', abs(extract(epoch FROM m.starts_at - o.paid_at)) LIMIT 1) m ON true
  GROUP BY r.day, m.plan) s
CROSS JOIN LATERAL (VALUES ('margin', s.lines, s.margin), ('costed', s.costed, 0)) part (source, number, amount)"""
OF_PLANS = f"{_FEES} UNION ALL {_COSTS} UNION ALL {_MARGINS}"
MONEY = f"""
SELECT r.day, part.source, NULL::uuid AS plan, '' AS kind, part.number, part.amount
FROM ranges r CROSS JOIN LATERAL (SELECT count(*) AS number, sum(total - credit)::bigint AS amount,
    sum(round(CASE WHEN total = 0 THEN 0 ELSE tax * (total - credit)::numeric / total END))::bigint AS tax
  FROM insights_order_tax WHERE {_IN_RANGE.format(at="paid_at")}) o
CROSS JOIN LATERAL (VALUES ('money', o.number, o.amount), ('money tax', o.number, o.tax)) part (source, number, amount)
WHERE o.number > 0"""
FAILED = f"""
SELECT r.day, 'failed' AS source, NULL::uuid AS plan, f.kind, f.number, f.amount
FROM ranges r CROSS JOIN LATERAL (
  SELECT CASE i.status WHEN 'paid' THEN 'recovered' WHEN 'open' THEN 'waiting' ELSE 'lost' END AS kind,
    count(*) AS number, sum(i.total)::bigint AS amount
  FROM (SELECT * FROM insights_invoices WHERE reason = 'subscription_cycle' AND {_IN_RANGE.format(at="failed_at")}
    OFFSET 0) i
  CROSS JOIN LATERAL (SELECT FROM insights_paid_periods d WHERE d.subscription = i.local_id
    AND d.starts_at < i.created_at AND d.invoice <> i.stripe_id AND (d.amount > 0 OR d.is_opening)
    ORDER BY d.starts_at LIMIT 1) d GROUP BY 1) f"""
# Microseconds since the midnight of UTC that the day is named after: a day is as long as that everywhere.
_EDGES = """
SELECT r.day, '{source}' AS source, m.plan, '' AS kind, m.number, m.amount
FROM ranges r CROSS JOIN LATERAL (SELECT plan, count(*) AS number,
    (sum(extract(epoch FROM ({at}) - r.day::timestamp AT TIME ZONE 'UTC')) * 1000000)::bigint AS amount
  FROM insights_memberships WHERE {in_range} GROUP BY plan) m"""
HOLDINGS = " UNION ALL ".join(
    _EDGES.format(source=source, at=at, in_range=_IN_RANGE.format(at=at))
    for source, at in (("began", "starts_at"), ("ended", "ends_at"))
)
ALL_BUT_HOLDINGS = f"{SOLD} UNION ALL {OF_PLANS} UNION ALL {MONEY} UNION ALL {FAILED}"
ALL = f"{ALL_BUT_HOLDINGS} UNION ALL {HOLDINGS}"
COLUMNS = "day, source, plan, kind, number, amount"

# Where midnight comes twice a day begins with the first, of which PostgreSQL would take the second.
_FROM, _UNTIL = (
    f"(({day}::timestamp - interval '1 second') AT TIME ZONE $1) + interval '1 second'" for day in ("day", "(day + 1)")
)
_LIMITS = f"{_FROM} AS from_at, {_UNTIL} AS until"
EVERY_DAY = f"""ranges AS (SELECT day, {_LIMITS}
  FROM (SELECT least((SELECT min(paid_at) FROM insights_orders), (SELECT min(at) FROM insights_refunds),
      (SELECT min(paid_at) FROM insights_paid_periods), (SELECT min(at) FROM insights_benefit_uses),
      (SELECT min(given_at) FROM insights_credit_lots), (SELECT min(failed_at) FROM insights_invoices)) AS first,
    greatest((SELECT max(paid_at) FROM insights_orders), (SELECT max(at) FROM insights_refunds),
      (SELECT max(paid_at) FROM insights_paid_periods), (SELECT max(at) FROM insights_benefit_uses),
      (SELECT max(given_at) FROM insights_credit_lots), (SELECT max(failed_at) FROM insights_invoices)) AS last) known
  CROSS JOIN LATERAL (SELECT generate_series((first AT TIME ZONE $1)::date, (last AT TIME ZONE $1)::date,
    interval '1 day')::date AS day) d)"""
"""Every day on which anything was."""
THESE_DAYS = f"ranges AS (SELECT day, {_LIMITS} FROM unnest($2::date[]) day)"


KEPT = """kept AS (SELECT EXISTS (SELECT FROM figure_state WHERE zone = $1 AND rules = $2) AS is_current),
queued AS (SELECT DISTINCT (at AT TIME ZONE $1)::date AS day FROM figure_day_change)"""
EDGE_DAYS = f"""ranges AS (SELECT day, {_LIMITS} FROM (
  SELECT (starts_at AT TIME ZONE $1)::date AS day FROM insights_memberships
  UNION SELECT (ends_at AT TIME ZONE $1)::date FROM insights_memberships WHERE ends_at IS NOT NULL) days)"""
"""Every day on which a membership began or ends, also of those to come."""


def read(parts: str, sources: str) -> str:
    """As `read_from`, of the rows of these sources."""
    return read_from("FROM figure_day", COLUMNS, parts, f"source IN ({sources})")


def read_from(kept: str, columns: str, parts: str, which: str = "true") -> str:
    """A WITH clause that ends in `found`: of days of the shop's time zone `$1` and rules `$2`, from the instant `$3` to
    `$4`, both included. Days that are not whole in it, and those that are queued, are read from their rows."""
    return f"""WITH {KEPT},
days AS (SELECT day, {_LIMITS}
  FROM (SELECT generate_series(($3::timestamptz AT TIME ZONE $1)::date, ($4::timestamptz AT TIME ZONE $1)::date,
    interval '1 day')::date AS day) d),
ranges AS (SELECT day, greatest($3, from_at) AS from_at,
    least($4::timestamptz + interval '1 microsecond', until) AS until FROM days
  WHERE NOT (SELECT is_current FROM kept) OR from_at < $3 OR until > $4::timestamptz + interval '1 microsecond'
    OR day IN (SELECT day FROM queued)),
found AS (
  SELECT {columns} {kept} WHERE (SELECT is_current FROM kept) AND {which}
    AND day >= ($3::timestamptz AT TIME ZONE $1)::date AND day <= ($4::timestamptz AT TIME ZONE $1)::date
    AND day NOT IN (SELECT day FROM ranges)
  UNION ALL {parts})"""


HELD = f"""WITH {KEPT},
ranges AS (SELECT day, {_LIMITS} FROM (SELECT day FROM queued WHERE (SELECT is_current FROM kept)
  UNION SELECT (starts_at AT TIME ZONE $1)::date FROM insights_memberships WHERE NOT (SELECT is_current FROM kept)
  UNION SELECT (ends_at AT TIME ZONE $1)::date FROM insights_memberships WHERE NOT (SELECT is_current FROM kept)) days
  WHERE day < $4::date),
found AS (
  SELECT day, source, plan, number, amount FROM figure_day WHERE (SELECT is_current FROM kept)
    AND source IN ('began', 'ended') AND day < $4 AND day NOT IN (SELECT day FROM ranges)
  UNION ALL SELECT day, source, plan, number, amount FROM ({HOLDINGS}) anew)
SELECT plan, sum(CASE source WHEN 'began' THEN 1 ELSE -1 END * (
    number * extract(epoch FROM ({_FROM.replace("day", "$4")}) - day::timestamp AT TIME ZONE 'UTC') * 1000000 - amount
    - CASE WHEN day < $3::date THEN number * extract(epoch FROM ({_FROM.replace("day", "$3")})
      - day::timestamp AT TIME ZONE 'UTC') * 1000000 - amount ELSE 0 END)) AS held
FROM found GROUP BY plan"""
"""For how many microseconds memberships of each plan ran from the day `$3` to before the day `$4`: since they began, up
to the end and up to the beginning, less since they ended. `$1` is the shop's time zone and `$2` the version of the
rules."""
