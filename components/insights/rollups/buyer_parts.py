"""What members and everybody else bought in each month, and who joined before and since, as SQL. `$1` is the shop's
time zone.

Of each person their orders are kept in one row, oldest first, with whether they held a plan that is not free then. An
order says in which month its person last bought before it, as a member or not, and in which before that: of a span of
months each person is in one order that comes back from before it, and whoever bought twice in one that does not and
comes back from one that does. So people are added up as orders are.
"""

from components.insights.rollups.unrolled import CURRENT

MONTHS = 12
"""At most so many are asked for together: what lies further back is as if it had never been."""
COLUMNS = "person, joined_at, paid_at, totals, held"
ANEW = """
SELECT coalesce(o.person, j.person) AS person, j.joined_at, coalesce(o.paid_at, '{{}}') AS paid_at,
  coalesce(o.totals, '{{}}') AS totals, coalesce(o.held, '{{}}') AS held
FROM (SELECT person, array_agg(paid_at ORDER BY paid_at, id) AS paid_at,
    array_agg(total ORDER BY paid_at, id) AS totals, array_agg(is_member ORDER BY paid_at, id) AS held
  FROM (SELECT o.id, o.person, o.paid_at, o.total::bigint AS total, EXISTS (SELECT FROM insights_memberships m
      WHERE m.holder = o.person AND m.source <> 'free' AND holds(m.starts_at, m.ends_at, o.paid_at)) AS is_member
    FROM insights_orders o WHERE o.paid_at IS NOT NULL AND o.person IS NOT NULL AND {buyer}) o GROUP BY person) o
FULL JOIN (SELECT m.holder AS person, min(m.starts_at) AS joined_at FROM insights_memberships m
  WHERE m.source <> 'free' AND {holder} GROUP BY m.holder) j ON j.person = o.person"""
_THEIRS = "IN (SELECT unnest(ids) FROM people)"
OF_EVERYBODY = ANEW.format(buyer="true", holder="true")
OF_THESE = ANEW.format(buyer=f"o.person {_THEIRS}", holder=f"m.holder {_THEIRS}")
"""Of those in `people`."""
KEPT_OF_THESE = f"SELECT {COLUMNS} FROM figure_buyer WHERE person {_THEIRS}"


def _month(at: str) -> str:
    return f"date_trunc('month', {at} AT TIME ZONE $1)::date"


_EACH = """{rows}) d CROSS JOIN LATERAL unnest(d.paid_at, d.totals, d.held)
  WITH ORDINALITY o (at, total, is_member, turn)"""
_A_YEAR = f"interval '{MONTHS} months'"
MONTH_KEY, MONTH_VALUES = "month, is_member, last_month, month_before", "number amount"
JOINER_KEY, JOINER_VALUES = "joined, month, is_since", "number amount people again known"


def by_month(rows: str) -> str:
    """Of some rows of people, such as "TABLE figure_buyer"."""
    return f"""SELECT {MONTH_KEY}, count(*) AS number, sum(total)::bigint AS amount FROM (
  SELECT month, is_member, total, CASE WHEN last > month - {_A_YEAR} THEN last END AS last_month,
    CASE WHEN before_last > month - {_A_YEAR} THEN before_last END AS month_before
  FROM (SELECT *, lag(month) OVER theirs AS last, lag(month, 2) OVER theirs AS before_last
    FROM (SELECT d.person, o.turn, o.total, o.is_member, {_month("o.at")} AS month
      FROM ({_EACH.format(rows=rows)}) each_of_them
    WINDOW theirs AS (PARTITION BY person, is_member ORDER BY turn)) came) found
GROUP BY {MONTH_KEY}"""


# What was bought so long before joining is in a span that ends as long after it, or later: it counts from then on.
def by_joining(rows: str) -> str:
    """As `by_month`: what those who joined in a month bought in a later one, or so long before joining that a span up
    to the end of that month reaches it. `people` and `again` are those whose first and second order it was; `known` are
    all who joined, in the row of their own month."""
    return f"""SELECT {JOINER_KEY}, sum(number)::bigint AS number, sum(amount)::bigint AS amount,
  sum(people)::bigint AS people, sum(again)::bigint AS again, sum(known)::bigint AS known FROM (
  SELECT joined, {_month("counts_at")} AS month, is_since, count(*) AS number, sum(total)::bigint AS amount,
    count(*) FILTER (WHERE place = 1) AS people, count(*) FILTER (WHERE place = 2) AS again, 0::bigint AS known
  FROM (SELECT *, row_number() OVER (PARTITION BY person, is_since ORDER BY counts_at, turn) AS place
    FROM (SELECT d.person, {_month("d.joined_at")} AS joined, o.at >= d.joined_at AS is_since, o.total, o.turn,
        CASE WHEN o.at >= d.joined_at THEN o.at
          ELSE d.joined_at + (d.joined_at - o.at) - interval '1 microsecond' END AS counts_at
      FROM ({_EACH.format(rows=rows)} WHERE d.joined_at IS NOT NULL) each_of_them) placed
  WHERE {_month("counts_at")} < joined + {_A_YEAR} GROUP BY 1, 2, 3
  UNION ALL SELECT {_month("d.joined_at")}, {_month("d.joined_at")}, true, 0, 0, 0, 0, count(*)
  FROM ({rows}) d WHERE d.joined_at IS NOT NULL GROUP BY 1) parts GROUP BY {JOINER_KEY}"""


PEOPLE = f"""kept AS (SELECT {CURRENT} AS is_current),
people AS (SELECT ARRAY(SELECT person FROM figure_buyer_change
  UNION SELECT person FROM insights_orders WHERE NOT (SELECT is_current FROM kept) AND paid_at IS NOT NULL
    AND person IS NOT NULL
  UNION SELECT holder FROM insights_memberships WHERE NOT (SELECT is_current FROM kept) AND source <> 'free') AS ids),
stale AS (SELECT * FROM ({KEPT_OF_THESE}) s WHERE (SELECT is_current FROM kept)), fresh AS ({OF_THESE})"""
"""The parts of a WITH clause: who is not rolled up as they are now. `$2` is the version of the rules."""


def month_parts() -> str:
    """What is kept, less what was counted of whoever has changed, with what counts now. Goes on from `PEOPLE`."""
    return _parts("FROM figure_buyer_month", MONTH_KEY, MONTH_VALUES, by_month("TABLE stale"), by_month("TABLE fresh"))


def joiner_parts() -> str:
    """As `month_parts`."""
    return _parts(
        "FROM figure_joiner_month", JOINER_KEY, JOINER_VALUES, by_joining("TABLE stale"), by_joining("TABLE fresh")
    )


def _parts(kept: str, key: str, values: str, stale: str, fresh: str) -> str:
    names = values.split()
    sums = ", ".join(f"sum({one})::bigint AS {one}" for one in names)
    plus, minus = ", ".join(names), ", ".join(f"-{one}" for one in names)
    return f"""SELECT {key}, {sums} FROM (
    SELECT {key}, {plus} {kept} WHERE (SELECT is_current FROM kept)
    UNION ALL SELECT {key}, {minus} FROM ({stale}) s
    UNION ALL SELECT {key}, {plus} FROM ({fresh}) f) parts GROUP BY {key}"""
