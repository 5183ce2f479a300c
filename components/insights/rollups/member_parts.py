"""What each person is as a member, as SQL: of those who pay, or by the newest membership that runs; "" for nobody now.

`$1` is an instant: what is found holds from `since` until before `until`, if nothing is written. A membership that
begins or ends by itself changes it then.
"""

from components.insights.rollups.unrolled import CURRENT

COLUMNS = "person, part, since, until"
ANEW = """
SELECT m.holder AS person, CASE WHEN r.holder IS NULL THEN '' WHEN p.person IS NOT NULL THEN 'paying'
    WHEN r.source <> 'subscription' THEN r.source WHEN s.status = 'trialing' THEN 'trial' ELSE 'nothing' END AS part,
  m.since, m.until
FROM (SELECT m.holder, coalesce(max(edge) FILTER (WHERE edge <= {at}), '-infinity') AS since,
    coalesce(min(edge) FILTER (WHERE edge > {at}), 'infinity') AS until
  FROM insights_memberships m CROSS JOIN LATERAL (VALUES (m.starts_at), (m.ends_at)) e (edge)
  WHERE m.source <> 'free' AND {whom} GROUP BY m.holder) m
LEFT JOIN (SELECT DISTINCT ON (holder) holder, source, source_id FROM insights_memberships m
  WHERE source <> 'free' AND holds(starts_at, ends_at, {at}) AND {whom} ORDER BY holder, starts_at DESC, id DESC) r
  ON r.holder = m.holder
LEFT JOIN (SELECT person FROM current_movements WHERE {who} GROUP BY person HAVING sum(amount) > 0) p
  ON p.person = m.holder
LEFT JOIN insights_subscriptions s ON s.id = r.source_id"""
"""`whom` is a condition on the membership `m`, `who` the same on a `person`, `at` the instant's placeholder."""
_EVERYBODY, _THEIRS = {"whom": "true", "who": "true"}, "IN (SELECT unnest(ids) FROM people)"
_THESE = {"whom": f"m.holder {_THEIRS}", "who": f"person {_THEIRS}"}


def of_everybody(at: str = "$1") -> str:
    return ANEW.format(at=at, **_EVERYBODY)


def of_these(at: str = "$1") -> str:
    """Of those in `people`."""
    return ANEW.format(at=at, **_THESE)


def by_part(rows: str) -> str:
    """Of some, such as "FROM figure_member"."""
    return f"SELECT part, count(*) AS number {rows} GROUP BY part"


UNROLLED = f"""WITH kept AS (SELECT {CURRENT} AS is_current),
people AS (SELECT ARRAY(SELECT person FROM figure_payer_change
  UNION SELECT person FROM figure_member WHERE until <= $3 AND (SELECT is_current FROM kept)
  UNION SELECT person FROM figure_member WHERE since > $3 AND (SELECT is_current FROM kept)
  UNION SELECT holder FROM insights_memberships WHERE NOT (SELECT is_current FROM kept)) AS ids)"""
"""The parts of a WITH clause: who is not kept as they are at the instant `$3`. `$1` is the shop's time zone and `$2`
the version of the rules."""
COUNTED = f"""{UNROLLED}, parts AS (
  SELECT part, number FROM figure_member_part WHERE (SELECT is_current FROM kept)
  UNION ALL SELECT part, -number FROM ({by_part(f"FROM figure_member WHERE person {_THEIRS}")}) s
    WHERE (SELECT is_current FROM kept)
  UNION ALL SELECT part, number FROM ({by_part(f"FROM ({of_these('$3')}) a")}) f)
SELECT part, sum(number)::bigint AS number FROM parts GROUP BY part HAVING sum(number) <> 0"""
"""How many are each part at the instant `$3`."""
