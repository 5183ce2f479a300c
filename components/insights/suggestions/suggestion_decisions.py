"""What staff decide about a suggestion: later, never, done, or to try it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.foundation import audit, clock, database, ids
from components.foundation.refusals import Conflict, Refusal
from components.insights.suggestions import suggestion_acts, suggestions
from components.insights.suggestions.suggestion_acts import TRIED
from components.insights.suggestions.suggestions import SuggestionView
from components.insights.suggestions.tables import Suggestion, SuggestionDecision

LONGEST_REASON = 500
SNOOZES = (30, 90, 180)


class NotOpen(Conflict):
    message = "This has been decided already. Reopen it first."


class IsOpen(Conflict):
    message = "This suggestion is open already."


class ReasonNeeded(Refusal):
    message = "Say why, so that whoever looks next time knows."


async def dismiss(id: UUID, *, reason: str, by: UUID) -> None:
    """Raises `ReasonNeeded`, `NotOpen`."""
    if not reason.strip():
        raise ReasonNeeded
    await _decide(id, "dismissed", by=by, reason=reason.strip()[:LONGEST_REASON])


async def snooze(id: UUID, *, until: datetime, by: UUID) -> None:
    await _decide(id, "snoozed", by=by, until=until)


async def complete(id: UUID, *, by: UUID) -> None:
    await _decide(id, "done", by=by)


async def reopen(id: UUID, *, by: UUID) -> None:
    await _decide(id, "open", by=by)


async def _decide(id: UUID, state: str, *, by: UUID, reason: str = "", until: datetime | None = None) -> None:
    async with database.transaction():
        await database.locked(Suggestion, Suggestion.id == id)
        before = await suggestions.by_id(id)
        is_decided = before.shown in ("dismissed", "done", "snoozed")
        if state == "open" and not (is_decided or before.shown == TRIED):
            raise IsOpen
        if state != "open" and is_decided:
            raise NotOpen
        decided: dict[Column | str, Any] = {Suggestion.state: state, Suggestion.snoozed_until: until}
        await Suggestion.update(decided).where(Suggestion.id == id)
        await SuggestionDecision.insert(
            SuggestionDecision(
                id=ids.new(), suggestion=id, state=state, reason=reason, until=until, by=by, at=clock.now()
            )
        )
        after = {"state": state} | ({"reason": reason} if reason else {})
        await audit.record(by, "suggestion decided", "suggestion", id, before={"state": before.shown}, after=after)


async def try_out(id: UUID, *, by: UUID) -> SuggestionView:
    """Its draft is opened: what is saved from it is told from then on."""
    one = await suggestions.by_id(id)
    await suggestion_acts.opened(id, one.sentence, by=by)
    return one
