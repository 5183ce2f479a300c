"""The experiments that matter to a page, in memory of every process: those that run, and those whose promises hold."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.experiments.tables import Experiment, ExperimentArm
from components.foundation import clock, database
from components.foundation.database.notifications import listener

LONGEST_PROMISE = timedelta(days=90)
PROMISED = ("price", "benefits")
"""What an arm of these gives is promised for so many days."""


@dataclass(frozen=True, slots=True)
class CachedArm:
    position: int
    share: int
    version: UUID | None
    words: str
    offer: UUID | None


@dataclass(frozen=True, slots=True)
class CachedExperiment:
    id: UUID
    kind: str
    plan: UUID | None
    reason: str
    segment: UUID | None
    base_version: UUID | None
    started_at: datetime
    promise_days: int
    is_running: bool
    arms: tuple[CachedArm, ...]

    @property
    def words_for_some(self) -> bool:
        return self.kind == "words" and self.segment is not None

    @property
    def shares(self) -> tuple[int, ...]:
        return tuple(one.share for one in self.arms)


class _Kept:
    shelf: tuple[CachedExperiment, ...] = ()
    is_listening = False
    reading = asyncio.Lock()


def current() -> tuple[CachedExperiment, ...]:
    return _Kept.shelf


async def start() -> None:
    """Read them and stay up to date from then on."""
    if not _Kept.is_listening:
        listener.on("experiments", _heard, after_a_gap=refresh)
        _Kept.is_listening = True
    await refresh()


async def refresh() -> None:
    """Inside a transaction once that is committed."""
    await database.after_commit(_refresh)


async def _refresh() -> None:
    async with _Kept.reading:
        _Kept.shelf = await _read(clock.now())


async def _read(at: datetime) -> tuple[CachedExperiment, ...]:
    promised = Experiment.kind.is_in(list(PROMISED)) & (Experiment.stopped_at > at - LONGEST_PROMISE)
    found = await Experiment.objects().where((Experiment.state == "running") | promised).order_by(Experiment.started_at)
    if not found:
        return ()
    arms: dict[UUID, list[CachedArm]] = defaultdict(list)
    belongs = ExperimentArm.experiment.is_in([one.id for one in found])
    for arm in await ExperimentArm.objects().where(belongs).order_by(ExperimentArm.position):
        arms[arm.experiment].append(CachedArm(arm.position, arm.share, arm.version, arm.words, arm.offer))
    return tuple(
        CachedExperiment(
            one.id, one.kind, one.plan, one.reason, one.segment, one.base_version, one.started_at, one.promise_days,
            one.state == "running", tuple(arms[one.id]),
        )
        for one in found
    )  # fmt: skip


async def _heard(_payload: str) -> None:
    await refresh()
