"""To whom stored value is owed, amount by amount, and the entries of the ledger that each is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database
from components.foundation.refusals import NotFound
from components.insights.metrics.row_pages import SIZE, RowKey, RowList, RowPage
from components.insights.programme.stored_value import GIFTS, LOTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One amount: the lot of a person, or a gift membership of its buyer. `benefit` is a name."""

    id: UUID
    person: UUID
    name: str
    reason: str
    benefit: str
    currency: str
    at: datetime
    due_at: datetime | None
    expires_at: datetime | None
    pending: int
    available: int
    held: int

    @property
    def amount(self) -> int:
        return self.pending + self.available + self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedEntry:
    """One side of a posting: what it did to one account."""

    at: datetime
    kind: str
    account: str
    amount: int
    currency: str
    number: str


def rows(reason: str = "") -> RowList[Owed]:
    """Of one reason, or all."""
    return RowList(Owed, _ROWS, (clock.now(), reason))


async def page(found: Sequence[UUID]) -> RowPage[Owed]:
    """Of the amounts that `stored_value` has found for a page: nothing else is worked out again."""
    rows = await database.fetch_as(Owed, _PAGE, clock.now(), list(found[:SIZE]))
    return RowPage(tuple(rows), RowKey(rows[-1].at, rows[-1].id) if len(found) > SIZE else None)


_NAMED = """
SELECT b.id, b.person, coalesce(nullif(p.name, ''), p.email, 'Erased') AS name, b.reason,
  coalesce(n.name, CASE WHEN b.reason = 'gift' THEN b.words ELSE '' END) AS benefit, b.currency, b.at, b.due_at,
  b.expires_at, b.pending, b.available, b.held
FROM ({}) b
LEFT JOIN insights_people p ON p.id = b.person AND p.erased_at IS NULL
LEFT JOIN insights_benefits n ON n.id = b.benefit ORDER BY b.at DESC, b.id DESC
"""
_ROWS = _NAMED.format(
    f"""SELECT * FROM ({LOTS} UNION ALL {GIFTS}) owed WHERE pending + available + held > 0
  AND ($2 = '' OR reason = $2) AND (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5"""
)
_PAGE = _NAMED.format(f"SELECT * FROM ({LOTS} UNION ALL {GIFTS}) owed WHERE id = ANY($2)")


async def one(lot_id: UUID) -> Owed:
    """Also what is spent by now. Raises `NotFound`."""
    found = await database.fetch_as(Owed, _ONE, lot_id, clock.now())
    if not found:
        raise NotFound
    return found[0]


_ONE = """
SELECT l.id, l.person, coalesce(nullif(p.name, ''), p.email, 'Erased') AS name,
  CASE WHEN l.kind = 'cashback' THEN 'cashback' WHEN l.benefit IS NOT NULL THEN 'benefit'
    WHEN l.order_id IS NOT NULL THEN 'refund' ELSE 'given' END AS reason,
  coalesce(n.name, '') AS benefit, e.currency, l.given_at AS at, l.due_at, l.expires_at, l.pending,
  CASE WHEN l.expires_at <= $2 THEN 0 ELSE l.remaining END AS available, e.held
FROM insights_credit_lots l
CROSS JOIN LATERAL (SELECT min(currency) AS currency,
  coalesce(sum(amount) FILTER (WHERE account_kind = 'reserved'), 0)::bigint AS held
  FROM insights_ledger_entries WHERE lot = l.id) e
LEFT JOIN insights_people p ON p.id = l.person AND p.erased_at IS NULL
LEFT JOIN insights_benefits n ON n.id = l.benefit WHERE l.id = $1
"""


async def entries(lot_id: UUID) -> list[OwedEntry]:
    """In the order in which they were posted."""
    return await database.fetch_as(OwedEntry, _ENTRIES, lot_id)


_ENTRIES = """
SELECT p.at, p.kind, e.account_kind AS account, e.amount, e.currency, coalesce(o.number, '') AS number
FROM insights_ledger_entries e JOIN insights_ledger_postings p ON p.id = e.posting
LEFT JOIN insights_orders o ON o.id = p.because_of WHERE e.lot = $1 ORDER BY p.turn, e.amount DESC
"""
