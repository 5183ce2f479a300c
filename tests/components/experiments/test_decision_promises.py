"""Before staff decide they read for how many a lower price still holds: whoever has it already is not counted."""

from datetime import timedelta

from components.experiments import experiment_decisions, experiments
from components.foundation import clock, database
from tests.components.experiments import made
from tests.components.experiments.test_experiment_results import ask
from tests.components.experiments.test_kept_members import subscribed
from tests.support import make_plans


async def test_the_decision_counts_whoever_may_still_join_at_the_promised_price(db: None) -> None:
    draft = made.price_draft(await make_plans.club(), price=3000, promise_days=10)
    experiment = (await made.started(draft, by=await made.owner())).row.id
    people = await ask(experiment, 1, 3)
    until = clock.now() + timedelta(days=10)
    await database.execute("UPDATE experiment_exposure SET promised_until = $1", until)
    await subscribed(people[0])
    left = await subscribed(people[1], ended=-1)
    await database.execute("UPDATE subscription SET status = 'cancelled' WHERE id = $1", left)
    await experiments.stop(experiment, by=None)
    found = await experiment_decisions.preview(await experiments.by_id(experiment), 1)
    assert (found.promised, found.until) == (2, until)
    with clock.frozen(clock.now() + timedelta(days=10, seconds=1)):
        late = await experiment_decisions.preview(await experiments.by_id(experiment), 1)
        assert (late.promised, late.until) == (0, None)
