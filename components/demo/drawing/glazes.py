"""The shop's six glazes, and bare clay."""

from dataclasses import dataclass

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Glaze:
    name: str
    body: Colour
    rim: Colour
    pool: Colour
    gloss: float
    speckles: int
    speckle: Colour
    drift: float = 0.05


GLAZES = {
    glaze.name: glaze
    for glaze in (
        Glaze("Oat", (222, 205, 178), (168, 128, 88), (205, 183, 150), 0.26, 620, (120, 84, 52)),
        Glaze("Chalk", (240, 235, 226), (205, 184, 158), (230, 222, 208), 0.16, 90, (150, 120, 92), 0.03),
        Glaze("Tide", (138, 166, 172), (150, 124, 100), (98, 132, 142), 0.42, 240, (70, 84, 88)),
        Glaze("Moss", (124, 134, 98), (150, 112, 66), (92, 104, 70), 0.34, 320, (66, 66, 40)),
        Glaze("Ember", (158, 84, 50), (84, 46, 30), (126, 60, 36), 0.46, 200, (66, 34, 22), 0.08),
        Glaze("Ink", (56, 66, 82), (128, 96, 74), (40, 48, 62), 0.52, 160, (98, 104, 116), 0.07),
    )
}

CLAY: Colour = (188, 150, 116)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`share` 0 is all of `one`, 1 all of `other`."""
    return (
        round(one[0] + (other[0] - one[0]) * share),
        round(one[1] + (other[1] - one[1]) * share),
        round(one[2] + (other[2] - one[2]) * share),
    )
