"""What is kept of figures against the rows it is made from: all of it is worked out anew, and nothing is changed."""

from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_walks import Broken
from components.foundation.consistency.table_keys import Extent
from components.insights.rollups import kept_comparison

KEPT = "kept figures are what their rows add up to"


async def against_rows(extent: Extent | None = None) -> list[Broken]:
    """With what is queued: so that it holds at every moment."""
    return await invariant_walks.at_once(KEPT, _differing, extent or Extent())


async def _differing() -> list[Broken]:
    return [
        Broken(
            KEPT,
            f"Kept figures, {one.name}: {one.rows} rows are not what the movements add up to. "
            "`clubfront figures roll-up` works them out anew",
        )
        for one in await kept_comparison.differences()
    ]
