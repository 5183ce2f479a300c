"""The rows behind a suggestion, read again from where they are kept, for the same days."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import database
from components.insights.suggestions.suggestion_kinds import suggestion_kind
from components.insights.suggestions.suggestions import SuggestionView

PER_PAGE = 100
PER_FILE = 5_000
"""Rows of a file that are read at once."""


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
    """Of all rows, now."""

    rows: int
    evidence: int
    amount: int


async def page(of: SuggestionView, *, number: int, per_page: int = PER_PAGE) -> list[EvidenceRow]:
    """Newest first."""
    kind, args = suggestion_kind(of.kind), await _args(of)
    at = len(args)
    sql = _PAGE.format(rows=kind.rows, subject=at, limit=at + 1, offset=at + 2)
    return await database.fetch_as(EvidenceRow, sql, *args, per_page, (number - 1) * per_page)


async def total(of: SuggestionView) -> EvidenceSum:
    """What the rows come to now: as it was found, unless orders were cancelled or rows erased since."""
    args = await _args(of)
    sql = _SUM.format(rows=suggestion_kind(of.kind).rows, subject=len(args))
    return (await database.fetch_as(EvidenceSum, sql, *args))[0]


async def _args(of: SuggestionView) -> tuple[object, ...]:
    return (*await suggestion_kind(of.kind).args(of.since, of.until, of.currency), of.subject)


_OF = "$1::timestamptz < $2::timestamptz AND $3::text <> '' AND r.subject = ${subject}::text"
_SUM = f"""SELECT count(*) AS rows, coalesce(sum(times), 0)::bigint AS evidence,
  coalesce(sum(amount), 0)::bigint AS amount
FROM ({{rows}}) r WHERE {_OF}"""
_PAGE = f"""SELECT f.person, coalesce(nullif(p.name, ''), p.email, '') AS customer, f.at, f.what, f.reference, f.times,
  f.amount, f.other
FROM (SELECT r.* FROM ({{rows}}) r WHERE {_OF} ORDER BY r.at DESC, r.reference, r.person
  LIMIT ${{limit}} OFFSET ${{offset}}) f
LEFT JOIN insights_people p ON p.id = f.person AND p.erased_at IS NULL
ORDER BY f.at DESC, f.reference, f.person"""
