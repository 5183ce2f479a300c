"""The schedule when the machine's clock is put forward or back: nothing stands still or is done a thousand times."""

from collections.abc import Iterable

from procrastinate.periodic import PeriodicDeferrer, PeriodicRegistry, TaskAtTime
from procrastinate.worker import Worker


class SteadySchedule(PeriodicDeferrer):
    """Each task whose time has come since the last look, once, however many of its times have passed: after a pause, or
    a clock that was put forward. A clock that was put back is a first look, which goes back ten minutes: without this,
    the schedule would wait until the clock has caught up.
    """

    def __init__(self, registry: PeriodicRegistry, **defaults: float) -> None:
        super().__init__(registry, **defaults)
        self._looked_at: float | None = None

    def get_previous_tasks(self, at: float) -> Iterable[TaskAtTime]:
        looked_at, self._looked_at = self._looked_at, at
        for task in self.registry.periodic_tasks.values():
            if looked_at is None or looked_at > at:
                yield from ((task, first) for first in self.get_timestamps(task, None, at))
                continue
            task.croniter.set_current(start_time=at)
            last = round(task.croniter.get_prev(ret_type=float))
            if last >= looked_at:
                yield task, last


class SteadyWorker(Worker):
    async def _periodic_deferrer(self) -> None:
        await SteadySchedule(self.app.periodic_registry, **self.app.periodic_defaults).worker()
