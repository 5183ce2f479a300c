"""What is told before an experiment starts: how many people it needs, how long that takes here, and what it would show
by then."""

from components.experiments import experiment_checks, sample_sizes
from components.experiments.experiment_checks import ExperimentDraft, planned
from components.experiments.experiment_figures import SHARES
from components.experiments.experiment_traffic import DAYS, ShopTraffic
from components.foundation.formatting import money, number

MONTH = 30.4
LONG, SOON = 180, 91
"""Days after which nobody waits for an answer, and of what is told instead: what could be seen by then."""


def needed(draft: ExperimentDraft, seen: ShopTraffic | None) -> str:
    """How many people it needs, and how long that takes here; said before it starts."""
    people = planned(draft)
    said = (
        f"{beside_joins(draft)}About {number(people)} people must be asked, so that a difference of "
        f"{_least(draft, draft.least)} is found four times in five."
    )
    if seen is None:
        return said
    days, is_kept = sample_sizes.days(people, seen.per_day, draft.days), draft.kind == "offers"
    if days is None:
        did = "cancelled or saw an offer" if is_kept else "ordered or joined with an account"
        return f"{said} Nobody {did} in the last {DAYS} days, so it would never end here."
    did = "members cancelled or saw an offer" if is_kept else "such people ordered or joined"
    rate = f"{number(seen.people)} {did} in the last {DAYS} days"
    lasts = "more than 20 years" if days > 365 * 20 else _lasting(days)
    said = f"{said} {rate}: this shop would need {lasts}."
    return f"{said} {_soon(draft, seen)}" if days > LONG else said


def is_hopeless(draft: ExperimentDraft, seen: ShopTraffic | None) -> bool:
    """Whether nobody would wait for its answer."""
    days = sample_sizes.days(planned(draft), seen.per_day, draft.days) if seen else None
    return seen is not None and (days is None or days > LONG)


def _soon(draft: ExperimentDraft, seen: ShopTraffic) -> str:
    """What could be seen in a time that somebody waits for."""
    asked = int(seen.per_day * max(0, SOON - draft.days))
    least = experiment_checks.visible(draft, asked)
    if least is None:
        return "In 3 months you would see nothing: too few people come. Try something else."
    return (
        f"In 3 months you would see only a difference of {_least(draft, least)} or more. Try something that makes one "
        "as large."
    )


def beside_joins(draft: ExperimentDraft) -> str:
    """Of a price or a benefit that is decided by who joins."""
    if draft.figure != "joined" or draft.kind not in ("price", "benefits"):
        return ""
    what = "At a lower price" if draft.kind == "price" else "For a better benefit"
    return (
        f"{what} more people nearly always join, even where the shop earns less: to know what it earns, decide by fees "
        "and orders. "
    )


def known_base(kind: str, seen: ShopTraffic | None) -> str:
    """What the shop knows of how many join or stay, and what it does not know."""
    if seen is None or seen.base_bp is None:
        return ""
    share = f"{seen.base_bp / 100:.1f} of a hundred"
    if kind == "offers":
        return f"Of {number(seen.people)} members who cancelled or saw an offer in the last {DAYS} days, {share} stay."
    return (
        f"Of {number(seen.people)} people with an account who ordered or joined in the last {DAYS} days, {share} "
        "joined. Whoever only looked at joining comes on top and is not counted here, so enter fewer."
    )


def _least(draft: ExperimentDraft, least: int) -> str:
    return f"{least / 100:g} of a hundred" if draft.figure in SHARES else f"{money(least)} a person"


def _lasting(days: int) -> str:
    if days <= 60:
        return f"{days} days"
    return f"{round(days / MONTH)} months" if days <= 730 else f"about {round(days / 365)} years"
