"""The drawing of a retention curve: bars of what was seen, the model's line, and its range as a band."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.insights.forecasts.forecast_values import CurvePoint

WIDE, HIGH, EDGE = 600, 200, 4
BAR_SHARE = 0.5


@dataclass(frozen=True)
class SeenBar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class CurveDrawing:
    """`band` and `line` are points of SVG shapes."""

    width: int
    height: int
    bars: tuple[SeenBar, ...]
    band: str
    line: str


def drawn(curve: Sequence[CurvePoint]) -> CurveDrawing:
    step = WIDE / max(1, len(curve))

    def x(place: int) -> float:
        return round((place + 0.5) * step, 1)

    def y(share: int) -> float:
        return round(HIGH - EDGE - share / 10_000 * (HIGH - 2 * EDGE), 1)

    wide = round(step * BAR_SHARE, 1)
    bars = tuple(
        SeenBar(round(x(n) - wide / 2, 1), y(one.seen), wide, round(y(0) - y(one.seen), 1))
        for n, one in enumerate(curve)
        if one.seen is not None
    )
    above = [(x(n), y(one.share.high)) for n, one in enumerate(curve)]
    below = [(x(n), y(one.share.low)) for n, one in enumerate(curve)]
    line = [(x(n), y(one.share.mean)) for n, one in enumerate(curve)]
    return CurveDrawing(WIDE, HIGH, bars, _points([*above, *reversed(below)]), _points(line))


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)
