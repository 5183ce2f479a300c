"""Journeys: made, changed, started, paused, resumed and ended by staff."""

import re
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.campaigns import campaign_delivery
from components.campaigns.journeys import journey_locks, journey_reach, step_editing
from components.campaigns.journeys.journey_occasions import OCCASIONS
from components.campaigns.journeys.journey_paths import steps_of
from components.campaigns.journeys.ready_made import READY, ReadyStep
from components.campaigns.journeys.tables import Journey, JourneyStep
from components.foundation import audit, clock, database, ids, paging
from components.foundation.refusals import NotFound, Refusal

PAGE = 50
_NO_TAG = re.compile(r"[^a-z0-9]+")


ON_ONE_DAY = "It begins on one day, so that nobody is there already. Start it without them."


class JourneyNotReady(Refusal):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyDraft:
    """What staff write, apart from its steps."""

    name: str
    entry: str
    days: int = 0
    kind: str = "news"
    segment: UUID | None = None
    holdout: int = 0


@dataclass(frozen=True, slots=True)
class JourneyListPage:
    journeys: tuple[Journey, ...]
    page: int
    pages: int


async def page(number: int = 1) -> JourneyListPage:
    """The newest first."""
    total = int(await Journey.count())
    number = paging.within(number, total, PAGE)
    rows = Journey.objects().order_by(Journey.created_at, Journey.id, ascending=False)
    found = await rows.limit(PAGE).offset((number - 1) * PAGE)
    return JourneyListPage(tuple(found), number, paging.last(total, PAGE))


async def by_id(journey_id: UUID) -> Journey:
    """Raises `NotFound`."""
    found = await Journey.objects().where(Journey.id == journey_id).first()
    if found is None:
        raise NotFound("There is no such journey.")
    return found


async def asking(segment_id: UUID) -> list[Journey]:
    """Those that have not ended and ask this segment, at the beginning or at a step."""
    steps = JourneyStep.select(JourneyStep.journey).where(
        JourneyStep.segment == segment_id, JourneyStep.removed_at.is_null()
    )
    inside = [row["journey"] for row in await steps]
    asks = (Journey.segment == segment_id) | Journey.id.is_in(inside) if inside else Journey.segment == segment_id
    return await Journey.objects().where(asks & (Journey.state != "ended")).order_by(Journey.created_at)


async def create(entry: str, *, by: UUID) -> Journey:
    """A draft with the words and steps that are ready for this beginning; numbered where its name is taken."""
    ready = READY[entry]
    draft = JourneyDraft(
        name=await _free_name(OCCASIONS[entry].title), entry=entry, days=OCCASIONS[entry].usual, holdout=10
    )
    return await _make(draft, ready, by=by)


async def _free_name(wanted: str) -> str:
    """With a number after it if a journey is called so that has not ended."""
    called = Journey.select(Journey.name).where((Journey.state != "ended") & Journey.name.like(f"{wanted}%"))
    taken, number, name = {row["name"] for row in await called}, 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted} {number}"
    return name


async def copy(journey_id: UUID, *, by: UUID) -> Journey:
    """A new draft with the same steps."""
    found = await by_id(journey_id)
    draft = JourneyDraft(
        name=f"{found.name[:110]} (copy)", entry=found.entry, days=found.days, kind=found.kind, segment=found.segment,
        holdout=found.holdout,
    )  # fmt: skip
    return await _make(draft, [ReadyStep.of(one) for one in await steps_of(journey_id)], by=by)


async def _make(draft: JourneyDraft, steps: list[ReadyStep], *, by: UUID) -> Journey:
    row = Journey(id=ids.new(), created_at=clock.now(), created_by=by, **_values(draft))
    async with database.transaction():
        await Journey.insert(row)
        for number, step in enumerate(steps):
            await JourneyStep.insert(JourneyStep(id=ids.new(), journey=row.id, position=number, **asdict(step)))
        await audit.record(by, "journey made", "journey", row.id, after={"name": row.name})
    return row


async def edit(journey_id: UUID, draft: JourneyDraft, *, version: int, by: UUID) -> None:
    """Raises `NotFound`, `JourneyNotInThisState`, `JourneyChanged`."""
    async with database.transaction():
        found = await journey_locks.take(journey_id, "edit", version=version)
        values: dict[Column | str, Any] = dict(_values(draft).items())
        changed = sorted(str(name) for name, value in values.items() if getattr(found, str(name)) != value)
        if changed:
            await found.update_self({**values, "version": version + 1})
            await audit.record(by, "journey changed", "journey", journey_id, after={"changed": changed})


async def delete(journey_id: UUID, *, by: UUID) -> None:
    """Raises `NotFound`, `JourneyNotInThisState`."""
    async with database.transaction():
        found = await journey_locks.take(journey_id, "delete")
        await Journey.delete().where(Journey.id == journey_id)
        await audit.record(by, "journey deleted", "journey", journey_id, before={"name": found.name})


async def start(journey_id: UUID, *, by: UUID) -> None:
    """From now on people enter. Raises `NotFound`, `JourneyNotInThisState`, `JourneyNotReady`."""
    await _run(journey_id, "start", by=by)


async def start_with_all(journey_id: UUID, *, by: UUID, version: int | None = None) -> None:
    """Whoever is in the state that begins it enters too, now. Raises as `start` does; with the `version` that somebody
    was asked about also `JourneyChanged`."""
    await _run(journey_id, "start", by=by, version=version, lets_in=True)


async def resume(journey_id: UUID, *, by: UUID) -> None:
    """Those on their way go on; nobody enters for what happened meanwhile. Raises as `start` does."""
    await _run(journey_id, "resume", by=by)
    await campaign_delivery.wake(journey_id=str(journey_id))


async def _run(journey_id: UUID, action: str, *, by: UUID, version: int | None = None, **changes: Any) -> None:
    async with database.transaction():
        found = await journey_locks.take(journey_id, action, version=version)
        if changes.get("lets_in") and not journey_reach.may_let_in(found):
            raise JourneyNotReady(ON_ONE_DAY)
        if words := await step_editing.trouble(found):
            raise JourneyNotReady(words)
        values: dict[Column | str, Any] = {"state": "running", "running_since": clock.now(), "trouble": ""}
        values.update(changes.items())
        await found.update_self(values)
        await audit.record(by, _AUDITED[action], "journey", journey_id, after=changes)


async def pause(journey_id: UUID, *, by: UUID) -> None:
    """Nobody enters or goes on; what is being handed over now is still sent. Raises as `delete` does."""
    await _change(journey_id, "pause", {"state": "paused"}, by=by)


async def end(journey_id: UUID, *, by: UUID) -> None:
    """For good: those on their way get nothing more. Raises as `delete` does."""
    await _change(journey_id, "end", {"state": "ended", "ended_at": clock.now(), "trouble": ""}, by=by)
    await campaign_delivery.wake(journey_id=str(journey_id))


async def _change(journey_id: UUID, action: str, values: dict[Column | str, Any], *, by: UUID) -> None:
    async with database.transaction():
        found = await journey_locks.take(journey_id, action)
        await found.update_self(values)
        await audit.record(by, _AUDITED[action], "journey", journey_id)


_AUDITED = {
    "start": "journey started",
    "pause": "journey paused",
    "resume": "journey resumed",
    "end": "journey ended",
}


def _values(draft: JourneyDraft) -> dict[str, Any]:
    days = draft.days if OCCASIONS[draft.entry].days_label else 0
    return asdict(draft) | {
        "days": days,
        "tag": _NO_TAG.sub("-", draft.name.lower()).strip("-")[:60] or "journey",
    }
