"""Every action in every state, as the table of docs/experiments.md has it: done where it may be, and nothing else."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest

from components.experiments import experiment_cache, experiment_decisions, experiments, exposures
from components.experiments.experiment_arms import ExperimentView
from components.experiments.experiment_checks import KINDS
from components.experiments.experiment_states import MAY, STATES, NotInThisExperimentState
from components.experiments.experiments import ExperimentChanged
from components.foundation import clock, database, ids
from components.foundation.refusals import Refusal
from components.memberships.keeping_members.offer_terms import OfferTerms
from tests.components.experiments import made
from tests.support import make_plans

DOCS = Path(__file__).parents[3] / "docs" / "experiments.md"
Act = Callable[[ExperimentView, UUID], Awaitable[object]]
ACTS: dict[str, Act] = {
    "edit": lambda one, by: experiments.edit(one.row.id, one.draft, version=one.row.version, by=by),
    "delete": lambda one, by: experiments.delete(one.row.id, by=by),
    "start": lambda one, by: experiments.start(one.row.id, version=one.row.version, by=by),
    "stop": lambda one, by: experiments.stop(one.row.id, by=by),
    "decide": lambda one, by: experiment_decisions.decide(one.row.id, 1, by=by),
    "copy": lambda one, by: experiments.copy(one.row.id, by=by),
}
AFTER = {"start": "running", "stop": "stopped", "decide": "decided"}


async def in_state(state: str, by: UUID, kind: str = "price") -> ExperimentView:
    plan = await make_plans.club()
    drafts = {"price": made.price_draft, "words": made.words_draft}
    draft = drafts[kind](plan) if kind in drafts else made.offers_draft()
    if kind == "benefits":
        draft = await made.benefits_draft(plan)
    one = await experiments.create(draft, by=by)
    if state != "draft":
        await experiments.start(one, version=1, by=by)
    if state == "stopped":
        await experiments.stop(one, by=by)
    if state == "decided":
        await experiment_decisions.decide(one, 0, by=by)
    found = await experiments.by_id(one)
    assert found.row.state == state
    return found


def test_the_table_in_the_docs_is_the_one_that_is_used() -> None:
    lines = re.findall(r"^\| (\w+) \|((?: (?:yes|–) \|){4})$", DOCS.read_text("utf-8"), re.M)
    told = {
        action: frozenset(state for state, cell in zip(STATES, cells.split("|"), strict=False) if cell.strip() == "yes")
        for action, cells in lines
    }
    assert told == MAY
    assert set(ACTS) == set(MAY) - {"ask", "results"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", ACTS)
async def test_each_cell(db: None, action: str, state: str, kind: str) -> None:
    by = await made.owner()
    one = await in_state(state, by, kind)
    counted = "SELECT (SELECT count(*) FROM plan_version) + (SELECT count(*) FROM save_offer WHERE ended_at IS NULL)"
    versions = await database.fetch_value(counted)
    if state not in MAY[action]:
        with pytest.raises(NotInThisExperimentState) as refused:
            await ACTS[action](one, by)
        assert refused.value.status == 409 and STATES[state].lower() in str(refused.value)
        assert (await experiments.by_id(one.row.id)).row.state == state
        assert await database.fetch_value(counted) == versions
        return
    await ACTS[action](one, by)
    if action == "delete":
        with pytest.raises(Refusal):
            await experiments.by_id(one.row.id)
        return
    after = (await experiments.by_id(one.row.id)).row.state
    assert after == AFTER.get(action, state)


@pytest.mark.parametrize("state", STATES)
async def test_somebody_is_asked_only_while_it_runs(db: None, state: str) -> None:
    one = await in_state(state, await made.owner())
    await experiment_cache.refresh()
    await exposures.ask(ids.new(), (), clock.now())
    asked = await database.fetch_value("SELECT count(*) FROM experiment_exposure WHERE experiment = $1", one.row.id)
    assert asked == (state in MAY["ask"])


async def test_one_runs_for_a_reason(db: None) -> None:
    by = await made.owner()
    await made.started(made.offers_draft(), by=by)
    second = await experiments.create(made.offers_draft(OfferTerms("pause")), by=by)
    with pytest.raises(experiments.RunsAlready, match="for this reason"):
        await experiments.start(second, version=1, by=by)
    assert await database.fetch_value("SELECT count(*) FROM save_offer") == 1, "no offer is left behind"
    await made.started(made.offers_draft(reason="use"), by=by)


async def test_what_was_stopped_in_another_process_writes_nobody_down(db: None) -> None:
    """This process has not heard of it yet."""
    one = await in_state("running", await made.owner())
    await database.execute("UPDATE experiment SET state = 'stopped', stopped_at = now() WHERE id = $1", one.row.id)
    (mine,) = await exposures.ask(ids.new(), (), clock.now())
    assert mine.arm == 0 and not mine.promised_until
    assert not await database.fetch_value("SELECT count(*) FROM experiment_exposure")


async def test_of_two_who_edit_it_the_second_is_told(db: None) -> None:
    by = await made.owner()
    one = await in_state("draft", by)
    await experiments.edit(one.row.id, one.draft, version=1, by=by)
    with pytest.raises(ExperimentChanged):
        await experiments.edit(one.row.id, one.draft, version=1, by=by)
    with pytest.raises(ExperimentChanged):
        await experiments.start(one.row.id, version=1, by=by)


async def test_one_of_a_kind_runs_on_a_plan(db: None) -> None:
    by = await made.owner()
    plan = await make_plans.club()
    await made.started(made.price_draft(plan), by=by)
    second = await experiments.create(made.price_draft(plan, price=2000), by=by)
    with pytest.raises(experiments.RunsAlready):
        await experiments.start(second, version=1, by=by)
    assert await database.fetch_value("SELECT count(*) FROM plan_version") == 2, "no price is left behind"
    await made.started(made.words_draft(plan), by=by)
