"""Two experiments of Kiln's with words of its plans: one that was decided, and one that runs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from components.demo.past_customers import KnownCustomer
from components.demo.shop_history import Life
from components.experiments import experiment_cache, experiment_decisions, experiments, exposures
from components.experiments.experiment_checks import ArmDraft, ExperimentDraft
from components.foundation import clock
from components.memberships.plans import plan_catalogue

EARLIER, DECIDED, NOW = 700, 60, 45
"""Days ago: the first began and was decided, the second began. So small a shop asks long: the first was for a large
difference, and was decided once everybody it took had come."""


async def try_words(today: datetime, lives: Iterable[Life], known: KnownCustomer, *, by: UUID) -> None:
    """Whoever came to the shop in their time was asked that day."""
    came = [(life.who.arrives, known.people[life.who.number].person_id) for life in lives]
    first = await _begun(
        today - timedelta(days=EARLIER), "First line of Kiln Club", "kiln-club", _FIRST, by=by, base=3_000, least=2_500
    )
    await _ask(today, [(days, person) for days, person in came if DECIDED < days <= EARLIER])
    with clock.frozen(today - timedelta(days=DECIDED)):
        await experiment_decisions.decide(first, 0, by=by)
    await _begun(
        today - timedelta(days=NOW), "What the monthly plan says first", "kiln-club-monthly", _SECOND, by=by,
        base=2_000, least=2_500,
    )  # fmt: skip
    await _ask(today, [(days, person) for days, person in came if days <= NOW])


_FIRST = "The pots you would buy anyway, for less, and a weekend at the farm."
_SECOND = "Try the club for a month. Leave whenever you like."


async def _begun(at: datetime, name: str, slug: str, words: str, *, by: UUID, base: int, least: int) -> UUID:
    with clock.frozen(at):
        plan = plan_catalogue.by_slug(slug)
        arms = (ArmDraft("Ordinary", 50), ArmDraft("Plain", 50, words=words))
        made = await experiments.create(
            ExperimentDraft(
                name=name, kind="words", plan=plan.id, base=base, least=least, most_refunds=500, most_cancels=300,
                arms=arms,
            ),
            by=by,
        )  # fmt: skip
        await experiments.start(made, version=1, by=by)
        await experiment_cache.refresh()
    return made


async def _ask(today: datetime, came: Iterable[tuple[int, UUID | None]]) -> None:
    for days, person in came:
        at = today - timedelta(days=days)
        if person is not None:
            await exposures.ask(person, (), at)
