"""The kinds there are: every folder beside this file."""

import importlib
from functools import cache
from pathlib import Path
from typing import Any

from components.foundation.refusals import NotFound
from components.memberships.benefits.protocol import Kind

HERE = Path(__file__).parent


@cache
def all_kinds() -> dict[str, Kind[Any]]:
    """By key, in the order staff see them."""
    names = sorted(path.parent.name for path in HERE.glob("*/__init__.py"))
    found = [importlib.import_module(f"components.memberships.benefits.{name}").KIND for name in names]
    return {one.key: one for one in sorted(found, key=lambda one: str(one.title))}


def kind(key: str) -> Kind[Any]:
    """Raises `NotFound` for a kind the shop does not know."""
    if key not in all_kinds():
        raise NotFound("There is no such kind of benefit.")
    return all_kinds()[key]
