"""Everybody who is a member now, by how they came to it: the number of the list of members, taken apart."""

from dataclasses import dataclass
from typing import Any

from components.foundation import clock
from components.foundation.database import Query
from components.insights.rollups import member_parts, unrolled


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberMakeup:
    """Each member is in one part: `paying` are those of “paying members”; the others by the membership they hold, the
    newest of several. `nothing` have a subscription that costs them nothing, or that is not paid yet."""

    paying: int = 0
    trial: int = 0
    nothing: int = 0
    term: int = 0
    gift: int = 0
    comp: int = 0
    seat: int = 0
    earned: int = 0

    @property
    def members(self) -> int:
        return self.paying + sum(number for _, number in self.others())

    def others(self) -> tuple[tuple[str, int], ...]:
        """Who does not pay a recurring fee, by part."""
        return tuple((key, getattr(self, key)) for key in PARTS)


PARTS = ("trial", "nothing", "term", "gift", "comp", "seat", "earned")


def query() -> Query[MemberMakeup]:
    return Query(_SQL, (*unrolled.args(), clock.now()), _read)


def _read(found: Any) -> MemberMakeup:
    return MemberMakeup(**(found or {}))


_SQL = f"SELECT json_object_agg(part, number) FROM ({member_parts.COUNTED}) counted WHERE part <> ''"
