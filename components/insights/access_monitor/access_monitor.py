"""The access monitor: a scheduled check of the shop as a guest, a lapsed member and a member of each plan.

What should be visible is computed from the rows (`access_policy`); what is visible comes from the web process, which
registers a way to ask with `use`. Only differences are recorded, not the content.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from components.foundation import clock, database, ids, json
from components.foundation.database import Query
from components.insights.access_monitor import access_policy
from components.insights.access_monitor.access_policy import ExpectedAccess, ProductFacts
from components.insights.tables import AccessCheck

Ask = Callable[[str, str], Awaitable[tuple[int, str]]]
"""The visitor (`guest`, `lapsed` or a plan's slug), the address, the status and the page."""

KEPT = timedelta(days=30)
MOST_TOLD = 50


class _Way:
    ask: Ask | None = None


def use_asker(ask: Ask) -> None:
    """Where the pages come from."""
    _Way.ask = ask


@dataclass(frozen=True)
class MonitorRun:
    """The last check: the number of answers, and a description of each wrong one."""

    at: datetime
    asked: int
    troubles: tuple[str, ...]


async def run() -> None:
    """The job. A process that serves no pages leaves it to one that does."""
    if _Way.ask is None:
        return
    asked, troubles = 0, []
    for expected in await access_policy.expectations(clock.now()):
        async for found in _looked(_Way.ask, expected):
            asked += 1
            troubles += found
    row = AccessCheck(id=ids.new(), at=clock.now(), asked=asked, troubles=json.dump(troubles[:MOST_TOLD]))
    async with database.transaction():
        await AccessCheck.insert(row)
        await AccessCheck.delete().where(AccessCheck.at < clock.now() - KEPT)


def query() -> Query[MonitorRun | None]:
    """The last check; None before the first."""
    return Query(
        """SELECT json_build_object('at', at, 'asked', asked, 'troubles', troubles) FROM access_check
        ORDER BY at DESC, id DESC LIMIT 1""",
        (),
        _read,
    )


async def latest() -> MonitorRun | None:
    (found,) = await database.batch(query())
    return found  # type: ignore[no-any-return]


def _read(found: Any) -> MonitorRun | None:
    if found is None:
        return None
    return MonitorRun(datetime.fromisoformat(found["at"]), found["asked"], tuple(found["troubles"]))


async def _looked(ask: Ask, expected: ExpectedAccess) -> Any:
    """What was wrong with each answer."""
    who = expected.who
    for piece in expected.pieces:
        yield _page_troubles(who, piece, *await ask(who, piece.path))
        if piece.has_api:
            yield _told_troubles(who, piece, *await ask(who, f"/api/v1{piece.path.replace('/journal/', '/articles/')}"))
    for path in ("/", "/products", "/sitemap.xml", "/feed.xml", "/journal"):
        yield _list_troubles(expected, path, (await ask(who, path))[1])
    for piece in expected.pieces:
        if not piece.is_shown:
            path = f"/search?q={quote(piece.title)}"
            yield _list_troubles(expected, path, (await ask(who, path))[1])


def _page_troubles(who: str, piece: ProductFacts, status: int, page: str) -> list[str]:
    return [f"{who} at {piece.path}: {words}" for words in _differences(piece, status, page)]


def _told_troubles(who: str, piece: ProductFacts, status: int, told: str) -> list[str]:
    """The same for the API."""
    if (status == 200) != piece.is_shown:
        words = "returned, but should be hidden" if status == 200 else "hidden, but should be returned"
    elif piece.is_shown and piece.is_open is not None and ('"state":"open"' in told) != piece.is_open:
        words = (
            "returned as available, but is not available"
            if not piece.is_open
            else "returned as unavailable, but is available"
        )
    elif piece.passage and (piece.passage in told) != piece.is_whole:
        words = "readable, but should be members-only" if not piece.is_whole else "not readable, but should be"
    else:
        return []
    return [f"{who} at /api/v1 of {piece.path}: {words}"]


def _differences(piece: ProductFacts, status: int, page: str) -> Iterator[str]:
    if (status == 200) != piece.is_shown:
        yield "visible, but should be hidden" if status == 200 else "hidden, but should be visible"
        return
    if piece.is_shown and piece.is_open is not None:
        is_sold = "schema.org/InStock" in page or "schema.org/OutOfStock" in page
        if is_sold != piece.is_open:
            yield "can be bought, but should not be" if is_sold else "cannot be bought, but should be"
    if piece.passage:
        is_read = piece.passage in page
        if is_read != piece.is_whole:
            yield "readable, but should be members-only" if is_read else "not readable, but should be"


def _list_troubles(expected: ExpectedAccess, path: str, page: str) -> list[str]:
    named = [one for one in expected.pieces if not one.is_shown and f'{one.path}"' in page.replace("<", '"')]
    read = [one for one in expected.pieces if one.passage and not one.is_whole and one.passage in page]
    where = f"{expected.who} at {path.split('?')[0]}"
    return [f"{where}: {one.path} is listed, but should be hidden" for one in named] + [
        f"{where}: {one.path} is readable, but should be members-only" for one in read
    ]
