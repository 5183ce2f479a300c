"""What a chart's drawing is made of, and the frame around it: axis, lines, and a place above where values are read.

All in units of the drawing. It is drawn in three widths, so that its words are of one size on every screen.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from web.staff.reports.charts.axis import Axis

LINE, LETTER, GAP = 17, 6.7, 10
"""The height of a line of words, the width of a letter, and the space around them."""
ROOM = 6


class Size(NamedTuple):
    name: str
    width: int
    height: int


SIZES = (Size("wide", 860, 280), Size("middle", 440, 250), Size("narrow", 330, 220))
"""`height` is that of the values alone."""


@dataclass(frozen=True, slots=True)
class AxisTick:
    """`row`: how many lines lower it is written than others beside it."""

    at: float
    words: str
    is_zero: bool = False
    row: int = 0


@dataclass(frozen=True, slots=True)
class ChartShape:
    """A bar, or with a radius a point; `series` counts from 1 and says how it is coloured and hatched."""

    x: float
    y: float
    width: float
    height: float
    series: int
    is_point: bool = False


@dataclass(frozen=True, slots=True)
class ChartMark:
    """What can be pointed at, tapped or reached with a key: a column of the drawing, and the words that then show."""

    x: float
    width: float
    shapes: tuple[ChartShape, ...]
    words: tuple[str, ...]
    label: str
    above: tuple[float, float, str] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    points: str
    series: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """`top`, `bottom`, `left` and `right` are the edges of the values."""

    size: str
    width: int
    height: float
    left: float
    right: float
    top: float
    bottom: float
    across: tuple[AxisTick, ...]
    up: tuple[AxisTick, ...]
    marks: tuple[ChartMark, ...]
    lines: tuple[Line, ...] = ()
    band: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """A frame that has its place, and turns values into heights."""

    size: Size
    axis: Axis
    left: float
    top: float

    @property
    def right(self) -> float:
        return self.size.width - ROOM

    @property
    def bottom(self) -> float:
        return self.top + self.size.height

    def y(self, value: float) -> float:
        return round(self.bottom - self.axis.share(value) * self.size.height, 1)

    def column(self, place: int, number: int) -> tuple[float, float]:
        """Where it begins, and its width."""
        width = (self.right - self.left) / max(1, number)
        return round(self.left + place * width, 2), round(width, 2)

    def drawing(
        self, marks: Sequence[ChartMark], names: Sequence[str], words: Callable[[int], str], *,
        lines: Iterable[Line] = (), band: str = "", is_every_named: bool = False,
    ) -> Drawing:  # fmt: skip
        """With as many names as there is room for; or with all of them, in as many lines as they need."""
        across = _every(marks, names) if is_every_named else _across(marks, names)
        rows = max((tick.row for tick in across), default=0) + 1
        return Drawing(
            size=self.size.name,
            width=self.size.width,
            height=round(self.bottom + rows * LINE + GAP, 1),
            left=self.left,
            right=self.right,
            top=self.top,
            bottom=self.bottom,
            across=across,
            up=tuple(AxisTick(self.y(tick), words(tick), tick == 0) for tick in self.axis.ticks),
            marks=tuple(marks),
            lines=tuple(lines),
            band=band,
        )


def plot(size: Size, axis: Axis, words: Callable[[int], str], lines: int) -> Plot:
    """With room for its values at the side, and above for so many lines of words."""
    left = max(len(words(tick)) for tick in axis.ticks) * LETTER + GAP
    return Plot(size, axis, round(left, 1), lines * LINE + GAP)


def wrapped(parts: Sequence[str], size: Size) -> tuple[str, ...]:
    """The parts one after the other, in as many lines as they need."""
    found = list[str]()
    for part in parts:
        longer = f"{found[-1]}  ·  {part}" if found else part
        if found and len(longer) * LETTER <= size.width - GAP:
            found[-1] = longer
        else:
            found.append(part)
    return tuple(found)


def _every(marks: Sequence[ChartMark], names: Sequence[str]) -> tuple[AxisTick, ...]:
    """Each in the next line, until there is room again in the first."""
    widest = max((len(name) for name in names), default=0) * LETTER + GAP
    rows = max(1, math.ceil(widest / marks[0].width)) if marks else 1
    return tuple(
        AxisTick(round(mark.x + mark.width / 2, 1), name, row=n % rows)
        for n, (mark, name) in enumerate(zip(marks, names, strict=True))
    )


def _across(marks: Sequence[ChartMark], names: Sequence[str]) -> tuple[AxisTick, ...]:
    """As many names as there is room for, the last always among them."""
    if not marks:
        return ()
    widest = max(len(name) for name in names) * LETTER + GAP
    step = max(1, -(-int(widest) // max(1, int(marks[0].width))))
    kept = range(len(marks) - 1, -1, -step)
    return tuple(AxisTick(round(marks[n].x + marks[n].width / 2, 1), names[n]) for n in sorted(kept))
