"""The savings ledger: every use of a benefit next to what a non-member would have paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database, ids
from components.memberships.tables import BenefitUse


@dataclass(frozen=True, slots=True)
class Use:
    """One benefit used on one thing; its kind is the benefit's.

    `regular` and `paid` in minor units; `reference` identifies it.
    """

    reference: str
    benefit_id: UUID | None
    words: str
    why: str
    regular: int
    paid: int


@dataclass(frozen=True, slots=True)
class Saved:
    """A line of the savings page; negative where something was refunded."""

    at: datetime
    order_id: UUID | None
    kind: str
    words: str
    why: str
    regular: int
    paid: int

    @property
    def saved(self) -> int:
        return self.regular - self.paid


async def record(
    person_id: UUID, *, order_id: UUID, currency: str, uses: Iterable[Use], at: datetime | None = None
) -> None:
    """Keep the uses of one order. A reference already kept is left as it is, so this may run twice."""
    at = at or clock.now()
    await database.execute_many(
        _RECORD,
        [
            (ids.new(), person_id, use.benefit_id, use.reference, order_id, use.words, use.why,
             use.regular, use.paid, currency, at)
            for use in uses
        ],
    )  # fmt: skip


async def reverse(reference: str, *, because_of: str, regular: int, paid: int, at: datetime | None = None) -> None:
    """A refund reverses part of a use: `regular` and `paid` of the refunded units. Once per `because_of`."""
    await database.execute(_REVERSE, ids.new(), because_of, reference, regular, paid, at or clock.now())


async def undo(reference: str, *, because_of: str) -> None:
    """The refund under this reference failed after all. Once per `because_of`."""
    await database.execute(_UNDO, ids.new(), because_of, reference, clock.now())


_RECORD = """
INSERT INTO benefit_use (id, person, benefit, reference, order_id, kind, words, why, regular, paid, currency, at)
VALUES ($1, $2, (SELECT id FROM benefit WHERE id = $3), $4, $5,
  coalesce((SELECT kind FROM benefit WHERE id = $3), ''), $6, $7, $8, $9, $10, $11)
ON CONFLICT (reference) DO NOTHING
"""
_REVERSE = """
INSERT INTO benefit_use (id, person, benefit, reference, order_id, kind, words, why, regular, paid, currency, at)
SELECT $1, person, benefit, $2, order_id, kind, words, 'Refunded', -$4::bigint, -$5::bigint, currency, $6
FROM benefit_use WHERE reference = $3 ON CONFLICT (reference) DO NOTHING
"""
_UNDO = """
INSERT INTO benefit_use (id, person, benefit, reference, order_id, kind, words, why, regular, paid, currency, at)
SELECT $1, person, benefit, $2, order_id, kind, words, 'The refund failed', -regular, -paid, currency, $4
FROM benefit_use WHERE reference = $3 ON CONFLICT (reference) DO NOTHING
"""


async def lines(person_id: UUID, *, since: datetime | None = None, until: datetime | None = None) -> tuple[Saved, ...]:
    """Newest first, from `since` until just before `until`."""
    use = BenefitUse
    rows = use.select(use.at, use.order_id, use.kind, use.words, use.why, use.regular, use.paid)
    rows = rows.where(use.person == person_id)
    if since is not None:
        rows = rows.where(use.at >= since)
    if until is not None:
        rows = rows.where(use.at < until)
    found = await rows.order_by(use.at, use.id, ascending=False).limit(1000)
    return tuple(Saved(**row) for row in found)


async def total(person_id: UUID, *, since: datetime | None = None) -> int:
    """Saved in minor units, net of refunds."""
    return int(await database.fetch_value(_TOTAL, person_id, since))


_TOTAL = """
SELECT COALESCE(sum(regular - paid), 0)::bigint FROM benefit_use
WHERE person = $1 AND ($2::timestamptz IS NULL OR at >= $2)
"""
