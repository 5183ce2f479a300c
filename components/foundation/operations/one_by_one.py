"""Many things by one scheduled job: what goes wrong with one of them keeps none of the others waiting."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

import structlog

Thing = TypeVar("Thing")
Act = Callable[[Thing], Awaitable[object]]
Same = Callable[[Exception], bool]
MOST_TOLD = 20
log = structlog.get_logger()


def never(trouble: Exception) -> bool:
    return False


async def each(things: Iterable[Thing], act: Act[Thing], *, what: str, unless: Same = never) -> None:
    """Acts on every one, in order; `what` names one of them in the log.

    What `act` raises is logged, and raised for all of them together once the last has had its turn, so that the job
    counts as failed and is seen. `unless` it would be the same for each (nobody answers): that ends it at once.
    Raises `ExceptionGroup`.
    """
    failed = await _tried(things, act, what, unless)
    _raise(what, failed, len(failed))


async def each_in_lots(
    lot: Callable[[Thing | None], Awaitable[Sequence[Thing]]], act: Act[Thing], *, what: str, unless: Same = never
) -> int:
    """As `each`, of more than are to be held in memory: `lot` reads some that come after the last one, none at the
    end. Returns how many there were. Raises `ExceptionGroup`."""
    failed: list[Exception] = []
    count, wrong, last = 0, 0, None
    while things := await lot(last):
        some = await _tried(things, act, what, unless)
        failed += some[: MOST_TOLD - len(failed)]
        count, wrong, last = count + len(things), wrong + len(some), things[-1]
    _raise(what, failed, wrong)
    return count


async def steps(*parts: Callable[[], Awaitable[object]], what: str, unless: Same = never) -> None:
    """One job of several parts, each of which is done though one before it failed. Raises `ExceptionGroup`."""
    await each(parts, lambda part: part(), what=what, unless=unless)


async def _tried(things: Iterable[Thing], act: Act[Thing], what: str, unless: Same) -> list[Exception]:
    failed: list[Exception] = []
    for thing in things:
        try:
            await act(thing)
        except Exception as trouble:
            if unless(trouble):
                raise
            log.exception("one of many failed", what=what, which=_name(thing))
            failed.append(trouble)
    return failed


def _name(thing: object) -> str:
    return str(getattr(thing, "id", None) or getattr(thing, "__name__", thing))


def _raise(what: str, failed: list[Exception], count: int) -> None:
    """Some of them, and how many there were."""
    if failed:
        raise ExceptionGroup(f"{what}: {count} failed", failed[:MOST_TOLD])
