"""Writes down a lot of what was seen, in one transaction: the day's counts, and the visits of whoever agreed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from components.behaviour import visit_consents
from components.behaviour.page_views import SeenPage
from components.behaviour.tables import PageView
from components.foundation import database, ids
from components.foundation.database.advisory_locks import take_turns
from components.foundation.shop_settings import shop_settings
from components.people import customer_accounts

OPEN = frozenset({"search", "join"})
"""What these are about is written by visitors: strangers can invent as many as they like."""
MOST_INVENTED = 2_000
"""Different subjects of each on a day; beyond them it is only counted that there were more."""
OTHERS = "(others)"
Key = tuple[date, str, str, bool]
COLUMNS = ("id", "at", "day", "visitor", "person", "kind", "subject", "is_member")


async def write(lot: Sequence[SeenPage]) -> None:
    zone = ZoneInfo(shop_settings.current().time_zone)
    async with database.transaction():
        kept = await _bounded(lot, zone)
        await _count(kept, zone)
        await _keep_visits(kept, zone)


async def _bounded(lot: Sequence[SeenPage], zone: ZoneInfo) -> list[SeenPage]:
    """The lot, with what is invented beyond the bound called “others”."""
    invented = sorted({(_day(seen, zone), seen.kind, seen.subject) for seen in lot if seen.kind in OPEN})
    if not invented:
        return list(lot)
    known = await database.fetch_rows(_KNOWN, *([*column] for column in zip(*invented, strict=True)))
    counts: dict[tuple[date, str], int] = {}
    named = set()
    for (day, kind, subject), (is_known, total) in zip(invented, known, strict=True):
        new = counts.setdefault((day, kind), total)
        if is_known or new < MOST_INVENTED:
            counts[day, kind] += not is_known
            named.add((day, kind, subject))
    return [
        seen if seen.kind not in OPEN or (_day(seen, zone), seen.kind, seen.subject) in named
        else replace(seen, subject=OTHERS)
        for seen in lot
    ]  # fmt: skip


async def _count(lot: Sequence[SeenPage], zone: ZoneInfo) -> None:
    times: Counter[Key] = Counter()
    empty: Counter[Key] = Counter()
    for seen in lot:
        key = (_day(seen, zone), seen.kind, seen.subject, seen.is_member)
        times[key] += 1
        empty[key] += seen.kind == "search" and seen.found == 0
    rows = sorted((*key, number, empty[key]) for key, number in times.items())  # always in one order: no deadlock
    await database.execute(_COUNT, *([*column] for column in zip(*rows, strict=True)))


async def _keep_visits(lot: Sequence[SeenPage], zone: ZoneInfo) -> None:
    """Only of browsers whose consent is there now: a cookie alone is no consent, and one withdrawn is none either."""
    theirs = [seen for seen in lot if seen.visitor is not None]
    if not theirs:
        return
    await take_turns(visit_consents.TURN)
    willing = await _not_refused(theirs)
    if not visit_consents.must_ask() and (told := {one.visitor: one.at for one in willing if one.is_told}):
        await database.execute(_TOLD, list(told), list(told.values()))
    kept, joined = await _agreed(willing)
    rows = [
        (ids.new(), seen.at, _day(seen, zone), seen.visitor, seen.person, seen.kind, seen.subject, seen.is_member)
        for seen in kept
    ]
    await database.insert_rows(PageView, COLUMNS, rows)
    if joined:
        people = [seen.person for seen in joined]
        await database.execute(_JOIN_CONSENT, [seen.visitor for seen in joined], people)
        await database.execute(_JOIN_VIEWS, [s.visitor for s in joined], people, [s.at for s in joined])


async def _not_refused(lot: list[SeenPage]) -> list[SeenPage]:
    """Without what a no was said to meanwhile in that browser, and what customers saw who have said no anywhere."""
    visitors, people = {seen.visitor for seen in lot}, {seen.person for seen in lot if seen.person}
    refused = set(await database.fetch_values(_REFUSED, list(visitors), list(people)))
    living = await customer_accounts.called(people)
    return [
        seen for seen in lot
        if seen.visitor not in refused and seen.person not in refused and (seen.person is None or seen.person in living)
    ]  # fmt: skip


async def _agreed(lot: list[SeenPage]) -> tuple[list[SeenPage], list[SeenPage]]:
    """What may be kept; and the first of it that was seen by the holder of a consent that was nobody's so far.

    A consent is of one person: what another sees who is signed in to the same browser is not kept.
    """
    asked = sorted({seen.visitor for seen in lot if seen.visitor})
    holders: dict[UUID, UUID | None] = dict(await database.fetch_rows(_AGREED, asked, visit_consents.must_ask()))
    kept, joined = [], []
    for seen in sorted(lot, key=lambda one: one.at):
        if seen.visitor not in holders:
            continue
        holder = holders[seen.visitor]
        if seen.person is not None and holder is None:
            holders[seen.visitor] = holder = seen.person
            joined.append(seen)
        if seen.person is None or seen.person == holder:
            kept.append(seen)
    return kept, joined


def _day(seen: SeenPage, zone: ZoneInfo) -> date:
    return seen.at.astimezone(zone).date()


_KNOWN = """
SELECT EXISTS (SELECT FROM view_count c WHERE c.day = n.day AND c.kind = n.kind AND c.subject = n.subject),
  (SELECT count(DISTINCT c.subject)::int FROM view_count c WHERE c.day = n.day AND c.kind = n.kind)
FROM unnest($1::date[], $2::text[], $3::text[]) WITH ORDINALITY AS n(day, kind, subject, place) ORDER BY n.place"""
_COUNT = """
INSERT INTO view_count AS known (id, day, kind, subject, is_member, times, empty_times)
SELECT gen_random_uuid(), n.* FROM unnest($1::date[], $2::text[], $3::text[], $4::bool[], $5::int[], $6::int[]) AS n
ON CONFLICT (day, kind, subject, is_member)
DO UPDATE SET times = known.times + excluded.times, empty_times = known.empty_times + excluded.empty_times"""
_REFUSED = """
SELECT coalesce(visitor, person) FROM visit_refusal WHERE visitor = ANY($1::uuid[]) OR person = ANY($2::uuid[])"""
_TOLD = """
INSERT INTO visit_consent (id, given_at, asked) SELECT n.id, n.at, 'told' FROM unnest($1::uuid[], $2::timestamptz[])
  AS n(id, at) ON CONFLICT (id) DO NOTHING"""
_AGREED = """
SELECT id, person FROM visit_consent WHERE id = ANY($1::uuid[]) AND (asked = 'asked' OR NOT $2::bool)
ORDER BY id FOR KEY SHARE"""
_JOIN_CONSENT = """
UPDATE visit_consent c SET person = n.person FROM unnest($1::uuid[], $2::uuid[]) AS n(visitor, person)
WHERE c.id = n.visitor AND c.person IS NULL"""
_JOIN_VIEWS = """
UPDATE page_view v SET person = n.person FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[])
  AS n(visitor, person, at) WHERE v.visitor = n.visitor AND v.person IS NULL AND v.at <= n.at"""
"""Once only, when the holder is seen for the first time: what others see in that browser later is not theirs."""
