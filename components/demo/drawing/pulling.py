"""Handles and spouts: a tube along a curve, with a thickness at each point."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import hypot, sqrt

from PIL import Image

from components.demo.drawing import light
from components.demo.drawing.glazes import GLAZES
from components.demo.drawing.turning import RING, Mesh, Pose

Bead = tuple[float, float, float]
"""Distance from the centre, height, and thickness (radius), in thousandths of the picture's width."""

SAMPLE = 40


@dataclass(frozen=True)
class Limb:
    """A handle or spout; the pot's body is painted over its ends."""

    beads: tuple[Bead, ...]


def limb(sheet: Mesh, beads: Sequence[Bead], glaze: str, pose: Pose) -> None:
    ball = _ball(glaze)
    for across, height, thick in _along(beads, every=1.2 / pose.scale):
        radius = max(1, round(thick * pose.scale))
        size = (2 * radius, 2 * radius)
        left, upper = round(pose.x + across * pose.scale) - radius, round(pose.level(height)) - radius
        box = (left, upper, left + size[0], upper + size[1])
        sheet.lay(ball.resize(size, Image.Resampling.BILINEAR), box, RING.resize(size, Image.Resampling.BILINEAR))


def _along(beads: Sequence[Bead], *, every: float) -> list[Bead]:
    found: list[Bead] = []
    points = [beads[0], *beads, beads[-1]]
    for a, b, c, d in zip(points, points[1:], points[2:], points[3:], strict=False):
        steps = max(2, round(hypot(c[0] - b[0], c[1] - b[1]) / every))
        found += [_smooth(a, b, c, d, step / steps) for step in range(steps)]
    return found


def _smooth(a: Bead, b: Bead, c: Bead, d: Bead, t: float) -> Bead:
    def along(i: int) -> float:
        bend = (2 * a[i] - 5 * b[i] + 4 * c[i] - d[i]) * t**2 + (3 * b[i] - a[i] - 3 * c[i] + d[i]) * t**3
        return 0.5 * (2 * b[i] + (c[i] - a[i]) * t + bend)

    return along(0), along(1), along(2)


@lru_cache
def _ball(glaze: str) -> Image.Image:
    """A lit ball of this glaze, used as the brush for handles and spouts."""
    kind, pixels = GLAZES[glaze], bytearray()
    for row in range(SAMPLE):
        for column in range(SAMPLE):
            x, y = (column + 0.5) / SAMPLE * 2 - 1, 1 - (row + 0.5) / SAMPLE * 2
            away = min(0.999, hypot(x, y))
            if away > 0:
                x, y = x / hypot(x, y) * away, y / hypot(x, y) * away
            normal = (x, y, sqrt(1 - away * away))
            pixels += bytes(light.colour_at(normal, kind.body, gloss=kind.gloss * 0.6))
    return Image.frombytes("RGB", (SAMPLE, SAMPLE), bytes(pixels))
