"""Who gets a campaign: those who agreed to its kind, of its segment if it has one. Guests are in no segment."""

from typing import Any
from uuid import UUID

import asyncpg

from components.campaigns.tables import Campaign
from components.foundation import database
from components.foundation.database import time_limits
from components.foundation.refusals import NotFound, Refusal
from components.segments import segments

EVERYBODY = "Everybody who agreed"


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


async def trouble(campaign: Campaign) -> str:
    """Why nobody can be chosen, in words; "" where they can."""
    if not campaign.segment:
        return ""
    try:
        found = await segments.by_id(campaign.segment)
    except NotFound:
        return "The segment is not there any more. Choose another."
    if found.archived_at:
        return "The segment is archived. Choose another, or bring it back."
    try:
        segments.compiled(found.rules)
    except Refusal:
        return "The segment’s rules no longer hold. Mend them, or choose another."
    return ""


async def count(campaign: Campaign) -> int:
    """How many would get it now, the holdout included."""
    condition, args = await _of_segment(campaign)
    return int(await database.fetch_value(f"SELECT count(*) {_AGREED.format(kind=len(args) + 1)} {condition}", *args,
                                          campaign.kind))  # fmt: skip


async def count_soon(campaign: Campaign) -> int | None:
    """The same for somebody who waits: None if it takes long."""
    try:
        async with database.transaction():
            await database.fetch_value("SELECT set_config('statement_timeout', $1, true)", segments.PATIENCE)
            return await count(campaign)
    except (asyncpg.QueryCanceledError, TimeoutError):
        return None


async def fix(campaign: Campaign) -> int:
    """Write them down, all in one statement, in the caller's transaction, however long it takes; the holdout by a
    hash, so that trying again draws the same.
    """
    condition, args = await _of_segment(campaign)
    first = len(args) + 1
    chosen = _CHOSEN.format(campaign=first + 1, holdout=first + 2)
    sql = f"{chosen} {_AGREED.format(kind=first)} {condition} ON CONFLICT (campaign, contact) DO NOTHING"
    with time_limits.of_long_work():
        await database.fetch_value("SELECT set_config('statement_timeout', $1, true)", f"{time_limits.LONG_SECONDS}s")
        return await database.execute(sql, *args, campaign.kind, campaign.id, campaign.holdout)


async def _of_segment(campaign: Campaign) -> tuple[str, tuple[Any, ...]]:
    """The condition, with its own $1, $2 …. Raises `NotFound`."""
    if not campaign.segment:
        return "", ()
    sql, args = segments.compiled((await segments.by_id(campaign.segment)).rules)
    return f"AND p.id IN ({sql})", args


_AGREED = """
FROM campaigns_contacts m LEFT JOIN campaigns_people p ON p.email = m.email AND p.erased_at IS NULL
WHERE m.agreed @> ARRAY[${kind}]::varchar[] AND m.unreachable_at IS NULL"""
_CHOSEN = """
INSERT INTO campaign_recipient (id, campaign, contact, person, is_holdout, outcome)
SELECT gen_random_uuid(), ${campaign}::uuid, m.id, p.id,
  ('x' || substr(md5(${campaign}::uuid::text || m.id::text), 1, 8))::bit(32)::bigint % 100 < ${holdout}::int, ''"""
