"""Kiln, the demo: a maker of stoneware with its club, journal, cast and past, built with the verbs users use.

Owns nothing that the shop needs to run.
"""

from components.demo.building import NotEmpty, fill, fill_when_empty, is_empty
from components.demo.cast import introduction
from components.demo.counter import use

__all__ = ["NotEmpty", "fill", "fill_when_empty", "introduction", "is_empty", "use"]
