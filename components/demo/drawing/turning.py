"""Turns a profile into a pot, drawn ring by ring, seen from slightly above."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from PIL import Image, ImageChops, ImageDraw

from components.demo.drawing import light
from components.demo.drawing.glazes import CLAY, Colour, Glaze, mixed

Point = tuple[float, float]
"""Radius and height, in thousandths of the picture's width."""
Box = tuple[int, int, int, int]

RING = Image.new("L", (512, 512), 0)
ImageDraw.Draw(RING).ellipse((1, 1, 510, 510), fill=255)


@dataclass(frozen=True)
class Mesh:
    """What has been painted so far, and where."""

    paint: Image.Image
    cover: Image.Image

    @classmethod
    def blank(cls, size: int) -> "Mesh":
        return cls(Image.new("RGB", (size, size)), Image.new("L", (size, size), 0))

    def lay(self, paint: Image.Image | Colour, box: Box, mask: Image.Image) -> None:
        self.paint.paste(paint, box, mask)
        self.cover.paste(255, box, mask)


@dataclass(frozen=True)
class Pose:
    """Where a pot stands: the centre of its foot in pixels, pixels per thousandth, and the height of the viewer."""

    x: float
    y: float
    scale: float
    elevation: float

    @property
    def flattening(self) -> float:
        return sin(radians(self.elevation))

    def level(self, height: float) -> float:
        return self.y - height * cos(radians(self.elevation)) * self.scale


@dataclass(frozen=True)
class Ring:
    radius: float
    height: float
    slope: float


def rings(profile: Sequence[Point], *, every: float) -> Iterator[Ring]:
    """Rings along a smooth curve (Catmull–Rom) through the profile's points, from its first to its last."""
    points = [profile[0], *profile, profile[-1]]
    for before, start, end, after in zip(points, points[1:], points[2:], points[3:], strict=False):
        steps = max(2, round((abs(end[0] - start[0]) + abs(end[1] - start[1])) / every))
        for step in range(steps):
            radius, height = _between(before, start, end, after, step / steps)
            onward = _between(before, start, end, after, (step + 0.5) / steps)
            rise = onward[1] - height
            slope = (onward[0] - radius) / rise if abs(rise) > 1e-3 else 0.0
            yield Ring(max(radius, 0.5), height, max(-6.0, min(6.0, slope)))


def _between(before: Point, start: Point, end: Point, after: Point, t: float) -> Point:
    def along(a: float, b: float, c: float, d: float) -> float:
        return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)

    return along(before[0], start[0], end[0], after[0]), along(before[1], start[1], end[1], after[1])


def body(sheet: Mesh, profile: Sequence[Point], glaze: Glaze, pose: Pose, *, dip: float) -> None:
    """Paints the outside from foot to rim; below `dip` the clay is bare."""
    top = max(height for _, height in profile)
    for ring in rings(profile, every=1.0 / pose.scale):
        row = light.outside(round(ring.slope * 12) / 12, _glaze_at(ring.height, top, dip, glaze), glaze)
        _lay(sheet, row, ring, pose)


def hollow(sheet: Mesh, profile: Sequence[Point], glaze: Glaze, pose: Pose) -> None:
    """Paints the inside from rim to floor, seen only through the mouth."""
    rim, deep = profile[0], max(1.0, profile[0][1] - profile[-1][1])
    within = Mesh.blank(sheet.paint.width)
    for ring in rings(profile, every=1.0 / pose.scale):
        depth = (rim[1] - ring.height) / deep
        sky = 1.0 - min(0.62, 0.30 * depth * (deep / rim[0]) ** 0.8 + 0.03)
        sky *= 1 - 0.022 * sin(ring.radius / 4.2) ** 2
        colour = mixed(glaze.body, glaze.pool, depth**2)
        row = light.inside(round(ring.slope * 12) / 12, colour, glaze, open_sky=sky)
        _lay(within, row, ring, pose)
    box, mask = _ellipse(Ring(rim[0], rim[1], 0), pose)
    seen = within.paint.crop(box)
    seen.paste(light.SHADE, (0, 0), _rim_shadow(mask.size))
    sheet.lay(seen, box, mask)


def _rim_shadow(size: tuple[int, int]) -> Image.Image:
    """The near left part of the rim shades the inside from the window."""
    across = Image.linear_gradient("L").rotate(90).resize(size)
    down = Image.linear_gradient("L").resize(size)
    return ImageChops.lighter(across.point(lambda v: max(0, v - 150) // 2), down.point(lambda v: max(0, v - 190) // 2))


def disc(sheet: Mesh, ring: Ring, colour: Colour, pose: Pose) -> None:
    box, mask = _ellipse(ring, pose)
    sheet.lay(colour, box, mask)


def _glaze_at(height: float, top: float, dip: float, glaze: Glaze) -> Colour:
    if height < dip:
        return mixed(CLAY, (150, 112, 82), 0.25 * (1 - height / max(dip, 1)))
    if height > top - 5:
        return mixed(glaze.body, glaze.rim, min(1.0, (height - top + 5) / 4))
    above = (height - dip) / max(1.0, top - dip)
    return mixed(glaze.pool, glaze.body, min(1.0, above * 2.2 + 0.1))


def _lay(sheet: Mesh, row: bytes, ring: Ring, pose: Pose) -> None:
    box, mask = _ellipse(ring, pose)
    strip = Image.frombytes("RGB", (light.SAMPLES, 1), row)
    sheet.lay(strip.resize(mask.size, Image.Resampling.BILINEAR), box, mask)


def _ellipse(ring: Ring, pose: Pose) -> tuple[Box, Image.Image]:
    across = max(1, round(ring.radius * pose.scale))
    deep = max(1, round(ring.radius * pose.scale * pose.flattening))
    left, upper = round(pose.x) - across, round(pose.level(ring.height)) - deep
    box = (left, upper, left + 2 * across, upper + 2 * deep)
    return box, RING.resize((2 * across, 2 * deep), Image.Resampling.BILINEAR)
