"""The statement that rules become: SELECTs of person ids, put together by what sets do, with one list of arguments.

Every rule is a set of ids and not a condition asked of each row: so PostgreSQL reads each table once, whatever the
rules, and asks only for one person where only one is asked about.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from components.foundation.shop_settings import shop_settings

EVERYBODY = "SELECT id FROM segments_people WHERE erased_at IS NULL"


class Statement:
    """What is bound while a statement is written. `at` is the one instant it is about."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.args: list[Any] = []
        self._now = ""

    def bind(self, value: Any, kind: str) -> str:
        """The placeholder of a value; `kind` is PostgreSQL's name of its type."""
        self.args.append(value)
        return f"${len(self.args)}::{kind}"

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


def all_of(selects: Sequence[str]) -> str:
    return _joined(selects, "INTERSECT")


def any_of(selects: Sequence[str]) -> str:
    return _joined(selects, "UNION")


def none_of(selects: Sequence[str]) -> str:
    return f"({EVERYBODY}) EXCEPT ({any_of(selects)})"


def _joined(selects: Sequence[str], how: str) -> str:
    return selects[0] if len(selects) == 1 else f" {how} ".join(f"({one})" for one in selects)
