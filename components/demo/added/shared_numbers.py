"""Numbers of orders of two histories that are written one after the other, as if all had been placed in turn."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from components.foundation import database


@dataclass(frozen=True, slots=True)
class SharedNumbers:
    """`last` is the number before any of them; `told` are the instants of the orders that are written first, `added` of
    those that follow, both in turn."""

    last: int
    told: Sequence[int]
    added: Sequence[int]

    def of_told(self, place: int) -> int:
        return self.last + 1 + place + bisect_right(self.added, self.told[place])

    async def next_is(self, place: int) -> None:
        """The next order gets the number of the one at this place."""
        await database.fetch_value(SET, self.of_told(place) - 1)


SET = "SELECT setval('order_number', $1)"
