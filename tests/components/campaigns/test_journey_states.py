"""Every action on a journey in every state, as docs/journeys.md has it: done where it may be, and only there."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest

from components.campaigns import campaign_previews
from components.campaigns.journeys import journey_entering, journey_walking, journeys, step_editing
from components.campaigns.journeys.journey_emails import words_of
from components.campaigns.journeys.journey_locks import JourneyChanged
from components.campaigns.journeys.journey_paths import steps_of
from components.campaigns.journeys.journey_states import MAY, STATES, JourneyNotInThisState
from components.campaigns.journeys.journeys import JourneyDraft, JourneyNotReady
from components.campaigns.journeys.ready_made import ReadyStep
from components.campaigns.journeys.step_editing import TooManySteps
from components.campaigns.journeys.tables import Journey
from components.foundation import database
from tests.components.campaigns import made, walked

DOCS = Path(__file__).parents[3] / "docs" / "journeys.md"
WAIT = ReadyStep(kind="wait", hours=5)
DRAFT = JourneyDraft(name="Other", entry="lapsed", days=3)
Act = Callable[[Journey, UUID], Awaitable[object]]
ACTS: dict[str, Act] = {
    "edit": lambda one, by: journeys.edit(one.id, DRAFT, version=one.version, by=by),
    "steps": lambda one, by: step_editing.add(one.id, WAIT, version=one.version, by=by),
    "delete": lambda one, by: journeys.delete(one.id, by=by),
    "start": lambda one, by: journeys.start(one.id, by=by),
    "pause": lambda one, by: journeys.pause(one.id, by=by),
    "resume": lambda one, by: journeys.resume(one.id, by=by),
    "end": lambda one, by: journeys.end(one.id, by=by),
    "enter": lambda one, by: journey_entering.enter_lot(one.id),
    "walk": lambda one, by: journey_walking.walk(str(one.id)),
    "copy": lambda one, by: journeys.copy(one.id, by=by),
    "preview": lambda one, by: _preview(one),
    "test": lambda one, by: _test(one, by),
}
AFTER = {"start": "running", "pause": "paused", "resume": "running", "end": "ended"}
BY_CLOCK = ("enter", "walk")


async def _preview(one: Journey) -> object:
    (step,) = [step for step in await steps_of(one.id) if step.kind == "email"]
    return await campaign_previews.made_up(words_of(one, step))


async def _test(one: Journey, by: UUID) -> None:
    (step,) = [step for step in await steps_of(one.id) if step.kind == "email"]
    await campaign_previews.send_to_oneself(await campaign_previews.made_up(words_of(one, step)), by=by)


async def in_state(state: str, by: UUID) -> Journey:
    one = await journeys.create("birthday", by=by)
    if state != "draft":
        await journeys.start(one.id, by=by)
    if state == "paused":
        await journeys.pause(one.id, by=by)
    if state == "ended":
        await journeys.end(one.id, by=by)
    found = await journeys.by_id(one.id)
    assert found.state == state
    return found


def test_the_table_in_the_docs_is_the_one_that_is_used() -> None:
    lines = re.findall(r"^\| (\w+) \|((?: (?:yes|–) \|){4})$", DOCS.read_text("utf-8"), re.M)
    told = {
        action: frozenset(state for state, cell in zip(STATES, cells.split("|"), strict=False) if cell.strip() == "yes")
        for action, cells in lines
    }
    assert told == MAY and set(ACTS) == set(MAY)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", MAY)
async def test_each_action_on_a_journey_in_each_state(db: None, state: str, action: str) -> None:
    owner = await made.owner()
    one = await in_state(state, owner)
    await walked.somebody_is_to_enter_and_somebody_is_due(one)
    before = await walked.everything(one)
    if state in MAY[action] or action in BY_CLOCK:
        await ACTS[action](one, owner)
    else:
        with pytest.raises(JourneyNotInThisState) as refused:
            await ACTS[action](one, owner)
        assert refused.value.status == 409 and STATES[state].lower() in str(refused.value)
    after = await walked.everything(one)
    if state not in MAY[action]:
        assert after == before
    elif action in AFTER:
        assert (await journeys.by_id(one.id)).state == AFTER[action]
    elif action == "delete":
        assert not await Journey.exists().where(Journey.id == one.id)
    elif action in ("copy", "preview", "test"):
        assert after == before
    else:
        assert after != before


async def test_of_two_who_change_a_journey_the_second_is_told(db: None) -> None:
    owner = await made.owner()
    one = await journeys.create("lapsed", by=owner)
    await step_editing.add(one.id, WAIT, version=1, by=owner)
    (first, *_) = await steps_of(one.id)
    for late in (
        journeys.edit(one.id, DRAFT, version=1, by=owner),
        step_editing.add(one.id, WAIT, version=1, by=owner),
        step_editing.change(one.id, first.id, WAIT, version=1, by=owner),
        step_editing.move(one.id, first.id, up=1, version=1, by=owner),
        step_editing.remove(one.id, first.id, version=1, by=owner),
    ):
        with pytest.raises(JourneyChanged):
            await late
    assert len(await steps_of(one.id)) == 5 and (await journeys.by_id(one.id)).name == "The membership ended"


async def test_what_could_do_nothing_or_say_nothing_is_not_started(db: None) -> None:
    owner = await made.owner()
    one = await journeys.create("birthday", by=owner)
    (step,) = await steps_of(one.id)
    await step_editing.change(
        one.id, step.id, ReadyStep(kind="email", subject="{surname}", body="x"), version=1, by=owner
    )
    with pytest.raises(JourneyNotReady, match=r"Step 1: There is no placeholder \{surname\}"):
        await journeys.start(one.id, by=owner)
    await step_editing.remove(one.id, step.id, version=2, by=owner)
    with pytest.raises(JourneyNotReady, match="Add an e-mail first"):
        await journeys.start(one.id, by=owner)
    for number in range(step_editing.MOST):
        await step_editing.add(one.id, WAIT, version=3 + number, by=owner)
    with pytest.raises(TooManySteps):
        await step_editing.add(one.id, WAIT, version=3 + step_editing.MOST, by=owner)
    assert await database.fetch_value("SELECT state FROM journey") == "draft"
