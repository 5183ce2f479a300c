"""What each plan and interval had of every movement, as SQL: the parts of a WITH clause. `$1` is the shop's time zone.

A person pays for one plan at a time: that of the last fee that was paid (`fee_timeline` says from when a fee counts).
A movement is that plan's. Where the plan changes, what was paid before goes "out" of one and what is paid then comes
"in" to the other, also if it is the same amount and so no movement at all: its kind is then "switch". Whatever way it
is added up, the parts of all plans come to what moved.
"""

_PROMPT = "interval '6 hours'"
PAID = f"""SELECT s.payer AS person, d.id, d.starts_at, d.paid_at, v.plan,
      v.interval_count || ' ' || v.interval AS every,
      CASE WHEN d.is_opening OR d.paid_at - d.starts_at >= {_PROMPT} THEN d.paid_at ELSE d.starts_at END AS at
    FROM insights_paid_periods d JOIN insights_subscriptions s ON s.id = d.subscription
    JOIN insights_plan_versions v ON v.id = d.plan_version WHERE {{whose}}"""
"""The fees of whoever pays for the subscription `s`, and from when each counts."""
_STINTS = f"""
fees AS (
  SELECT DISTINCT ON (person, at) person, at, starts_at, plan, every FROM ({PAID.format(whose="true")}) paid
  WHERE {{whom}} ORDER BY person, at, starts_at DESC, paid_at DESC, id DESC),
latest_fees AS (
  SELECT *, max(starts_at) OVER (PARTITION BY person ORDER BY at) AS latest FROM fees),
fee_changes AS (
  SELECT person, at, plan, every, lag(plan) OVER by_person AS was_plan, lag(every) OVER by_person AS was_every
  FROM latest_fees WHERE starts_at = latest WINDOW by_person AS (PARTITION BY person ORDER BY at)),
stints AS (
  SELECT person, plan, every, was_plan, was_every,
    CASE WHEN was_every IS NULL THEN '-infinity' ELSE at END AS from_at,
    coalesce(lead(at) OVER (PARTITION BY person ORDER BY at), 'infinity') AS until
  FROM fee_changes WHERE (plan, every) IS DISTINCT FROM (was_plan, was_every))"""


def stints(whom: str) -> str:
    """For which plan, charged how often, each person paid from when until when: `every` is such as "1 year"."""
    return _STINTS.format(whom=whom)


KEEP_STINTS = f"CREATE TEMPORARY TABLE figure_stints ON COMMIT DROP AS WITH {stints('true')} SELECT * FROM stints"
"""Of everybody, for the statements of one transaction: all fees are sorted for it, once."""
KEPT_STINTS = "stints AS (SELECT * FROM figure_stints)"


COLUMNS = (
    "person, at, month, plan, every, kind, because, turn, amount, people, is_left, is_plan_left, is_every_left, "
    "is_both_left"
)
_IS_SWITCH = "m.balance <> 0 AND m.balance <> m.amount AND (a.plan, a.every) IS DISTINCT FROM (b.plan, b.every)"
_PEOPLE = "(m.balance > 0)::int - (m.balance - m.amount > 0)::int"
_OF_WHAT = """CASE WHEN {0}.plan IS NOT DISTINCT FROM {1} THEN ' every' WHEN {0}.every IS NOT DISTINCT FROM {2}
  THEN ' plan' ELSE '' END"""
"""Of what somebody changed: "in every" stayed in the plan, "in plan" is charged as often as before."""
_LEFT = "m.is_left AND part.turn NOT LIKE 'in%'"
_MONTH_BEGAN = "m.month::timestamp AT TIME ZONE $1"


def lines(movements: str) -> str:
    """Of movements as they count, such as "FROM figure_movement": goes on from `stints` of the same people."""
    return f"""
moves AS (SELECT * {movements}),
switches AS (
  SELECT person, at, plan, every, was_plan, was_every,
    max(balance) OVER (PARTITION BY person, moves_so_far) AS balance, moved_at
  FROM (SELECT *, count(balance) OVER so_far AS moves_so_far, max(moved) OVER so_far AS moved_at
    FROM (SELECT person, at, at AS moved, balance, NULL::uuid AS plan, '' AS every, NULL::uuid AS was_plan,
        '' AS was_every FROM moves
      UNION ALL SELECT person, from_at, NULL, NULL, plan, every, was_plan, was_every FROM stints
        WHERE from_at > '-infinity') each_of_them
    WINDOW so_far AS (PARTITION BY person ORDER BY at, balance IS NULL ROWS UNBOUNDED PRECEDING)) carried),
lines AS (
  SELECT m.person, m.at, m.month, part.plan, coalesce(part.every, '') AS every, m.kind, m.because, part.turn,
    part.amount, part.people, {_LEFT} AS is_left, {_LEFT} AND coalesce(c.plan = b.plan, true) AS is_plan_left,
    {_LEFT} AND coalesce(c.every = b.every, true) AS is_every_left,
    {_LEFT} AND coalesce((c.plan, c.every) = (b.plan, b.every), true) AS is_both_left
  FROM moves m
  LEFT JOIN stints a ON a.person = m.person AND a.from_at <= m.at AND m.at < a.until
  LEFT JOIN stints b ON b.person = m.person AND b.from_at < m.at AND m.at <= b.until
  LEFT JOIN stints c ON m.is_left AND c.person = m.person AND c.from_at <= {_MONTH_BEGAN} AND {_MONTH_BEGAN} < c.until
  CROSS JOIN LATERAL (SELECT {_OF_WHAT.format("a", "b.plan", "b.every")} AS words) changed
  CROSS JOIN LATERAL (
    SELECT CASE WHEN m.balance <> 0 THEN a.plan ELSE b.plan END AS plan,
      CASE WHEN m.balance <> 0 THEN a.every ELSE b.every END AS every, '' AS turn, m.amount, {_PEOPLE} AS people
    WHERE NOT ({_IS_SWITCH})
    UNION ALL SELECT b.plan, b.every, 'out' || changed.words, m.amount - m.balance, -(m.balance > m.amount)::int
    WHERE {_IS_SWITCH}
    UNION ALL SELECT a.plan, a.every, 'in' || changed.words, m.balance, (m.balance > 0)::int WHERE {_IS_SWITCH}) part
  UNION ALL SELECT s.person, s.at, date_trunc('month', s.at AT TIME ZONE $1)::date, part.plan, part.every, 'switch',
    '', part.turn || {_OF_WHAT.format("s", "s.was_plan", "s.was_every")}, part.amount, part.people, false, false, false,
    false
  FROM switches s CROSS JOIN LATERAL (VALUES (s.was_plan, s.was_every, 'out', -s.balance, -(s.balance > 0)::int),
    (s.plan, s.every, 'in', s.balance, (s.balance > 0)::int)) part (plan, every, turn, amount, people)
  WHERE s.every <> '' AND s.balance <> 0 AND s.moved_at < s.at)"""


KEY = "month, plan, every, kind, because, turn"
VALUES = "amount movements people members_left plan_left every_left both_left"


def by_month(rows: str) -> str:
    """Of some lines, such as "FROM lines". `members_left` are those of all members at the month's start, `plan_left`
    of those who paid for this plan then, `every_left` so often, and `both_left` for this plan so often."""
    return f"""SELECT {KEY}, sum(amount)::bigint AS amount, count(*) AS movements, sum(people)::bigint AS people,
  count(*) FILTER (WHERE is_left) AS members_left, count(*) FILTER (WHERE is_plan_left) AS plan_left,
  count(*) FILTER (WHERE is_every_left) AS every_left, count(*) FILTER (WHERE is_both_left) AS both_left
  {rows} GROUP BY {KEY}"""
