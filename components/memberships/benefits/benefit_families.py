"""Benefits that are copies of one another, or promised in place of one another: who had one had all of them once.

Not so where a membership gives two of them side by side: to its holder those are two benefits, each given for itself.
"""

from collections.abc import Sequence
from uuid import UUID

from components.foundation import clock, database
from components.foundation.database import any_of
from components.memberships.tables import Benefit


async def relatives(benefit_id: UUID, person_id: UUID) -> tuple[UUID, ...]:
    """What it was made from, what was made from it, and what else was made from the same; not itself, and nothing that
    one membership of this person's has given beside it."""
    return tuple(await database.fetch_values(_RELATIVES, benefit_id, person_id, clock.now()))


_RELATIVES = """
SELECT o.id FROM benefit b JOIN benefit o ON o.id <> b.id
  AND (o.id = ANY (b.made_from) OR b.id = ANY (o.made_from) OR o.made_from && b.made_from)
WHERE b.id = $1 AND NOT EXISTS (SELECT FROM entitlement e JOIN entitlement t ON t.membership = e.membership
    AND t.person = e.person CROSS JOIN LATERAL (SELECT GREATEST(e.from_at, t.from_at) AS at) both_from
  WHERE e.person = $2 AND e.benefit = b.id AND t.benefit = o.id AND both_from.at <= $3
    AND holds(e.from_at, e.until_at, both_from.at) AND holds(t.from_at, t.until_at, both_from.at))
ORDER BY o.id"""


async def causes(benefit_id: UUID, person_id: UUID, cause: str) -> tuple[str, ...]:
    """The same cause, of each relative: a cause names the benefit that gave because of it."""
    return tuple(cause.replace(str(benefit_id), str(one)) for one in await relatives(benefit_id, person_id))


async def with_sources(benefits: Sequence[UUID]) -> list[UUID]:
    """These, and what they were made from."""
    rows = await Benefit.select(Benefit.made_from).where(any_of(Benefit.id, benefits))
    return list(dict.fromkeys([*benefits, *(source for row in rows for source in row["made_from"])]))


async def count_as(benefit_id: UUID, others: Sequence[UUID]) -> None:
    """From now on who had one of the others, or what they were made from, had this one too."""
    [row] = await Benefit.select(Benefit.made_from).where(Benefit.id == benefit_id).lock_rows()
    known = dict.fromkeys([*row["made_from"], *await with_sources(others)])
    known.pop(benefit_id, None)
    await Benefit.update({Benefit.made_from: list(known)}).where(Benefit.id == benefit_id)
