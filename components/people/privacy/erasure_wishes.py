"""Wishes to be erased: carried out at once, or as soon as what is still under way has ended.

Other components say what a wish waits for (`register_wait`), and what somebody loses by it (`register_loss`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from components.foundation import clock
from components.people.privacy import erasure
from components.people.tables import Person

Words = Callable[[UUID], Awaitable[str | None]]

ENDS_BILLING, CLOSES_PAGES = "billing", "pages"
ACTING = (ENDS_BILLING, CLOSES_PAGES)
"""The waits that act: they are asked last, and only when nothing else is waited for."""
OBSTACLE = "obstacle"
OLD = timedelta(days=7)
"""Older than this a wish is on Today: the law gives a month."""
_waits: dict[str, Words] = {}
_losses: dict[str, Words] = {}
_IS_WAITING = Person.erasure_wanted_at.is_not_null() & Person.erased_at.is_null()
log = structlog.get_logger()


def register_wait(reason: str, check: Words) -> None:
    """Have `check(person_id)` asked before somebody is erased, in the order they were registered.

    It may end what has to end first, and answers in words what is not over yet. The first that waits is the last asked.
    """
    _waits[reason] = check


def register_loss(reason: str, check: Words) -> None:
    """Have `check(person_id)` asked what somebody would lose, to be told before."""
    _losses[reason] = check


async def losses(person_id: UUID) -> tuple[str, ...]:
    found = [await check(person_id) for check in _losses.values()]
    return tuple(words for words in found if words)


async def make(person_id: UUID) -> str:
    """Erase them now, or keep their wish and answer what it waits for. Raises `ErasureRefused`, `NotFound`."""
    for words in await erasure.obstacles(person_id):
        raise erasure.ErasureRefused(words)
    waits_for = await _first_wait(person_id)
    if not waits_for:
        await erasure.erase(person_id)
        return ""
    is_new = (Person.id == person_id) & Person.erasure_wanted_at.is_null() & Person.erased_at.is_null()
    await Person.update({Person.erasure_wanted_at: clock.now()}).where(is_new)
    return waits_for


async def withdraw(person_id: UUID) -> None:
    """They keep their account after all."""
    await Person.update({Person.erasure_wanted_at: None}).where(Person.id == person_id)


async def is_waiting(person_id: UUID) -> bool:
    return bool(await Person.exists().where((Person.id == person_id) & Person.erasure_wanted_at.is_not_null()))


async def waits_for(person_id: UUID) -> str:
    """What a wish that is kept waits for, without doing anything about it; "" when only billing has to end, or a
    payment page to be closed."""
    if not await is_waiting(person_id):
        return ""
    found = [await check(person_id) for reason, check in _waits.items() if reason not in ACTING]
    return next((words for words in found if words), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingWish:
    """`reasons` are the names under which waits were registered, or `OBSTACLE`; none when only the acting are left."""

    person_id: UUID
    name: str
    email: str
    since: datetime
    reasons: tuple[str, ...]

    @property
    def is_old(self) -> bool:
        return self.since < clock.now() - OLD


async def waiting(*, limit: int, offset: int) -> list[WaitingWish]:
    """The oldest first; nothing is done about them."""
    one = Person
    rows = one.select(one.id, one.name, one.email, one.erasure_wanted_at).where(_IS_WAITING)
    found = await rows.order_by(one.erasure_wanted_at).order_by(one.id).limit(limit).offset(offset)
    return [
        WaitingWish(
            person_id=row["id"],
            name=row["name"],
            email=row["email"],
            since=row["erasure_wanted_at"],
            reasons=await _reasons(row["id"]),
        )
        for row in found
    ]


async def count_waiting() -> int:
    return int(await Person.count().where(_IS_WAITING))


async def _reasons(person_id: UUID) -> tuple[str, ...]:
    blocks = (OBSTACLE,) if await erasure.obstacles(person_id) else ()
    return blocks + tuple(
        [reason for reason, check in _waits.items() if reason not in ACTING and await check(person_id)]
    )


async def carry_out() -> None:
    """Scheduled: whoever waited is erased once nothing is under way. What has come between keeps them waiting."""
    for person_id in (
        await Person.select(Person.id).where(_IS_WAITING).order_by(Person.erasure_wanted_at).output(as_list=True)
    ):
        try:
            await make(person_id)
        except erasure.ErasureRefused:
            continue
        except Exception:
            log.exception("a wish to be erased could not be carried out", person=str(person_id))


async def _first_wait(person_id: UUID) -> str:
    for check in _waits.values():
        if words := await check(person_id):
            return words
    return ""
