"""The arithmetic of kept figures, as SQL: movements as they count, and what they add up to. Shares nothing with the
walk that tests compare it with.

Each piece is a part of a WITH clause; `$1` is the shop's time zone. `people` there has one row: `ids`,
an array.
"""

from components.insights.rollups import plan_parts

MERGED_WITHIN = "interval '60 minutes'"
"""A person's changes within an hour of the first count as one, or none if they cancel out."""

# A gap of more than an hour always begins a new one: only islands that are longer than an hour are walked.
_MERGED = f"""
settled AS (
  SELECT person, at, kind, sum(amount)::bigint AS amount, min(turn) AS turn,
    (array_agg(because ORDER BY turn))[1] AS because
  FROM current_movements WHERE {{whom}} GROUP BY person, at, kind HAVING sum(amount) <> 0),
ordered AS (
  SELECT *, sum(amount) OVER by_person::bigint AS balance, lag(at) OVER by_person AS before_at FROM settled
  WINDOW by_person AS (PARTITION BY person ORDER BY at, turn)),
islands AS (
  SELECT *, count(*) FILTER (WHERE before_at IS NULL OR at - before_at > {MERGED_WITHIN}) OVER by_person AS island
  FROM ordered WINDOW by_person AS (PARTITION BY person ORDER BY at, turn)),
shores AS (
  SELECT *, min(at) OVER by_island AS first_at,
    max(at) OVER by_island - min(at) OVER by_island > {MERGED_WITHIN} AS is_long
  FROM islands WINDOW by_island AS (PARTITION BY person, island)),
long AS MATERIALIZED (SELECT person, island, at, first_at FROM shores WHERE is_long),
anchors AS (
  SELECT DISTINCT person, island, first_at AS anchor FROM long
  UNION ALL SELECT person, island, following FROM (SELECT a.person, a.island, (SELECT min(l.at) FROM long l
      WHERE l.person = a.person AND l.island = a.island AND l.at > a.anchor + {MERGED_WITHIN}) AS following
    FROM anchors a) next WHERE following IS NOT NULL),
grouped AS (
  SELECT s.*, CASE WHEN is_long THEN (SELECT max(a.anchor) FROM anchors a
    WHERE a.person = s.person AND a.island = s.island AND a.anchor <= s.at) ELSE first_at END AS anchor FROM shores s),
merged AS (
  SELECT person, anchor AS at, sum(amount)::bigint AS amount, count(*) AS parts,
    (array_agg(kind ORDER BY at, turn))[1] AS first_kind, (array_agg(kind ORDER BY at DESC, turn DESC))[1] AS last_kind,
    (array_agg(balance ORDER BY at DESC, turn DESC))[1] AS balance,
    (array_agg(because ORDER BY at DESC, turn DESC))[1] AS because
  FROM grouped GROUP BY person, anchor HAVING sum(amount) <> 0),
named AS (
  SELECT person, at, amount, balance, because, date_trunc('month', at AT TIME ZONE $1)::date AS month,
    CASE WHEN parts = 1 OR balance = amount THEN first_kind WHEN balance = 0 THEN last_kind
      WHEN amount > 0 THEN 'expansion' ELSE 'contraction' END AS kind,
    row_number() OVER (PARTITION BY person ORDER BY at)::int AS place,
    min(at) OVER (PARTITION BY person) AS first_at FROM merged),
fresh AS (
  SELECT n.person, place, at, kind, amount, balance, because, month,
    first_value(CASE WHEN kind <> 'adopted' THEN month END) OVER (PARTITION BY n.person ORDER BY place) AS cohort,
    kind = 'churn' AND first_value(balance - amount) OVER (PARTITION BY n.person, month ORDER BY place) > 0
      AND row_number() OVER (PARTITION BY n.person, month, kind ORDER BY place) = 1 AS is_left, first_at
  FROM named n)"""
_JOINED = """
fresh_joined AS (
  SELECT n.*, s.plan AS joined_plan, coalesce(s.every, '') AS joined_every
  FROM fresh n LEFT JOIN stints s ON s.person = n.person AND s.from_at <= n.first_at AND n.first_at < s.until)"""
# Of few people: the fee that counted when they first paid, the last of those that had begun; else the first of all.
_FEES_OF_ONE = plan_parts.PAID.format(whose="s.payer = f.person")
_JOINED_OF_SOME = f"""
first_fees AS (
  SELECT f.person, coalesce(p.plan, q.plan) AS plan, coalesce(p.every, q.every) AS every
  FROM (SELECT DISTINCT person, first_at FROM fresh) f
  LEFT JOIN LATERAL (SELECT * FROM ({_FEES_OF_ONE} AND d.starts_at <= f.first_at) begun WHERE at <= f.first_at
    ORDER BY starts_at DESC, at DESC, paid_at DESC, id DESC LIMIT 1) p ON true
  LEFT JOIN LATERAL (SELECT * FROM ({_FEES_OF_ONE}) paid
    WHERE p.person IS NULL ORDER BY at, starts_at DESC, paid_at DESC, id DESC LIMIT 1) q ON true),
fresh_joined AS (
  SELECT n.*, f.plan AS joined_plan, coalesce(f.every, '') AS joined_every
  FROM fresh n LEFT JOIN first_fees f ON f.person = n.person)"""
EVERYBODY, THESE = "true", "person IN (SELECT unnest(ids) FROM people)"
FRESH = f"WITH RECURSIVE {plan_parts.stints(EVERYBODY)}, {_MERGED.format(whom=EVERYBODY)}, {_JOINED}"
"""Of everybody. `fresh_joined` is `fresh` with what each person paid for first."""
FRESH_BY_KEPT_STINTS = f"WITH RECURSIVE {plan_parts.KEPT_STINTS}, {_MERGED.format(whom=EVERYBODY)}, {_JOINED}"
"""The same, after `plan_parts.KEEP_STINTS`."""
FRESH_OF = f"{plan_parts.stints(THESE)}, {_MERGED.format(whom=THESE)}, {_JOINED_OF_SOME}"
"""Of those in `people`. What a statement does not read of it is not worked out."""
COLUMNS = "person, place, at, kind, amount, balance, because, month, cohort, is_left, joined_plan, joined_every"

_PEOPLE = "(balance > 0)::int - (balance - amount > 0)::int"
_MRR = "greatest(balance, 0) - greatest(balance - amount, 0)"
_BY_MONTH = f"""SELECT month, kind, because, sum(amount)::bigint AS amount, count(*) AS movements,
  sum({_PEOPLE})::bigint AS people, count(*) FILTER (WHERE is_left) AS members_left"""
_BY_COHORT = f"""SELECT cohort, joined_plan AS plan, joined_every AS every, month,
  sum({_PEOPLE})::bigint AS people, sum({_MRR})::bigint AS mrr,
  count(*) FILTER (WHERE place = 1) AS joined, coalesce(sum(balance) FILTER (WHERE place = 1), 0)::bigint AS opening"""


def by_month(movements: str) -> str:
    """Of some movements, such as "FROM fresh"."""
    return f"{_BY_MONTH} {movements} GROUP BY month, kind, because"


def by_cohort(movements: str) -> str:
    """As `by_month`, in which nothing is left out."""
    return f"""{_BY_COHORT} FROM (SELECT * {movements}) whose WHERE cohort IS NOT NULL
  GROUP BY cohort, joined_plan, joined_every, month"""


LAST_PAID = """
LEFT JOIN LATERAL (SELECT s.id, s.status, s.cancel_at FROM insights_subscriptions s
  WHERE s.payer = b.person AND s.started_at IS NOT NULL ORDER BY s.started_at DESC LIMIT 1) s ON true
LEFT JOIN LATERAL (SELECT plan_version, net_price FROM insights_paid_periods WHERE subscription = s.id
  ORDER BY starts_at DESC LIMIT 1) paid ON true
LEFT JOIN insights_plan_versions v ON v.id = paid.plan_version
LEFT JOIN LATERAL (SELECT CASE v.interval WHEN 'year' THEN 12 WHEN 'month' THEN 1 WHEN 'week' THEN 33600 END
  * v.interval_count AS months, CASE v.interval WHEN 'week' THEN 146097 ELSE 1 END AS per) fee ON true"""
"""The subscription that a person `b` pays for, its last paid fee, and that fee's interval: `months` ÷ `per` months."""
A_YEAR = """CASE WHEN floor(paid.net_price * fee.per / fee.months::numeric + 0.5) = b.a_month
  THEN floor(paid.net_price * 12 * fee.per / fee.months::numeric + 0.5)::bigint ELSE 12 * b.a_month END"""
"""Rounded once for each fee. Twelve of the ledger's months where that is another fee than the last one paid."""
STANDING = f"""
SELECT b.person, b.a_month, {A_YEAR} AS a_year, b.since
FROM (SELECT person, sum(amount)::bigint AS a_month,
    coalesce(max(at) FILTER (WHERE kind IN ('new', 'adopted', 'reactivation')), min(at)) AS since
  FROM current_movements WHERE {{whom}} GROUP BY person HAVING sum(amount) > 0) b {LAST_PAID}"""
"""What each person pays now. `whom` is a condition, as of `FRESH_OF`."""
