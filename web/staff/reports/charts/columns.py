"""Charts of columns: stacked bars, a waterfall, and lines over the same columns. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from web.staff.reports.charts.axis import axis
from web.staff.reports.charts.drawing import SIZES, ChartMark, ChartShape, Drawing, Line, Plot, Size, plot, wrapped
from web.staff.reports.charts.units import Unit

BAR, WIDEST, POINT = 0.72, 64, 4
NUMERAL = 5.4
"""The width of a letter of the values on bars."""


@dataclass(frozen=True, slots=True)
class ChartColumn:
    """`name` in full, `short` under the axis; a value for each series, None where there is none."""

    name: str
    short: str
    values: tuple[int | None, ...]

    @property
    def total(self) -> int:
        return sum(value or 0 for value in self.values)


@dataclass(frozen=True, slots=True)
class WaterfallStep:
    """Of a waterfall: a level that stands on zero, or a change from the level before."""

    name: str
    short: str
    value: int
    is_level: bool = False


def bars(columns: Sequence[ChartColumn], series: Sequence[str], unit: Unit) -> tuple[Drawing, ...]:
    """Each column's values on each other, those below zero under it."""
    high = max((sum(value for value in one.values if value and value > 0) for one in columns), default=0)
    low = min((sum(value for value in one.values if value and value < 0) for one in columns), default=0)
    return tuple(_bars(size, columns, series, unit, (low, high)) for size in SIZES)


def _bars(
    size: Size, columns: Sequence[ChartColumn], series: Sequence[str], unit: Unit, span: tuple[int, int]
) -> Drawing:
    told = [read(one, series, unit, size, f"{one.name}: {unit.words(one.total)}") for one in columns]
    here = plot(size, axis(*span, least_step=unit.least), unit.axis, max(map(len, told), default=1))
    marks = [
        _mark(here, place, len(columns), one.name, said, _stack(here, place, len(columns), one.values))
        for place, (one, said) in enumerate(zip(columns, told, strict=True))
    ]
    return here.drawing(marks, [one.short for one in columns], unit.axis)


def read(one: ChartColumn, series: Sequence[str], unit: Unit, size: Size, head: str = "") -> tuple[str, ...]:
    """The lines that are read at a column: its name with its only value, or its head and each series."""
    known = [(name, value) for name, value in zip(series, one.values, strict=True) if value is not None]
    if len(series) == 1:
        return (f"{one.name}: {unit.words(known[0][1]) if known else '—'}",)
    return wrapped([head or one.name, *(f"{name} {unit.words(value)}" for name, value in known)], size)


def _stack(here: Plot, place: int, number: int, values: Sequence[int | None]) -> tuple[ChartShape, ...]:
    x, width = _bar(here, place, number)
    found, above, below = list[ChartShape](), 0, 0
    for series, value in enumerate(values, start=1):
        if not value:
            continue
        base = above if value > 0 else below
        top, foot = here.y(max(base, base + value)), here.y(min(base, base + value))
        found.append(ChartShape(x, top, width, round(max(foot - top, 0.8), 1), series))
        above, below = (above + value, below) if value > 0 else (above, below + value)
    return tuple(found)


def _bar(here: Plot, place: int, number: int) -> tuple[float, float]:
    x, column = here.column(place, number)
    width = min(column * BAR, WIDEST)
    return round(x + (column - width) / 2, 1), round(width, 1)


def _mark(
    here: Plot, place: int, number: int, name: str, said: tuple[str, ...], shapes: tuple[ChartShape, ...],
    above: tuple[float, float, str] | None = None,
) -> ChartMark:  # fmt: skip
    x, width = here.column(place, number)
    return ChartMark(x, width, shapes, said, "; ".join(said), above)


def waterfall(steps: Sequence[WaterfallStep], unit: Unit) -> tuple[Drawing, ...]:
    """From one level to the next by what was added and taken off; each bar has its value on it."""
    ends = list(accumulate(steps, lambda at, one: one.value if one.is_level else at + one.value, initial=0))[1:]
    begins = [0 if one.is_level else end - one.value for one, end in zip(steps, ends, strict=True)]
    span = min([0, *ends]), max([0, *ends])
    return tuple(_waterfall(size, steps, list(zip(begins, ends, strict=True)), span, unit) for size in SIZES)


LEVEL, UP, DOWN = 1, 2, 3
"""The series of a waterfall's bars."""


def _waterfall(
    size: Size, steps: Sequence[WaterfallStep], places: Sequence[tuple[int, int]], span: tuple[int, int], unit: Unit,
) -> Drawing:  # fmt: skip
    here = plot(size, axis(*span, least_step=unit.least), unit.axis, 2)
    marks, lines = list[ChartMark](), list[Line]()
    for place, (one, (begin, end)) in enumerate(zip(steps, places, strict=True)):
        x, width = _bar(here, place, len(steps))
        top, foot = here.y(max(begin, end)), here.y(min(begin, end))
        series = LEVEL if one.is_level else UP if one.value >= 0 else DOWN
        shape = ChartShape(x, top, width, round(max(foot - top, 0.8), 1), series)
        signed = unit.words(one.value) if one.is_level or one.value <= 0 else f"+{unit.words(one.value)}"
        has_room = len(signed) * NUMERAL <= here.column(place, len(steps))[1]
        above = (round(x + width / 2, 1), round(top - 5, 1), signed) if has_room else None
        marks.append(_mark(here, place, len(steps), one.name, (f"{one.name}: {signed}",), (shape,), above))
        if place + 1 < len(steps):
            following, _ = _bar(here, place + 1, len(steps))
            lines.append(Line(f"{round(x + width, 1)},{here.y(end)} {following},{here.y(end)}", 0))
    return here.drawing(marks, [one.short for one in steps], unit.axis, lines=lines, is_every_named=True)


def curves(
    columns: Sequence[ChartColumn], series: Sequence[str], unit: Unit, top: int | None = None,
    band: Sequence[tuple[int, int]] = (), barred: int = 0,
) -> tuple[Drawing, ...]:  # fmt: skip
    """A line for each series; the first `barred` series are bars instead. `band` is a range, low and high."""
    known = [value for one in columns for value in one.values if value is not None]
    span = min([0, *known, *(low for low, _ in band)]), max([0, *known, *(high for _, high in band), top or 0])
    return tuple(_curves(size, columns, series, unit, span, band, barred) for size in SIZES)


def _curves(
    size: Size, columns: Sequence[ChartColumn], series: Sequence[str], unit: Unit,
    span: tuple[int, int], band: Sequence[tuple[int, int]], barred: int,
) -> Drawing:  # fmt: skip
    told = [read(one, series, unit, size) for one in columns]
    here = plot(size, axis(*span, least_step=unit.least), unit.axis, max(map(len, told), default=1))
    number = len(columns)
    centres = [round(x + width / 2, 1) for x, width in (here.column(n, number) for n in range(number))]
    marks = []
    for place, (one, said) in enumerate(zip(columns, told, strict=True)):
        shapes = [*_stack(here, place, number, one.values[:barred])]
        shapes += [
            ChartShape(centres[place], here.y(value), POINT, POINT, at, is_point=True)
            for at, value in enumerate(one.values, start=1)
            if at > barred and value is not None
        ]
        marks.append(_mark(here, place, number, one.name, said, tuple(shapes)))
    lines = [
        Line(" ".join(f"{x},{here.y(v)}" for x, v in points), at)
        for at in range(barred + 1, len(series) + 1)
        if (
            points := [(x, v) for x, one in zip(centres, columns, strict=True) if (v := one.values[at - 1]) is not None]
        )
    ]
    area = [f"{x},{here.y(high)}" for x, (_, high) in zip(centres, band, strict=False)]
    area += [f"{x},{here.y(low)}" for x, (low, _) in reversed(list(zip(centres, band, strict=False)))]
    return here.drawing(marks, [one.short for one in columns], unit.axis, lines=lines, band=" ".join(area))
