"""Before an arm is used from now on: what is known of it, and how many members it changes at once."""

from components.experiments import experiment_results
from components.experiments.experiment_arms import ExperimentView
from components.experiments.experiment_decisions import DecisionPreview
from components.experiments.experiment_results import ExperimentResults
from components.foundation import clock
from components.foundation.formatting import number
from web.staff.experiments import experiment_words


async def known(found: ExperimentView, position: int) -> tuple[str, bool]:
    """In words, and whether it is enough to say that the arm is better; of the ordinary nothing is to be known."""
    if not position or not found.row.started_at:
        return "", True
    seen = await experiment_results.results(found.row, found.arms, clock.now())
    words = experiment_words.sentence(
        seen, planned=found.row.planned, least=found.row.least, is_over=bool(found.row.stopped_at)
    )
    if seen.is_mismatched or not seen.has_enough:
        return f"{words} {_counted(seen)}", False
    interval = next((one.interval for one in seen.arms if one.position == position), None)
    return words, bool(interval and interval.is_certain and interval.middle > 0)


def _counted(seen: ExperimentResults) -> str:
    parts = ", ".join(f"“{one.name}” {number(one.counted.people)}" for one in seen.arms)
    return f"Counted so far: {parts}."


def changed(wanted: DecisionPreview) -> str:
    """Of a benefit: how many members get another one at once; who joined in an arm keeps what they were promised."""
    if wanted.plan is None or wanted.benefit_then is None:
        return ""
    many, some = wanted.members, wanted.changed
    if not many:
        return "Nobody is a member on this plan now."
    members = "1 member is" if many == 1 else f"{number(many)} members are"
    if not some:
        they = "They keep" if many == 1 else "All of them keep"
        return f"{members} on this plan now. {they} what they were promised."
    get = "They get it" if many == 1 else "All of them get it"
    if some < many:
        get = "1 of them gets it" if some == 1 else f"{number(some)} of them get it"
    return f"{members} on this plan now. {get} at once and for good, as after a change in the plan editor."
