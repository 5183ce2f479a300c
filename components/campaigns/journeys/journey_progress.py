"""Where everybody of a journey is: how many wait at each step, had its e-mail, went on without it, or left, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from components.campaigns import campaign_delivery
from components.campaigns.journeys.tables import JourneyStep
from components.foundation import database

WORDS = {
    "finished": "Came to the end",
    "unfit": "Left: what began it was no longer so",
    "condition": "Left: the condition did not hold",
    "withdrawn": "Left: unsubscribed, or changed to an address that has not agreed",
    "unreachable": "Left: e-mails to them come back",
    "forgotten": "Left: their data was deleted",
}
SENDS = {
    "written": "Written",
    "late": "Went on without it: too late",
    "capped": "Went on without it: they had enough marketing e-mails lately",
    "failed": "Went on without it: the e-mail could not be made",
}


@dataclass(frozen=True, slots=True)
class StepCounts:
    """`here` wait at it. `sends` and `left`: by outcome."""

    here: int = 0
    sends: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JourneyProgress:
    entered: int
    held_out: int
    under_way: int
    finished: int
    left_elsewhere: dict[str, int]
    not_handed_over: int
    steps: tuple[StepCounts, ...]


async def progress(journey_id: UUID, steps: Sequence[JourneyStep]) -> JourneyProgress:
    """`left_elsewhere`: at steps that are not there any more."""
    rows = await database.fetch_rows(_ENTRIES, journey_id)
    sends = await database.fetch_rows(_SENDS, [one.id for one in steps])
    at = {one.id: StepCounts() for one in steps}
    elsewhere: dict[str, int] = {}
    for step, outcome, many in sends:
        at[step].sends[outcome] = many
    here: dict[UUID, int] = {}
    for step, outcome, is_holdout, many in rows:
        if is_holdout or outcome == "finished":
            continue
        if not outcome:
            here[step] = many
        elif step in at:
            at[step].left[outcome] = many
        else:
            elsewhere[outcome] = elsewhere.get(outcome, 0) + many
    return JourneyProgress(
        entered=sum(many for *_, many in rows),
        held_out=sum(many for *_, is_holdout, many in rows if is_holdout),
        under_way=sum(many for _, outcome, is_holdout, many in rows if not outcome and not is_holdout),
        finished=sum(many for _, outcome, _, many in rows if outcome == "finished"),
        left_elsewhere=elsewhere,
        not_handed_over=await campaign_delivery.waiting(journey_id=str(journey_id)),
        steps=tuple(StepCounts(here.get(one.id, 0), at[one.id].sends, at[one.id].left) for one in steps),
    )


_ENTRIES = """
SELECT step, outcome, is_holdout, count(*) FROM journey_entry WHERE journey = $1 GROUP BY step, outcome, is_holdout"""
_SENDS = "SELECT step, outcome, count(*) FROM journey_send WHERE step = ANY($1) GROUP BY step, outcome"
