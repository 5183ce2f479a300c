"""Whether this shop was packed to be served elsewhere: asked by every request, without the database.

From then on nothing is sold, charged or sent here, so that no order is taken in two places.
"""

from dataclasses import dataclass
from datetime import datetime

from components.foundation import clock, database
from components.foundation.database.notifications import listener
from components.keeping.tables import MovedShop

CHANNEL = "moved_shop"
WORDS = (
    "This shop was packed to be served elsewhere on {at:%d %B %Y}. `clubfront move stay` opens it here again, when it "
    "is not served there."
)


@dataclass(frozen=True, slots=True)
class Moved:
    """`to` is the address of the other place; empty when it is the same."""

    at: datetime
    to: str


class _Known:
    moved: Moved | None = None
    is_listening = False


def current() -> Moved | None:
    return _Known.moved


async def start() -> None:
    """Read it, and keep it up to date from then on."""
    if not _Known.is_listening:
        listener.on(CHANNEL, _heard, after_a_gap=refresh)
        _Known.is_listening = True
    await refresh()


async def refresh() -> None:
    row = await MovedShop.objects().first()
    _Known.moved = Moved(row.at, row.moved_to) if row else None


async def leave(*, to: str) -> None:
    """Every process that hears of it stops selling at once."""
    await database.execute(_LEAVE, clock.unmoved(), to)


_LEAVE = """
INSERT INTO moved_shop (is_moved, at, moved_to) VALUES (true, $1, $2)
ON CONFLICT (is_moved) DO UPDATE SET at = excluded.at, moved_to = excluded.moved_to
"""


async def stay() -> bool:
    """Open it here again; whether it was closed."""
    rows = await MovedShop.delete().where(MovedShop.is_moved.eq(True)).returning(MovedShop.is_moved)
    return bool(rows)


async def refusal() -> str:
    """Why no jobs may run here; empty when they may."""
    await refresh()
    return WORDS.format(at=_Known.moved.at) if _Known.moved else ""


async def _heard(_payload: str) -> None:
    await refresh()
