"""Cells that are written to take long."""

import time
from collections.abc import Callable

from components.product_files import cells
from tests.support.cells import every_cell
from web.shop.products import descriptions

OPENED = "<a" * 25_000
"""As many beginnings of tags as a small file has room for, none of which ends."""


@every_cell("read", [cells.rich, cells.broken, descriptions.html])
def test_tags_that_never_end_are_read_as_quickly_as_others(read: Callable[[str], str]) -> None:
    began = time.process_time()
    read(OPENED)
    assert time.process_time() - began < 0.5
