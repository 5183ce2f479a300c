"""The pots as profiles. Radius and height are in thousandths of the picture's width; profiles run foot to rim."""

from dataclasses import dataclass

from components.demo.drawing.glazes import Colour
from components.demo.drawing.pulling import Bead, Limb
from components.demo.drawing.turning import Point


@dataclass(frozen=True)
class Shape:
    outside: tuple[Point, ...]
    inside: tuple[Point, ...] = ()
    """Rim to floor; empty for a closed pot."""
    limbs: tuple[Limb, ...] = ()
    dip: float = 26
    """Height of the glaze line above the foot."""
    elevation: float = 17
    filled: tuple[float, float, Colour] | None = None
    """Radius, height and colour of its content: wax, soil, tea."""
    wick: tuple[Bead, ...] = ()
    holes: tuple[Point, ...] = ()
    """Position and height of each hole."""


def open_pot(*outside: Point, wall: float = 11, floor: float = 20, **rest: object) -> Shape:
    """A pot whose inside follows its outside at one wall thickness."""
    inside = tuple((max(2, radius - wall), height) for radius, height in reversed(outside) if height > floor)
    return Shape(outside=outside, inside=(*inside, (2, floor)), **rest)  # type: ignore[arg-type]


def handle(radius: float, low: float, high: float, *, reach: float, thick: float = 17) -> Limb:
    """A handle on the right, from `high` on the wall to `low`."""
    middle = (low + high) / 2
    return Limb(
        (
            (radius - 12, high - 4, thick * 1.15),
            (radius + reach * 0.62, high + 8, thick),
            (radius + reach, middle + (high - low) * 0.12, thick * 0.92),
            (radius + reach * 0.68, low + (high - low) * 0.12, thick * 0.92),
            (radius - 12, low, thick * 1.05),
        )
    )


MUGS = {
    "mug": open_pot(
        (96, 0), (116, 8), (150, 60), (161, 150), (157, 240), (152, 306), limbs=(handle(156, 74, 236, reach=112),)
    ),
    "big-mug": open_pot(
        (112, 0), (136, 8), (176, 70), (188, 180), (182, 276), (178, 340), limbs=(handle(182, 92, 268, reach=124),)
    ),
    "espresso": open_pot((74, 0), (88, 6), (108, 50), (116, 120), (120, 190), dip=22),
    "tumbler": open_pot((92, 0), (108, 6), (120, 60), (116, 140), (128, 220), (136, 290)),
    "camp-mug": open_pot(
        (140, 0), (154, 6), (156, 60), (154, 160), (156, 262), limbs=(handle(156, 62, 206, reach=104, thick=16),)
    ),
    "latte-bowl": open_pot((80, 0), (92, 16), (150, 58), (186, 130), (196, 196), (198, 214), elevation=21),
}
BOWLS = {
    "bowl": open_pot((98, 0), (106, 16), (178, 52), (246, 120), (282, 196), elevation=25),
    "ramen": open_pot((96, 0), (108, 30), (190, 70), (264, 160), (300, 252), elevation=25),
    "porridge": open_pot((110, 0), (122, 10), (190, 46), (222, 110), (226, 160), elevation=25),
    "serving": open_pot((130, 0), (140, 16), (230, 46), (320, 100), (372, 160), elevation=28, floor=24),
    "prep": open_pot((92, 0), (104, 8), (170, 60), (216, 140), (226, 176), elevation=27),
}
PLATES = {
    "plate": open_pot((190, 0), (200, 8), (262, 20), (336, 34), (384, 64), elevation=36, dip=9, floor=12, wall=9),
    "coupe": open_pot((150, 0), (162, 8), (256, 28), (334, 60), (368, 106), elevation=36, dip=9, floor=14),
    "platter": open_pot((230, 0), (240, 8), (330, 18), (404, 30), (428, 58), elevation=37, dip=9, floor=11, wall=9),
    "dish": open_pot((96, 0), (104, 8), (158, 24), (196, 50), (208, 78), elevation=33, dip=10, floor=12, wall=9),
}
POURERS = {
    "teapot": Shape(
        (
            (104, 0),
            (120, 10),
            (190, 70),
            (216, 150),
            (186, 228),
            (120, 262),
            (106, 264),
            (98, 280),
            (62, 302),
            (24, 312),
            (18, 322),
            (30, 340),
            (24, 358),
            (1, 364),
        ),
        limbs=(
            handle(196, 92, 226, reach=128, thick=18),
            Limb(((-176, 104, 52), (-236, 138, 36), (-280, 206, 24), (-318, 250, 19))),
        ),
    ),
    "side-teapot": Shape(
        (
            (110, 0),
            (126, 10),
            (188, 62),
            (204, 124),
            (172, 186),
            (112, 208),
            (100, 210),
            (92, 222),
            (54, 238),
            (20, 246),
            (16, 256),
            (28, 272),
            (22, 286),
            (1, 292),
        ),
        limbs=(
            Limb(((150, 120, 30), (232, 168, 27), (304, 214, 29), (330, 232, 30))),
            Limb(((-150, 96, 46), (-208, 136, 32), (-252, 188, 21))),
        ),
    ),
    "jug": open_pot(
        (96, 0),
        (112, 8),
        (146, 70),
        (148, 160),
        (112, 250),
        (108, 300),
        (124, 344),
        limbs=(handle(120, 110, 290, reach=118, thick=16),),
        elevation=18,
    ),
    "carafe": open_pot((118, 0), (134, 8), (164, 80), (162, 180), (112, 290), (74, 370), (72, 430), (90, 486), dip=34),
    "oil": open_pot(
        (96, 0),
        (110, 8),
        (132, 80),
        (128, 190),
        (70, 282),
        (40, 330),
        (36, 380),
        (46, 404),
        limbs=(handle(60, 200, 356, reach=96, thick=13), Limb(((-26, 350, 15), (-70, 392, 10), (-92, 420, 7)))),
        wall=8,
    ),
}
VASES = {
    "bud": open_pot((78, 0), (92, 8), (126, 70), (120, 150), (62, 226), (36, 272), (36, 316), (48, 344), wall=8),
    "shoulder": open_pot(
        (104, 0), (118, 8), (158, 120), (206, 280), (196, 372), (126, 424), (98, 446), (112, 484), dip=40
    ),
    "bottle": open_pot(
        (92, 0), (106, 8), (136, 110), (136, 230), (84, 320), (48, 390), (44, 480), (58, 536), wall=8, dip=34
    ),
    "moon": open_pot(
        (106, 0), (122, 12), (222, 110), (262, 240), (226, 376), (132, 452), (112, 468), (118, 488), dip=1
    ),
    "low": open_pot((110, 0), (126, 8), (204, 70), (232, 140), (198, 214), (122, 250), (106, 256), (114, 270), dip=14),
    "wide": open_pot((116, 0), (132, 8), (178, 110), (186, 220), (160, 320), (172, 392), (204, 440), dip=36),
}
HOME = {
    "planter": open_pot(
        (136, 0), (150, 6), (168, 90), (182, 190), (196, 286), wall=13, filled=(178, 262, (74, 58, 46)), elevation=20
    ),
    "herb-pot": open_pot(
        (112, 0),
        (126, 6),
        (142, 90),
        (152, 176),
        (170, 186),
        (172, 226),
        wall=12,
        filled=(156, 204, (74, 58, 46)),
        elevation=20,
    ),
    "candle": open_pot(
        (136, 0),
        (150, 6),
        (156, 80),
        (154, 160),
        (156, 206),
        wall=12,
        filled=(143, 176, (240, 222, 176)),
        wick=((0, 176, 3.2), (1, 190, 3), (6, 206, 2.6)),
        elevation=21,
    ),
    "lantern": open_pot(
        (128, 0),
        (144, 8),
        (178, 100),
        (176, 200),
        (136, 280),
        (120, 304),
        wall=10,
        holes=tuple((-120 + 24 * (row % 2) + 48 * n, 92 + 50 * row) for row in range(3) for n in range(6 - row % 2)),
    ),
    "candlestick": Shape(
        ((150, 0), (164, 8), (150, 26), (60, 52), (34, 110), (40, 190), (62, 214), (64, 252)),
        inside=((50, 252), (34, 240), (30, 214), (2, 208)),
        elevation=18,
    ),
    "incense": open_pot((92, 0), (104, 6), (156, 26), (178, 52), (182, 66), elevation=32, wall=9, floor=12, dip=8),
}
SHAPES: dict[str, Shape] = MUGS | BOWLS | PLATES | POURERS | VASES | HOME
