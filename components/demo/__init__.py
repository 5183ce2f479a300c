"""The demo shop Kiln: a pottery with products, membership plans, journal, people and history, created with the same
functions that users call.

The shop does not need it to run.
"""

from components.demo.building import NotEmpty, fill, fill_when_empty, is_empty
from components.demo.cast import introduction
from components.demo.counter import use

__all__ = ["NotEmpty", "fill", "fill_when_empty", "introduction", "is_empty", "use"]
