"""What is kept of plans in memory is what was committed: a change that is undone was never seen by anybody."""

import pytest

from components.experiments import experiment_cache, experiment_decisions, experiments
from components.foundation import database
from components.memberships.editing import plans
from components.memberships.plans import plan_cache, plan_catalogue
from tests.components.experiments import made
from tests.support import make_plans

pytestmark = pytest.mark.usefixtures("db")

FAILS = """
CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room on the disk'; END $$;
CREATE TRIGGER fails BEFORE INSERT ON audit_entry FOR EACH ROW WHEN (NEW.what = 'experiment decided')
EXECUTE FUNCTION fails()"""


async def test_a_price_that_is_undone_was_never_seen() -> None:
    before = await make_plans.club()
    with pytest.raises(ValueError, match="changed my mind"):
        async with database.transaction():
            await plans.revise(before.id, price=4900, by=None)
            assert plan_catalogue.by_slug("annual") == before, "nor is it by those who ask meanwhile"
            raise ValueError("changed my mind")
    assert plan_catalogue.by_slug("annual") == before
    async with database.transaction():
        await plans.revise(before.id, price=4900, by=None)
    assert plan_catalogue.by_slug("annual").price.amount == 4900


async def test_a_decision_that_fails_leaves_prices_and_experiment_as_they_were() -> None:
    """The price is changed inside the decision, which may fail after it: an earlier look at the cache would have sold
    at a price that there is not."""
    plan, by = await make_plans.club(), await made.owner()
    one = await made.started(made.price_draft(plan), by=by)
    for statement in FAILS.split("$$;"):
        await database.execute(statement + ("$$" if "$$ BEGIN" in statement else ""))
    seen, known = plan_cache.current(), experiment_cache.current()
    try:
        with pytest.raises(Exception, match="no room on the disk"):
            await experiment_decisions.decide(one.row.id, 1, by=by)
    finally:
        await database.execute("DROP TRIGGER fails ON audit_entry")
        await database.execute("DROP FUNCTION fails")
    assert plan_cache.current() == seen and experiment_cache.current() == known
    assert plan_catalogue.by_slug("annual").price == plan.price
    assert (await experiments.by_id(one.row.id)).row.state == "running"
