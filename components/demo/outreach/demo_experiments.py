"""An experiment of Kiln's with the words of a plan, on its way: so small a shop asks long, for a large difference."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from components.demo.generator.copied_blocks import CopiedBlocks, RowIds
from components.experiments import arm_hash, experiment_cache, experiments
from components.experiments.experiment_checks import ArmDraft, ExperimentDraft
from components.foundation import clock
from components.memberships.plans import plan_catalogue

BEGAN = 400
"""Days ago."""
_WORDS = "The pots you would buy anyway, for less, and a weekend at the farm."


async def try_words(today: datetime, came: Sequence[tuple[int, UUID]], *, by: UUID) -> None:
    """Whoever came to the shop in their time, so many days ago, was asked that day."""
    await _begin(today - timedelta(days=BEGAN), by=by)
    await _ask(today, [(days, person) for days, person in came if days <= BEGAN])


async def _begin(at: datetime, *, by: UUID) -> None:
    with clock.frozen(at):
        plan = plan_catalogue.by_slug("kiln-club")
        arms = (ArmDraft("Ordinary", 50), ArmDraft("Plain", 50, words=_WORDS))
        made = await experiments.create(
            ExperimentDraft(
                name="First line of Kiln Club", kind="words", plan=plan.id, base=3_000, least=2_500, most_refunds=500,
                most_cancels=300, arms=arms,
            ),
            by=by,
        )  # fmt: skip
        await experiments.start(made, version=1, by=by)
        await experiment_cache.refresh()


async def _ask(today: datetime, came: Sequence[tuple[int, UUID]]) -> None:
    """All are put in their arms in one step."""
    (running,), blocks, ids = experiment_cache.current(), CopiedBlocks(), RowIds(BEGAN)
    for days, person in came:
        at = today - timedelta(days=days)
        blocks.add(
            "experiment_exposure", id=ids.at(int(at.timestamp())), experiment=running.id, person=person,
            arm=arm_hash.arm_of(running.id, person, running.shares), first_at=at,
        )  # fmt: skip
    await blocks.flush()
