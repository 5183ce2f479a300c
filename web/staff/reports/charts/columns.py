"""Charts of columns: stacked bars, a waterfall, and lines over the same columns. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from web.staff.reports.charts.axis import axis
from web.staff.reports.charts.drawing import SIZES, ChartMark, ChartShape, Drawing, Line, Plot, Size, plot, wrapped
from web.staff.reports.charts.units import Unit

BAR, WIDEST, POINT = 0.72, 64, 4
NUMERAL, TALL = 6.4, 13
"""The width of a letter of the values on bars, and the height of their line."""


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
    written = _written(steps, unit, here.column(0, len(steps))[1])
    bars = [_step_bar(here, place, len(steps), *ends) for place, ends in enumerate(places)]
    values = _values(here, bars, written)
    for place, (one, (_, end)) in enumerate(zip(steps, places, strict=True)):
        x, top, width, height = bars[place]
        shape = ChartShape(x, top, width, height, LEVEL if one.is_level else UP if one.value >= 0 else DOWN)
        said = (f"{one.name}: {_signed(one, unit.words)}",)
        marks.append(_mark(here, place, len(steps), one.name, said, (shape,), values[place]))
        if place + 1 < len(steps):
            following, _ = _bar(here, place + 1, len(steps))
            lines.append(Line(f"{round(x + width, 1)},{here.y(end)} {following},{here.y(end)}", 0))
    return here.drawing(marks, [one.short for one in steps], unit.axis, lines=lines, is_every_named=True)


def _signed(one: WaterfallStep, words: Callable[[int], str]) -> str:
    return words(one.value) if one.is_level or one.value <= 0 else f"+{words(one.value)}"


def _written(steps: Sequence[WaterfallStep], unit: Unit, column: float) -> list[str]:
    """Every value, in full where there is room for all of them, otherwise all of them short."""
    full = [_signed(one, unit.words) for one in steps]
    return full if all(len(said) * NUMERAL <= column for said in full) else [_signed(one, unit.axis) for one in steps]


def _step_bar(here: Plot, place: int, number: int, begin: int, end: int) -> tuple[float, float, float, float]:
    """Its left edge, top, width and height."""
    x, width = _bar(here, place, number)
    top, foot = here.y(max(begin, end)), here.y(min(begin, end))
    return x, top, width, round(max(foot - top, 0.8), 1)


def _values(
    here: Plot, bars: Sequence[tuple[float, float, float, float]], written: Sequence[str]
) -> list[tuple[float, float, str]]:
    """Where each value is written: over its bar, higher where it would touch another bar or another value."""
    found = list[tuple[float, float, str]]()
    taken = [(x, x + width, top, top + height) for x, top, width, height in bars]
    for (x, top, width, _), said in zip(bars, written, strict=True):
        half = len(said) * NUMERAL / 2
        middle, foot = min(x + width / 2, here.right - half), top - 5
        while over := [
            one for one in taken
            if one[0] < middle + half and one[1] > middle - half and one[2] < foot and one[3] > foot - TALL
        ]:  # fmt: skip
            foot = min(one[2] for one in over) - 1
        taken.append((middle - half, middle + half, foot - TALL + 1, foot))
        found.append((round(middle, 1), round(foot, 1), said))
    return found


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
