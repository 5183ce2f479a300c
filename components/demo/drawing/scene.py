"""Places pots on a paper background in window light, and saves the picture."""

from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from components.demo.drawing.glazes import GLAZES, Glaze, mixed
from components.demo.drawing.profiles import SHAPES, Shape
from components.demo.drawing.pulling import limb
from components.demo.drawing.turning import Mesh, Pose, Ring, body, disc, hollow

SIZE = 1200


@dataclass(frozen=True)
class Place:
    shape: str
    x: float = 0.5
    y: float | None = None
    scale: float | None = None


def picture(glaze: str, places: tuple[Place, ...], *, seed: int) -> Image.Image:
    """One square picture of these pots in this glaze; the same seed gives the same speckles."""
    sheet = _paper().copy()
    for place in places:
        sheet = _stand(sheet, place, GLAZES[glaze], Random(seed))
    return sheet


def _stand(paper: Image.Image, place: Place, glaze: Glaze, chance: Random) -> Image.Image:
    shape = SHAPES[place.shape]
    pose = _pose(place, shape)
    pot = Mesh.blank(SIZE)
    _make(pot, shape, glaze, pose)
    _speckle(pot, glaze, chance)
    shaded = _shadow(paper, pot, shape, pose)
    shaded.paste(pot.paint, (0, 0), pot.cover)
    return shaded


def _pose(place: Place, shape: Shape) -> Pose:
    """Small pots stay smaller than large ones, but all fill most of their picture."""
    beads = [bead for part in shape.limbs for bead in part.beads]
    right = max([radius for radius, _ in shape.outside] + [across for across, _, _ in beads])
    left = max([radius for radius, _ in shape.outside] + [-across for across, _, _ in beads])
    lean = sin(radians(shape.elevation))
    top, foot = max(height for _, height in shape.outside), shape.outside[0][0]
    tall = top * cos(radians(shape.elevation)) + (shape.outside[-1][0] + foot) * lean
    scale = place.scale or (720 / max(left + right, tall)) ** 0.8
    pose = Pose(place.x * SIZE, 0, scale * SIZE / 1000, shape.elevation)
    middle = (pose.level(top) - shape.outside[-1][0] * lean * pose.scale + foot * lean * pose.scale) / 2
    x = place.x * SIZE - (right - left) / 2 * pose.scale
    y = place.y * SIZE if place.y else SIZE * 0.515 - middle
    return Pose(x, y, pose.scale, shape.elevation)


def _make(pot: Mesh, shape: Shape, glaze: Glaze, pose: Pose) -> None:
    for part in shape.limbs:
        limb(pot, part.beads, glaze.name, pose)
    body(pot, shape.outside, glaze, pose, dip=shape.dip)
    for across, height in shape.holes:
        _pierce(pot, across, height, shape, pose)
    if shape.inside:
        hollow(pot, shape.inside, glaze, pose)
    if shape.filled:
        radius, height, colour = shape.filled
        disc(pot, Ring(radius, height, 0), mixed(colour, (40, 30, 24), 0.35), pose)
        disc(pot, Ring(radius - 5, height - 1, 0), colour, pose)
    if shape.wick:
        limb(pot, shape.wick, "Ink", pose)


def _pierce(pot: Mesh, across: float, height: float, shape: Shape, pose: Pose) -> None:
    widest = max(radius for radius, level in shape.outside if level <= height + 60)
    turn = max(0.15, (1 - min(0.98, abs(across) / widest) ** 2) ** 0.5)
    x, y = pose.x + across * pose.scale, pose.level(height) + widest * turn * pose.flattening * pose.scale
    wide, tall = 11 * turn * pose.scale, 12 * pose.scale
    box = (round(x - wide), round(y - tall), round(x + wide), round(y + tall))
    hole = Image.new("L", (64, 64), 0)
    ImageDraw.Draw(hole).ellipse((1, 1, 62, 62), fill=255)
    size = (box[2] - box[0], box[3] - box[1])
    pot.lay((250, 214, 150), box, hole.resize(size, Image.Resampling.BILINEAR))
    pot.lay((92, 62, 40), (box[0], box[1], box[2], box[1] + size[1]), hole.resize(size).point(lambda v: v // 3))


def _speckle(pot: Mesh, glaze: Glaze, chance: Random) -> None:
    flecks = Image.new("L", pot.cover.size, 0)
    brush = ImageDraw.Draw(flecks)
    left, upper, right, lower = pot.cover.getbbox() or (0, 0, SIZE, SIZE)
    number = round(glaze.speckles * (right - left) * (lower - upper) / (520 * 520))
    for _ in range(number):
        x, y, size = chance.uniform(left, right), chance.uniform(upper, lower), chance.choice((1.0, 1.2, 1.6, 2.4))
        brush.ellipse((x - size, y - size, x + size, y + size), fill=chance.randint(50, 150))
    flecks = ImageChops.multiply(flecks.filter(ImageFilter.GaussianBlur(0.7)), pot.cover)
    pot.paint.paste(glaze.speckle, (0, 0), flecks)


def _shadow(paper: Image.Image, pot: Mesh, shape: Shape, pose: Pose) -> Image.Image:
    """The shadow falls to the right, long and soft, and is darkest under the foot."""
    small = SIZE // 4
    cover = pot.cover.resize((small, small))
    foot = pose.y / 4
    lean, squash = 1.15, 2.6
    cast = cover.transform(
        (small, small),
        Image.Transform.AFFINE,
        (1, lean, -lean * foot, 0, squash, foot - foot * squash),
        Image.Resampling.BILINEAR,
    )
    cast = cast.filter(ImageFilter.GaussianBlur(9)).point(lambda v: round(v * 0.24))
    radius = max(r for r, height in shape.outside if height < 30)
    touch = Image.new("L", (small, small), 0)
    wide, deep, middle = (
        radius * pose.scale / 4 * 1.10,
        radius * pose.scale / 4 * (pose.flattening + 0.06),
        pose.x / 4 + 3,
    )
    ImageDraw.Draw(touch).ellipse((middle - wide, foot - deep + 2, middle + wide, foot + deep + 3), fill=190)
    touch = touch.filter(ImageFilter.GaussianBlur(3.4)).point(lambda v: round(v * 0.62))
    both = ImageChops.lighter(cast, touch).resize((SIZE, SIZE), Image.Resampling.BICUBIC)
    shaded = paper.copy()
    shaded.paste((84, 66, 52), (0, 0), both)
    return shaded


@lru_cache
def _paper() -> Image.Image:
    """Warm paper, lightest where the window light falls."""
    glow = (
        Image.radial_gradient("L")
        .resize((SIZE * 2, SIZE * 2))
        .crop((SIZE // 2 + 160, SIZE // 2 - 60, SIZE + SIZE // 2 + 160, SIZE + SIZE // 2 - 60))
    )
    fall = Image.linear_gradient("L").resize((SIZE, SIZE))
    paper = Image.new("RGB", (SIZE, SIZE), (243, 237, 227))
    paper.paste((222, 211, 195), (0, 0), glow.point(lambda v: round(v * 0.62)))
    paper.paste((236, 227, 213), (0, 0), fall.point(lambda v: round(v * 0.5)))
    return paper
