"""Figures of the members of one country or one segment: whom they are of, as a SELECT that is worked out once.

Members are of the country from which they paid their last membership fee, which is kept; a segment is of whoever fits
it now. Without either, figures are of everybody.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from components.foundation import database
from components.foundation.database import Query
from components.foundation.database.queries import with_placeholders
from components.insights.rollups import payer_countries, unrolled
from components.segments import segments

EVERYBODY, CHOSEN = "", "SELECT unnest(ids) FROM chosen"


@dataclass(frozen=True, slots=True)
class ChosenPeople:
    """`ids` is a SELECT of ids with `args` from $1 on, empty for everybody; `whom` is what queries are asked for."""

    ids: str = ""
    args: tuple[Any, ...] = ()

    @property
    def whom(self) -> str:
        return CHOSEN if self.ids else EVERYBODY

    async def batch(self, *queries: Query[Any]) -> tuple[Any, ...]:
        """The answers of one statement, to queries that were asked for `whom`."""
        if not self.ids:
            return await database.batch(*queries)
        return await database.batch_of(self.ids, self.args, *queries)


async def of(country: str = "", segment: UUID | None = None) -> ChosenPeople:
    """Of both: who is of the country and fits the segment. Raises `UnknownSegment`."""
    found = ChosenPeople(payer_countries.PEOPLE, (*unrolled.args(), country)) if country else ChosenPeople()
    if segment is None:
        return found
    fits, args = segments.compiled((await segments.by_id(segment)).rules)
    if not country:
        return ChosenPeople(fits, args)
    both = f"({found.ids}) INTERSECT ({with_placeholders(fits, '${}', len(found.args))})"
    return ChosenPeople(both, (*found.args, *args))


def among(person: str, whom: str) -> str:
    """A condition on one of whom figures are: such as `among("m.person", whom)`.

    Of the chosen it is looked up row by row in one set: PostgreSQL, which cannot know how many they are, would
    else look up all rows of each of them.
    """
    if whom == CHOSEN:
        return f"({person} IN ({CHOSEN})) IS TRUE"
    return f"{person} IN ({whom})" if whom else "true"
