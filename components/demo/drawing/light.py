"""Light from one window, high on the left, on a glazed surface."""

from collections.abc import Callable
from math import exp, sqrt

from components.demo.drawing.glazes import Colour, Glaze, mixed

Normal = tuple[float, float, float]
"""Across (right is positive), up, and towards the viewer; unit length."""

WINDOW: Normal = (-0.56, 0.62, 0.55)
SHADE: Colour = (58, 44, 36)
SAMPLES = 72


def colour_at(normal: Normal, colour: Colour, *, gloss: float, open_sky: float = 1.0) -> Colour:
    """The colour seen where a surface of `colour` faces `normal`; `open_sky` 0–1 is how unobstructed it is."""
    across, up, towards = normal
    facing = across * WINDOW[0] + up * WINDOW[1] + towards * WINDOW[2]
    direct = max(0.0, (facing + 0.30) / 1.30)
    ambient = 0.34 + 0.10 * up
    bounce = 0.10 * max(0.0, across) * max(0.0, 1.0 - up)
    strength = (ambient + 0.78 * direct + bounce) * open_sky
    seen = mixed(SHADE, colour, min(1.0, 0.10 + strength))
    shine = gloss * exp(-(((across + 0.46) / 0.11) ** 2)) * max(0.0, 0.9 - abs(up - 0.12)) * open_sky
    return mixed(seen, (255, 252, 246), min(0.72, shine))


def outside(slope: float, colour: Colour, glaze: Glaze) -> bytes:
    """One row of pixels, left to right, for the outside of a ring whose radius grows by `slope` per unit of height."""
    steep = 1 / sqrt(1 + slope * slope)
    return _row(colour, glaze.gloss, 1.0, lambda x: (x * steep, -slope * steep, sqrt(1 - x * x) * steep))


def inside(slope: float, colour: Colour, glaze: Glaze, *, open_sky: float) -> bytes:
    """The same for the far inner wall of an open pot, whose surface faces the centre."""
    steep = 1 / sqrt(1 + slope * slope)
    return _row(
        colour, glaze.gloss * 0.5, open_sky, lambda x: (-x * steep, abs(slope) * steep, sqrt(1 - x * x) * steep)
    )


def _row(colour: Colour, gloss: float, open_sky: float, facing: Callable[[float], Normal]) -> bytes:
    row = bytearray()
    for step in range(SAMPLES):
        x = -0.998 + 1.996 * step / (SAMPLES - 1)
        row += bytes(colour_at(facing(x), colour, gloss=gloss, open_sky=open_sky))
    return bytes(row)
