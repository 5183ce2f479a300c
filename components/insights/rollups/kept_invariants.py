"""What is kept of figures against the rows it is made from: all of it or, in passing, a share drawn by chance."""

from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_walks import Broken
from components.foundation.consistency.table_keys import Extent
from components.insights.rollups import kept_comparison, kept_samples
from components.insights.rollups.kept_comparison import KeptDifference

DAYS = 60
"""Looked at each time, of all since the first order."""
KEPT = "kept figures are what their rows add up to"


async def against_rows(extent: Extent | None = None) -> list[Broken]:
    """Without what is queued, or with it: so that it holds at every moment."""
    extent = extent or Extent()
    look = _differing if extent.is_full else _some_differing
    return [
        *await invariant_walks.at_once(KEPT, look, extent),
        *await invariant_walks.at_once(KEPT, _days_differing, extent),
    ]


async def _differing() -> list[Broken]:
    return _told(await kept_comparison.differences())


async def _some_differing() -> list[Broken]:
    return _told(await kept_samples.differences())


async def _days_differing() -> list[Broken]:
    return _told(await kept_comparison.day_differences(most=DAYS))


def _told(found: list[KeptDifference]) -> list[Broken]:
    return [
        Broken(
            KEPT,
            f"Kept figures, {one.name}: {one.rows} rows are not what they add up to. "
            "`clubfront figures roll-up` works them out anew",
        )
        for one in found
    ]
