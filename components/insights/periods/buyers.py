"""Sales to the buyers of one country, as they are kept; or to the customers of one segment, from their orders.

What is kept by day knows no segments. Whoever asks for one reads the orders of a bounded time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from components.foundation.database.queries import with_placeholders
from components.insights.periods.chosen_period import BadPeriod, ChosenPeriod
from components.insights.programme import chosen_people
from components.insights.programme.chosen_people import ChosenPeople
from components.segments import segments

MOST_DAYS = 1100
"""Three years, and what they are compared with as well."""
TOO_LONG = "Choose at most three years when you look at one segment: its orders are added up one by one."
NO_SEGMENT = "There is no such segment. Choose one of those listed."
NOT_KEPT = (
    "This is not known by country or segment. The charts of MRR, movements, members, lost MRR, sales, orders and the "
    "average order are, and so is the health of the programme: choose one of those, or leave this out."
)

ON_PAGES_ONLY = (
    "The API knows sales, orders and the average order by country or segment, which have `by_buyers`: choose one of "
    "those, or leave this out. Charts of MRR and members are by both on the pages of the staff area."
)


@dataclass(frozen=True, slots=True)
class Buyers:
    """`country` is empty for any; `people` is a SELECT of ids with `args` from $1 on, empty for anybody.

    Orders count by the country they went to; a segment is of whoever fits it now, and of nobody without an account.
    """

    country: str = ""
    people: str = ""
    args: tuple[Any, ...] = ()

    def where(self, order: str, first: int) -> str:
        """A condition on rows of `insights_orders`: `$first` is the country, then come the arguments of the segment."""
        found = f"(${first}::text = '' OR {order}.country = ${first}::text)"
        if self.people:
            found += f" AND {order}.person IN ({with_placeholders(self.people, '${}', first)})"
        return found

    @property
    def is_kept(self) -> bool:
        """By country alone what is sold is kept for each day."""
        return not self.people

    @property
    def bound(self) -> tuple[Any, ...]:
        return self.country, *self.args


async def of(chosen: ChosenPeriod) -> Buyers | None:
    """None where everybody is meant. Raises `BadPeriod`."""
    if not chosen.is_of_buyers:
        return None
    if not chosen.segment:
        return Buyers(chosen.country)
    if any(days.number > MOST_DAYS for days in (chosen.days, chosen.compared or chosen.days)):
        raise BadPeriod({"period": TOO_LONG})
    try:
        found = await segments.by_id(UUID(chosen.segment))
    except segments.UnknownSegment:
        raise BadPeriod({"segment": NO_SEGMENT}) from None
    people, args = segments.compiled(found.rules)
    return Buyers(chosen.country, people, args)


async def members_of(chosen: ChosenPeriod) -> ChosenPeople:
    """The members of the country and segment. Raises `BadPeriod`."""
    try:
        return await chosen_people.of(chosen.country, UUID(chosen.segment) if chosen.segment else None)
    except segments.UnknownSegment:
        raise BadPeriod({"segment": NO_SEGMENT}) from None


def refuse_where_not_kept(asked: Mapping[str, str]) -> None:
    """Where there is no figure by country or segment. Raises `BadPeriod` instead of showing that of all."""
    wrong = {name: NOT_KEPT for name in ("country", "segment") if asked.get(name)}
    if wrong:
        raise BadPeriod(dict(list(wrong.items())[:1]))
