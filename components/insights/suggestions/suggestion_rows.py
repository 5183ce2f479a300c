"""The rows behind a suggestion, as they were when it was found."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import clock, database
from components.foundation.database import row_streams
from components.insights.suggestions.suggestion_kind import holds_a_plan
from components.insights.suggestions.suggestions import SuggestionView

PER_PAGE = 100


class EvidenceRow(NamedTuple):
    """`customer` is empty for what nobody did by name; see `COLUMNS` of the kinds."""

    person: UUID | None
    customer: str
    at: datetime
    what: str
    reference: str
    times: int
    amount: int
    other: int | None


class EvidenceSum(NamedTuple):
    """Of the rows that are kept: all of them, unless there are more than `evidence_rows.MOST`."""

    rows: int
    evidence: int
    amount: int


async def page(of: SuggestionView, *, number: int, per_page: int = PER_PAGE) -> list[EvidenceRow]:
    """Newest first."""
    sql = _ROWS.format(span="AND r.number > $2 AND r.number <= $3")
    return await database.fetch_as(EvidenceRow, sql, of.id, (number - 1) * per_page, number * per_page)


def every(of: SuggestionView) -> AsyncIterator[EvidenceRow]:
    """All that are kept, newest first, as of one instant."""
    return row_streams.each_as(EvidenceRow, _ROWS.format(span=""), of.id)


async def total(of: SuggestionView) -> EvidenceSum:
    return (await database.fetch_as(EvidenceSum, _SUM, of.id))[0]


async def people(of: SuggestionView) -> list[UUID]:
    """Whoever is in the rows that are kept and may be written to as one of them: not erased since, no member since, and
    nobody who has switched off that anything is chosen from their orders."""
    return await database.fetch_values(_PEOPLE, of.id, clock.now())


_SUM = """SELECT count(*) AS rows, coalesce(sum(times), 0)::bigint AS evidence,
  coalesce(sum(amount), 0)::bigint AS amount FROM suggestion_row WHERE suggestion = $1"""
_ROWS = """SELECT r.person, coalesce(nullif(p.name, ''), p.email, '') AS customer, r.at, r.what, r.reference, r.times,
  r.amount, r.other
FROM suggestion_row r LEFT JOIN insights_people p ON p.id = r.person AND p.erased_at IS NULL
WHERE r.suggestion = $1 {span} ORDER BY r.number"""
_PEOPLE = f"""SELECT DISTINCT p.id FROM suggestion_row r JOIN insights_people p ON p.id = r.person
WHERE r.suggestion = $1 AND p.erased_at IS NULL AND p.personal_off_at IS NULL AND NOT {holds_a_plan("p.id", "$2")}
ORDER BY p.id"""
