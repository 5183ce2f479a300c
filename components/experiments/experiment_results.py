"""What is known of a running or ended experiment: each arm beside the ordinary, at every look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from components.experiments import experiment_figures
from components.experiments.arm_hash import is_mismatched
from components.experiments.confidence_sequences import FEWEST, ArmSum, SequenceInterval, difference
from components.experiments.experiment_figures import SHARES, DayStanding
from components.experiments.tables import Experiment, ExperimentArm


@dataclass(frozen=True, slots=True)
class ArmResult:
    """`asked` in all, of whom the days of `counted` have passed. `interval` is against the ordinary; None for it, and
    with too few."""

    position: int
    name: str
    asked: int
    counted: ArmSum
    interval: SequenceInterval | None


@dataclass(frozen=True, slots=True)
class LookBack:
    """How it stood at the end of one day, for the chart: an interval for each arm but the ordinary, and how many
    people of each arm were counted."""

    day: date
    counted: tuple[int, ...]
    intervals: tuple[SequenceInterval | None, ...]


@dataclass(frozen=True, slots=True)
class GuardResult:
    """One guard figure of one arm. `is_hurt`: surely worse than the ordinary, and by more than the limit."""

    guard: str
    position: int
    arm: ArmSum
    control: ArmSum
    interval: SequenceInterval | None
    limit: int
    is_hurt: bool


@dataclass(frozen=True, slots=True)
class ExperimentResults:
    """`money`: fees and orders of each arm's people, told beside who joined."""

    figure: str
    is_share: bool
    arms: tuple[ArmResult, ...]
    history: tuple[LookBack, ...]
    guards: tuple[GuardResult, ...]
    is_mismatched: bool
    money: Mapping[int, ArmSum] = field(default_factory=dict)

    @property
    def has_enough(self) -> bool:
        return all(one.counted.people >= FEWEST for one in self.arms)


async def results(experiment: Experiment, arms: Sequence[ExperimentArm], at: datetime) -> ExperimentResults:
    asked = await experiment_figures.asked(experiment.id)
    standings = await experiment_figures.by_day(experiment.id, experiment.figure, experiment.days, at)
    is_share = experiment.figure in SHARES
    last = standings[-1].arms if standings else {}
    return ExperimentResults(
        experiment.figure,
        is_share,
        tuple(
            ArmResult(
                one.position, one.name, asked.get(one.position, 0), last.get(one.position, ArmSum()),
                _against(last.get(one.position), last.get(0), experiment, arms, is_share) if one.position else None,
            )
            for one in arms
        ),
        tuple(_look(one, experiment, arms, is_share) for one in standings),
        await guards(experiment, arms, at),
        is_mismatched([asked.get(one.position, 0) for one in arms], [one.share for one in arms]),
        await _money_beside(experiment, at),
    )  # fmt: skip


async def _money_beside(experiment: Experiment, at: datetime) -> Mapping[int, ArmSum]:
    if experiment.figure != "joined":
        return {}
    standings = await experiment_figures.by_day(experiment.id, "money", experiment.days, at)
    return standings[-1].arms if standings else {}


def _look(standing: DayStanding, experiment: Experiment, arms: Sequence[ExperimentArm], is_share: bool) -> LookBack:
    seen = standing.arms
    return LookBack(
        standing.day,
        tuple(seen.get(one.position, ArmSum()).people for one in arms),
        tuple(_against(seen.get(one.position), seen.get(0), experiment, arms, is_share) for one in arms[1:]),
    )


def _against(
    arm: ArmSum | None, control: ArmSum | None, experiment: Experiment, arms: Sequence[ExperimentArm], is_share: bool
) -> SequenceInterval | None:
    if arm is None or control is None:
        return None
    return difference(arm, control, is_share=is_share, planned=experiment.planned, comparisons=len(arms) - 1)


def limits(experiment: Experiment) -> dict[str, int]:
    """Of each guard that is set, in hundredths of a per cent; 0 is a limit too."""
    found = {
        "refunds": experiment.most_refunds,
        "cancels": experiment.most_cancels,
        "orders": experiment.most_order_loss,
    }
    return {name: limit for name, limit in found.items() if limit is not None}


async def guards(experiment: Experiment, arms: Sequence[ExperimentArm], at: datetime) -> tuple[GuardResult, ...]:
    made = list[GuardResult]()
    for guard, limit in limits(experiment).items():
        standings = await experiment_figures.by_day(experiment.id, guard, experiment_figures.GUARD_DAYS, at)
        last = standings[-1].arms if standings else {}
        for one in arms[1:]:
            arm, control = last.get(one.position, ArmSum()), last.get(0, ArmSum())
            interval = _against(arm, control, experiment, arms, guard in SHARES)
            made.append(
                GuardResult(
                    guard, one.position, arm, control, interval, limit, _is_hurt(guard, interval, control, limit)
                )
            )
    return tuple(made)


def _is_hurt(guard: str, interval: SequenceInterval | None, control: ArmSum, limit: int) -> bool:
    """Of shares: so many points more. Of money: so much of the ordinary's less."""
    if interval is None or not interval.is_certain:
        return False
    if guard in SHARES:
        return interval.middle > 0 and interval.middle * 10_000 > limit
    return interval.middle < 0 and -interval.middle * 10_000 > limit * control.mean
