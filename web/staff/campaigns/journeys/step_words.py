"""A journey's steps in words, with how many are at each: the picture on its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from components.campaigns.journeys.journey_conditions import CONDITIONS
from components.campaigns.journeys.journey_progress import SENDS, WORDS, StepCounts
from components.campaigns.journeys.tables import JourneyStep
from components.segments import segments

KINDS = {"wait": "Wait", "condition": "Go on only if", "email": "E-mail"}


@dataclass(frozen=True, slots=True)
class StepLine:
    """`counts`: in words, how many; those of nobody are left out."""

    id: UUID
    kind: str
    title: str
    more: str
    counts: tuple[tuple[str, int], ...]


async def lines(steps: Sequence[JourneyStep], counts: Sequence[StepCounts]) -> tuple[StepLine, ...]:
    names = {one.id: one.name for one in (*await segments.active(), *await segments.archived())}
    return tuple(
        StepLine(step.id, step.kind, _title(step, names), _more(step), _counted(step, counted))
        for step, counted in zip(steps, counts, strict=True)
    )


def _title(step: JourneyStep, names: dict[UUID, str]) -> str:
    if step.kind == "wait":
        return f"Wait {span(step.hours)}"
    if step.kind == "email":
        return f"E-mail: {step.subject}"
    if step.condition == "segment":
        return f"Go on only if they fit the segment “{names.get(step.segment, 'one that is gone')}”"
    return f"Go on only if {CONDITIONS[step.condition][0]}"


def _more(step: JourneyStep) -> str:
    return f"Not later than {span(24 * step.late_days)} after it was due" if step.kind == "email" else ""


def _counted(step: JourneyStep, counted: StepCounts) -> tuple[tuple[str, int], ...]:
    here = (("Wait here" if step.kind == "wait" else "Come to it at the next look", counted.here),)
    sent = tuple((SENDS[one], many) for one, many in counted.sends.items())
    left = tuple((WORDS[one], many) for one, many in counted.left.items())
    return tuple((words, many) for words, many in (*here, *sent, *left) if many)


def span(hours: int) -> str:
    """Days and hours."""
    days, rest = divmod(hours, 24)
    parts = [f"{many} {name}{'' if many == 1 else 's'}" for many, name in ((days, "day"), (rest, "hour")) if many]
    return " and ".join(parts)
