"""The rows behind what is suggested, kept as they were when it was found: pages and files read these and nothing else.

Looked for again, they are replaced; what is not found any more has none.
"""

from components.foundation import database
from components.insights.suggestions.suggestion_kind import COLUMNS, FoundEvidence, SuggestionKind

MOST = 20_000
"""Of one suggestion, the newest so many are kept; its amount is of all."""


async def collect(of: SuggestionKind, args: tuple[object, ...], *, most: int) -> list[FoundEvidence]:
    """Within a transaction: what all rows of the kind come to, by subject. They can be kept until it ends."""
    await database.execute("DROP TABLE IF EXISTS pg_temp.found_evidence")
    await database.execute(_EMPTY)
    await database.execute(_COLLECT.format(rows=of.rows), *args)
    return await database.fetch_as(FoundEvidence, _BY_SUBJECT, most)


async def keep(of: SuggestionKind, subjects: list[str]) -> None:
    """Those of these subjects, after `collect` in the same transaction; the kind's other rows go."""
    await database.execute(_FORGET, of.key)
    await database.execute(_KEEP, of.key, subjects, MOST)


_EMPTY = """CREATE TEMP TABLE found_evidence (subject text, name text, detail text, person uuid, at timestamptz,
  what text, reference text, times bigint, amount bigint, other bigint) ON COMMIT DROP"""
_COLLECT = f"""INSERT INTO pg_temp.found_evidence ({COLUMNS})
SELECT {COLUMNS} FROM ({{rows}}) r WHERE $1::timestamptz < $2::timestamptz AND $3::text <> ''"""
_BY_SUBJECT = """SELECT subject, min(name) AS name, max(detail) AS detail, sum(times)::bigint AS evidence,
  coalesce(sum(times) FILTER (WHERE amount <> 0), 0)::bigint AS marked, count(DISTINCT person) AS people,
  sum(amount)::bigint AS amount
FROM pg_temp.found_evidence GROUP BY subject
ORDER BY abs(sum(amount)) DESC, sum(times) DESC, subject LIMIT $1"""
_FORGET = "DELETE FROM suggestion_row r USING suggestion s WHERE s.id = r.suggestion AND s.kind = $1"
_KEEP = """INSERT INTO suggestion_row (suggestion, number, person, at, what, reference, times, amount, other)
SELECT s.id, f.number, f.person, f.at, left(f.what, 300), f.reference, f.times, f.amount, f.other
FROM (SELECT e.*, row_number() OVER (PARTITION BY subject ORDER BY at DESC, reference, person, amount) AS number
  FROM pg_temp.found_evidence e WHERE subject = ANY($2::text[])) f
JOIN suggestion s ON s.kind = $1 AND s.subject = left(f.subject, 160) WHERE f.number <= $3"""
