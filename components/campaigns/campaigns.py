"""Campaigns: made, changed, scheduled, stopped and resumed by staff."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.campaigns import audience, campaign_delivery, campaign_email, campaign_states
from components.campaigns.tables import Campaign
from components.foundation import audit, clock, database, ids, paging
from components.foundation.refusals import NotFound, Refusal

PAGE = 50
_NO_TAG = re.compile(r"[^a-z0-9]+")


class CampaignChanged(Refusal):
    message = "Someone else changed this campaign meanwhile. Nothing was saved: please look at it again."
    status = 409


class NotReady(Refusal):
    """`troubles`: what is wrong with which field."""

    def __init__(self, troubles: dict[str, str]) -> None:
        super().__init__(next(iter(troubles.values())))
        self.troubles = troubles


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignDraft:
    """What staff write."""

    name: str
    kind: str = "news"
    segment: UUID | None = None
    subject: str = ""
    preheader: str = ""
    body: str = ""
    link: str = ""
    holdout: int = 0
    per_minute: int = 600


@dataclass(frozen=True, slots=True)
class CampaignListPage:
    campaigns: tuple[Campaign, ...]
    page: int
    pages: int


async def page(number: int = 1) -> CampaignListPage:
    """The newest first."""
    total = int(await Campaign.count())
    number = paging.within(number, total, PAGE)
    rows = Campaign.objects().order_by(Campaign.created_at, Campaign.id, ascending=False)
    found = await rows.limit(PAGE).offset((number - 1) * PAGE)
    return CampaignListPage(tuple(found), number, paging.last(total, PAGE))


async def not_fixed(segment_id: UUID) -> list[Campaign]:
    """Those for a segment whose recipients are not all fixed yet, the newest first: drafts, scheduled ones, and such as
    have begun and are still writing them down."""
    is_theirs = (Campaign.segment == segment_id) & Campaign.fixed_at.is_null() & Campaign.ended_at.is_null()
    return await Campaign.objects().where(is_theirs).order_by(Campaign.created_at, Campaign.id, ascending=False)


async def by_id(campaign_id: UUID) -> Campaign:
    """Raises `NotFound`."""
    found = await Campaign.objects().where(Campaign.id == campaign_id).first()
    if found is None:
        raise NotFound("There is no such campaign.")
    return found


async def create(draft: CampaignDraft, *, by: UUID) -> Campaign:
    row = Campaign(id=ids.new(), created_at=clock.now(), created_by=by, **_values(draft))
    async with database.transaction():
        await Campaign.insert(row)
        await audit.record(by, "campaign made", "campaign", row.id, after={"name": row.name})
    return row


async def copy(campaign_id: UUID, *, by: UUID) -> Campaign:
    """A new draft that says the same to the same people."""
    found = await by_id(campaign_id)
    return await create(
        CampaignDraft(
            name=f"{found.name[:110]} (copy)", kind=found.kind, segment=found.segment, subject=found.subject,
            preheader=found.preheader, body=found.body, link=found.link, holdout=found.holdout,
            per_minute=found.per_minute,
        ),
        by=by,
    )  # fmt: skip


async def edit(campaign_id: UUID, draft: CampaignDraft, *, version: int, by: UUID) -> None:
    """Raises `NotFound`, `NotInThisState`, `CampaignChanged`."""
    async with database.transaction():
        found = await _locked(campaign_id, "edit")
        if found.version != version:
            raise CampaignChanged
        values: dict[Column | str, Any] = dict(_values(draft).items())
        changed = sorted(str(name) for name, value in values.items() if getattr(found, str(name)) != value)
        if changed:
            await found.update_self({**values, "version": version + 1, "trouble": ""})
            await audit.record(by, "campaign changed", "campaign", campaign_id, after={"changed": changed})


async def delete(campaign_id: UUID, *, by: UUID) -> None:
    """Raises `NotFound`, `NotInThisState`."""
    async with database.transaction():
        found = await _locked(campaign_id, "delete")
        await Campaign.delete().where(Campaign.id == campaign_id)
        await audit.record(by, "campaign deleted", "campaign", campaign_id, before={"name": found.name})


async def schedule(campaign_id: UUID, *, at: datetime, version: int, by: UUID) -> None:
    """It starts by itself then, at once if that is past; who gets it is decided then.

    Raises `NotFound`, `NotInThisState`, `CampaignChanged`, `NotReady`.
    """
    found = await by_id(campaign_id)
    troubles = await campaign_email.troubles(campaign_email.words_of(found))
    if words := await audience.trouble(found):
        troubles["segment"] = words
    if troubles:
        raise NotReady(troubles)
    async with database.transaction():
        found = await _locked(campaign_id, "schedule")
        if found.version != version:
            raise CampaignChanged
        at = max(at, clock.now())
        await found.update_self({"state": "scheduled", "scheduled_at": at, "trouble": ""})
        await audit.record(by, "campaign scheduled", "campaign", campaign_id, after={"at": at.isoformat()})


async def unschedule(campaign_id: UUID, *, by: UUID) -> None:
    """A draft again. Raises `NotFound`, `NotInThisState`."""
    await _change(campaign_id, "unschedule", lambda _: {"state": "draft", "scheduled_at": None}, by=by)


async def stop(campaign_id: UUID, *, by: UUID) -> None:
    """What is being handed over at this moment is still sent. Raises `NotFound`, `NotInThisState`."""
    await _change(campaign_id, "stop", lambda _: {"state": "stopped"}, by=by)


async def resume(campaign_id: UUID, *, by: UUID) -> None:
    """To those who have not had it. Raises `NotFound`, `NotInThisState`."""
    await _change(campaign_id, "resume", lambda _: {"state": "sending", "trouble": ""}, by=by)
    await campaign_delivery.wake(campaign_id=str(campaign_id))


async def close(campaign_id: UUID, *, by: UUID) -> None:
    """Nobody else gets it. Raises `NotFound`, `NotInThisState`."""
    await _change(campaign_id, "close", lambda _: {"state": "sent", "ended_at": clock.now()}, by=by)
    await campaign_delivery.wake(campaign_id=str(campaign_id))


async def _change(
    campaign_id: UUID, action: str, change: Callable[[Campaign], dict[Column | str, Any]], *, by: UUID
) -> None:
    async with database.transaction():
        found = await _locked(campaign_id, action)
        await found.update_self(change(found))
        await audit.record(by, _AUDITED[action], "campaign", campaign_id)


_AUDITED = {
    "unschedule": "campaign not scheduled any more",
    "stop": "campaign stopped",
    "resume": "campaign resumed",
    "close": "campaign closed",
}


async def _locked(campaign_id: UUID, action: str) -> Campaign:
    found = await database.locked(Campaign, Campaign.id == campaign_id)
    if found is None:
        raise NotFound("There is no such campaign.")
    campaign_states.refuse_unless(found, action)
    return found


def _values(draft: CampaignDraft) -> dict[str, Any]:
    return asdict(draft) | {"tag": _NO_TAG.sub("-", draft.name.lower()).strip("-")[:60] or "campaign"}
