"""An experiment as a file: how each arm stood at the end of each day. Shares as such, money in minor units."""

from collections.abc import AsyncIterator, Sequence

from components.experiments.confidence_sequences import SequenceInterval
from components.experiments.experiment_arms import ExperimentView
from components.experiments.experiment_results import ExperimentResults

HEADS = ("Day", "Arm", "People counted", "Difference", "From", "To")


async def lines(seen: ExperimentResults, found: ExperimentView) -> AsyncIterator[Sequence[str]]:
    for look in seen.history:
        for arm, one in zip(found.arms[1:], look.intervals, strict=True):
            yield (look.day.isoformat(), arm.name, *_cells(look.counted[arm.position], one))


def _cells(people: int, one: SequenceInterval | None) -> tuple[str, ...]:
    if one is None:
        return (str(people), "", "", "")
    return (str(people), *(f"{each:.6g}" for each in (one.middle, one.low, one.high)))
