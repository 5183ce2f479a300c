"""A chart as a page shows it: its drawings, its key of colours, and the same values as a table and as a file."""

from dataclasses import dataclass

from components.foundation import formatting
from components.foundation.shop_settings import shop_settings
from components.insights.periods.period_days import Days
from web.staff import csv_files
from web.staff.reports.charts import units
from web.staff.reports.charts.drawing import Drawing

Value = str | int | None


@dataclass(frozen=True, slots=True)
class Head:
    """Of a column of the table; `unit` is empty for words."""

    words: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """`step` of ten: how dark it is. Without words where the month is still to come."""

    words: str
    more: str
    step: int


@dataclass(frozen=True, slots=True)
class HeatRow:
    name: str
    size: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """`series` are named in the order of their colours. A chart of `heat` has no drawing: its table is coloured, and
    `heat_months` are the months that its columns are of. `file_names` are what a file calls the rows, such as
    "2026-11", where that is not what the page does."""

    key: str
    title: str
    definition: str
    drawings: tuple[Drawing, ...]
    series: tuple[str, ...]
    heads: tuple[Head, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""
    rows_href: str = ""
    heat: tuple[HeatRow, ...] = ()
    heat_months: tuple[int, ...] = ()
    file_names: tuple[str, ...] = ()
    kind: str = "bars"

    @property
    def is_empty(self) -> bool:
        return not any(value for row in self.rows for value in row[1:] if value)

    @property
    def shown(self) -> tuple[tuple[str, ...], ...]:
        """The rows as the page has them."""
        kinds = [units.of(head.unit) if head.unit else None for head in self.heads]
        return tuple(
            tuple(_told(value, kind.words if kind else str) for value, kind in zip(row, kinds, strict=True))
            for row in self.rows
        )


def _told(value: Value, words: object) -> str:
    if value is None:
        return "—"
    return value if isinstance(value, str) else str(words(value))  # type: ignore[operator]


def lines(chart: Chart) -> list[tuple[str, ...]]:
    """As in the file: plain dates and amounts, shares in per cent."""
    currency = shop_settings.current().currency
    names = chart.file_names or [row[0] for row in chart.rows]
    return [
        tuple(_plain(value, head.unit, currency) for value, head in zip((name, *row[1:]), chart.heads, strict=True))
        for name, row in zip(names, chart.rows, strict=True)
    ]


def _plain(value: Value, unit: str, currency: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if unit == "money":
        return csv_files.amount(value, currency)
    return csv_files.rate(value) if unit == "share" else str(value)


def plain_names(days: Days) -> tuple[str, ...]:
    """Of each part of a period, for a file: "2026-11" or "2026-11-30"."""
    return tuple(f"{one.first:%Y-%m}" if days.is_of_months else one.first.isoformat() for one in days.parts())


def part_names(days: Days, *, is_under_way: bool) -> list[tuple[str, str]]:
    """Of each part of a period: in full, and short for under an axis. The last may still be under way."""
    found = []
    for one in days.parts():
        if days.is_of_months:
            found.append((formatting.month(one.from_at), formatting.short_month(one.from_at)))
        else:
            found.append((formatting.day(one.from_at), formatting.short_day(one.from_at)))
    if found and is_under_way:
        found[-1] = (f"{found[-1][0]}, so far", found[-1][1])
    return found
