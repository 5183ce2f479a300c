"""Many things by one scheduled job: what goes wrong with one of them keeps none of the others waiting."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import structlog

Thing = TypeVar("Thing")
MOST_TOLD = 20
log = structlog.get_logger()


async def each(
    things: Iterable[Thing], act: Callable[[Thing], Awaitable[object]], *, what: str,
    unless: tuple[type[Exception], ...] = (),
) -> None:  # fmt: skip
    """Acts on every one, in order; `what` names one of them in the log.

    What `act` raises is logged, and raised for all of them together once the last has had its turn, so that the job
    counts as failed and is seen. `unless` it would be the same for each (nobody answers): that ends it at once.
    Raises `ExceptionGroup`.
    """
    failed: list[Exception] = []
    for thing in things:
        try:
            await act(thing)
        except unless:
            raise
        except Exception as trouble:
            log.exception("one of many failed", what=what, which=str(getattr(thing, "id", thing)))
            failed.append(trouble)
    if failed:
        raise ExceptionGroup(f"{what}: {len(failed)} failed", failed[:MOST_TOLD])
