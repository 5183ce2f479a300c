"""The statement that rules become: SELECTs of person ids, put together by what sets do, with one list of arguments.

Every rule is a set of ids and not a condition asked of each row: so PostgreSQL reads each table once, whatever the
rules. Where only some people are asked about, each part of a set operation is narrowed to them by itself: PostgreSQL
does not carry a condition into an EXCEPT.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from components.foundation.shop_settings import shop_settings

EVERYBODY = "SELECT id FROM segments_people WHERE erased_at IS NULL"


class Statement:
    """What is bound while a statement is written. `at` is the one instant it is about, `people` the only ones asked
    about, if it is not about everybody."""

    def __init__(self, at: datetime, *, people: Sequence[UUID] = ()) -> None:
        self.at = at
        self.args: list[Any] = []
        self._now = ""
        self._people = self.bind(list(people), "uuid[]") if people else ""

    def bind(self, value: Any, kind: str) -> str:
        """The placeholder of a value; `kind` is PostgreSQL's name of its type."""
        self.args.append(value)
        return f"${len(self.args)}::{kind}"

    def only(self, select: str) -> str:
        """The same of those who are asked about, if it is not about everybody."""
        return f"SELECT id FROM ({select}) AS one(id) WHERE id = ANY({self._people})" if self._people else select

    @property
    def now(self) -> str:
        """The placeholder of the instant."""
        self._now = self._now or self.bind(self.at, "timestamptz")
        return self._now

    def days_ago(self, days: int) -> str:
        """The placeholder of the same time of day, by the shop's clock, so many days before the instant."""
        return self.bind(days_before(self.at, days), "timestamptz")


def days_before(at: datetime, days: int) -> datetime:
    """The same time of day by the shop's clock; one that the clock leaves out is the instant it would have been."""
    zone = ZoneInfo(shop_settings.current().time_zone)
    local = at.astimezone(zone)
    return datetime.combine(local.date() - timedelta(days=days), local.timetz().replace(fold=0)).astimezone(UTC)


def all_of(into: Statement, selects: Sequence[str]) -> str:
    return _joined(into, selects, "INTERSECT")


def any_of(into: Statement, selects: Sequence[str]) -> str:
    return _joined(into, selects, "UNION")


def none_of(into: Statement, selects: Sequence[str]) -> str:
    return without(into, EVERYBODY, any_of(into, selects))


def without(into: Statement, select: str, *others: str) -> str:
    """Those of the first that are in none of the others."""
    return _joined(into, (select, *others), "EXCEPT")


def _joined(into: Statement, selects: Sequence[str], how: str) -> str:
    narrowed = [into.only(one) for one in selects]
    return narrowed[0] if len(narrowed) == 1 else f" {how} ".join(f"({one})" for one in narrowed)
