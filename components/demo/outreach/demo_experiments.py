"""Two experiments of Kiln's with words of its plans: one that was decided, and one that runs."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from components.experiments import experiment_cache, experiment_decisions, experiments, exposures
from components.experiments.experiment_checks import ArmDraft, ExperimentDraft
from components.foundation import clock
from components.memberships.plans import plan_catalogue

EARLIER, DECIDED, NOW = 240, 90, 45
"""Days ago: the first began and was decided, the second began."""


async def try_words(today: datetime, came: Sequence[tuple[int, UUID]], *, by: UUID) -> None:
    """Whoever came to the shop in their time, so many days ago, was asked that day."""
    first = await _begun(today - timedelta(days=EARLIER), "First line of Kiln Club", "kiln-club", _FIRST, by=by)
    await _ask(today, [(days, person) for days, person in came if DECIDED < days <= EARLIER])
    with clock.frozen(today - timedelta(days=DECIDED)):
        await experiment_decisions.decide(first, 0, by=by)
    await _begun(today - timedelta(days=NOW), "What the monthly plan says first", "kiln-club-monthly", _SECOND, by=by)
    await _ask(today, [(days, person) for days, person in came if days <= NOW])


_FIRST = "The pots you would buy anyway, for less, and a weekend at the farm."
_SECOND = "Try the club for a month. Leave whenever you like."


async def _begun(at: datetime, name: str, slug: str, words: str, *, by: UUID) -> UUID:
    with clock.frozen(at):
        plan = plan_catalogue.by_slug(slug)
        arms = (ArmDraft("Ordinary", 50), ArmDraft("Plain", 50, words=words))
        made = await experiments.create(
            ExperimentDraft(
                name=name, kind="words", plan=plan.id, base=1_500, least=1_200, most_refunds=500, most_cancels=300,
                arms=arms,
            ),
            by=by,
        )  # fmt: skip
        await experiments.start(made, version=1, by=by)
        await experiment_cache.refresh()
    return made


async def _ask(today: datetime, came: Iterable[tuple[int, UUID]]) -> None:
    for days, person in came:
        await exposures.ask(person, (), today - timedelta(days=days))
