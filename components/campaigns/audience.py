"""Who gets a campaign: those who agreed to its kind, of its segment if it has one. Guests are in no segment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from components.campaigns.tables import Campaign
from components.foundation import clock, database, json
from components.foundation.database import time_limits
from components.foundation.refusals import NotFound, Refusal
from components.segments import segments

EVERYBODY = "Everybody who agreed"
FIXED_AT_ONCE = 20_000
"""So many are written down by one statement: killed, it has lost no more than that."""


async def choices() -> tuple[tuple[str, str], ...]:
    """The segments to choose from."""
    return tuple((str(one.id), one.name) for one in await segments.active())


async def sentence(segment_id: UUID | None) -> str:
    """Who they are, in words."""
    if segment_id is None:
        return f"{EVERYBODY}."
    try:
        return (await segments.by_id(segment_id)).sentence
    except NotFound:
        return "The segment is not there any more."


async def sentence_of(campaign: Campaign) -> str:
    """Who gets it, in words; once it has begun, by the rules it began with."""
    if not campaign.rules:
        return await sentence(campaign.segment or None)
    try:
        return segments.sentence(json.load(campaign.rules))
    except Refusal:
        return "The rules it began with can no longer be read."


async def trouble(campaign: Campaign) -> str:
    """Why nobody can be chosen, in words; "" where they can."""
    begun = json.load(campaign.rules) if campaign.rules else None
    return await trouble_of(campaign.segment, begun=begun) if campaign.segment else ""


async def trouble_of(segment_id: UUID, *, begun: Mapping[str, Any] | None = None) -> str:
    """The same of one segment, or of the rules that somebody has `begun` with."""
    try:
        found = await segments.by_id(segment_id)
    except NotFound:
        return "The segment is not there any more. Choose another."
    if found.archived_at:
        return "The segment is archived. Choose another, or bring it back."
    try:
        segments.compiled(begun or found.rules)
    except Refusal:
        return "The segment’s rules no longer hold. Mend them, or choose another."
    return ""


async def rules(segment_id: UUID) -> Mapping[str, Any]:
    """Raises `Refusal` where it is gone, archived or no longer holds."""
    if words := await trouble_of(segment_id):
        raise Refusal(words)
    return (await segments.by_id(segment_id)).rules


async def compiled(segment_id: UUID) -> tuple[str, tuple[Any, ...]]:
    """The statement of who fits it. Raises as `rules` does."""
    return segments.compiled(await rules(segment_id))


async def count(campaign: Campaign) -> int:
    """How many would get it now, the holdout included."""
    condition, args = await of_segment(campaign)
    return int(await database.fetch_value(f"SELECT count(*) {_AGREED.format(kind=len(args) + 1)} {condition}", *args,
                                          campaign.kind))  # fmt: skip


async def fix_some(campaign_id: UUID) -> bool:
    """Write some of them down; whether others are still to be. A segment that cannot be asked stops the campaign."""
    async with database.transaction():
        campaign = await database.locked(Campaign, Campaign.id == campaign_id)
        if campaign is None or campaign.state != "sending" or campaign.fixed_at:
            return False
        if words := await trouble(campaign):
            await campaign.update_self({"state": "stopped", "trouble": words})
            return False
        await fix_lot(campaign)
        return not campaign.fixed_at


async def fix_lot(campaign: Campaign) -> None:
    """In the caller's transaction, by their key; the holdout by a hash, so that trying again draws the same. The
    segment is that of when it began, its rules included. Raises `NotFound`.
    """
    condition, args = await of_segment(campaign, at=campaign.started_at)
    first = len(args) + 1
    agreed = _AGREED.format(kind=first)
    chosen = _CHOSEN.format(
        campaign=first + 1, holdout=first + 2, after=first + 3, agreed=agreed, condition=condition, most=FIXED_AT_ONCE
    )
    with time_limits.of_long_work():
        await database.fetch_value("SELECT set_config('statement_timeout', $1, true)", f"{time_limits.LONG_SECONDS}s")
        rows = await database.fetch_rows(
            chosen, *args, campaign.kind, campaign.id, campaign.holdout, campaign.fixed_after or UUID(int=0)
        )
    last, many = rows[0] if rows else (None, 0)
    is_all = many < FIXED_AT_ONCE
    await campaign.update_self({"fixed_at": clock.now(), "trouble": ""} if is_all else {"fixed_after": last})


async def of_segment(campaign: Campaign, *, at: datetime | None = None) -> tuple[str, tuple[Any, ...]]:
    """The condition, with its own $1, $2 …. Raises `NotFound`."""
    if not campaign.segment:
        return "", ()
    sql, args = segments.compiled(await _rules_of(campaign), at=at)
    return f"AND p.id IN ({sql})", args


async def rules_to_begin_with(campaign: Campaign) -> str | None:
    """What its segment asks now, to be kept with it; None without one. Raises `NotFound`."""
    return json.dump((await segments.by_id(campaign.segment)).rules) if campaign.segment else None


async def _rules_of(campaign: Campaign) -> Mapping[str, Any]:
    """Those it began with, if it has. Raises `NotFound`."""
    kept: Mapping[str, Any] | None = json.load(campaign.rules) if campaign.rules else None
    return kept or (await segments.by_id(campaign.segment)).rules


_AGREED = """
FROM campaigns_contacts m LEFT JOIN campaigns_people p ON p.email = m.email AND p.erased_at IS NULL
WHERE m.agreed @> ARRAY[${kind}]::varchar[] AND m.unreachable_at IS NULL"""
_CHOSEN = """
WITH lot AS (SELECT m.id, p.id AS person {agreed} AND m.id > ${after}::uuid {condition} ORDER BY m.id LIMIT {most}),
written AS (INSERT INTO campaign_recipient (id, campaign, contact, person, is_holdout, outcome)
  SELECT gen_random_uuid(), ${campaign}::uuid, id, person,
    ('x' || substr(md5(${campaign}::uuid::text || id::text), 1, 8))::bit(32)::bigint % 100 < ${holdout}::int, ''
  FROM lot ON CONFLICT (campaign, contact) DO NOTHING)
SELECT id, (SELECT count(*) FROM lot) FROM lot ORDER BY id DESC LIMIT 1"""
