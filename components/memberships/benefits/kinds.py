"""The registered kinds: every folder next to this file, and in any other folder added to the package path."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Any

from components.foundation.refusals import NotFound
from components.memberships.benefits.protocol import Kind

PACKAGE = "components.memberships.benefits"


@cache
def all_kinds() -> dict[str, Kind[Any]]:
    """By key, in the order staff see them."""
    folders = importlib.import_module(PACKAGE).__path__
    names = sorted(one.name for one in pkgutil.iter_modules(folders) if one.ispkg)
    found = [importlib.import_module(f"{PACKAGE}.{name}").KIND for name in names]
    return {one.key: one for one in sorted(found, key=lambda one: str(one.title))}


def by_rank() -> tuple[Kind[Any], ...]:
    """What counts most with a newcomer first."""
    return tuple(sorted(all_kinds().values(), key=lambda one: (one.rank, one.title)))


def rank_of(key: str) -> int:
    """A kind the shop no longer knows counts as any other."""
    return all_kinds()[key].rank if key in all_kinds() else Kind.rank


def starter(name: str) -> tuple[str, Mapping[str, Any]]:
    """The key of the kind that offers this to a new shop, and its answers."""
    return next((one.key, one.starters[name]) for one in all_kinds().values() if name in one.starters)


def kind(key: str) -> Kind[Any]:
    """Raises `NotFound` for a kind the shop does not know."""
    if key not in all_kinds():
        raise NotFound("We don’t recognise this kind of benefit.")
    return all_kinds()[key]
