"""Comparing the shop with Stripe: a bounded look at both, and what was found stored once for each rule and object."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from components.foundation import clock, database, ids
from components.foundation.database import any_of
from components.payments.differences.difference_rules import AtStripe, DifferenceRule, Found
from components.payments.payment_refusals import StripeUnavailable
from components.payments.stripe_calls import stripe_lists
from components.payments.tables import InboxEvent, ReconcileRun, StripeDifference

LOOKED_BACK = timedelta(days=30)
MOST = 1000
"""Of each kind, the newest."""
KIND = "compare"
log = structlog.get_logger()


async def run(rules: Sequence[DifferenceRule]) -> ReconcileRun:
    """One comparison, stored as a run. It changes nothing but the list of differences."""
    made = ReconcileRun(id=ids.new(), kind=KIND, started_at=clock.now())
    await made.save()
    try:
        seen = await _at_stripe()
        for rule in rules:
            await _store(rule, await rule.find(seen))
    except StripeUnavailable:
        made.trouble = "Stripe did not answer, so the comparison is not complete."
    made.finished_at = clock.now()
    await made.save()
    return made


async def _at_stripe() -> AtStripe:
    at = clock.now()
    since = (await _oldest_open() or at) - LOOKED_BACK
    refunds, all_refunds = await stripe_lists.refunds(since=since, most=MOST)
    return AtStripe(
        at=at,
        since=since,
        subscriptions={one.id: one for one in await stripe_lists.subscriptions(most=MOST)},
        invoices={one.id: one for one in await stripe_lists.invoices(since=since, most=MOST)},
        intents={one.id: one for one in await stripe_lists.intents(since=since, most=MOST)},
        refunds={one.id: one for one in refunds},
        all_refunds=all_refunds,
        disputes={one.id: one for one in await stripe_lists.disputes(since=since - timedelta(days=90), most=MOST)},
    )


async def _oldest_open() -> datetime | None:
    """What is still to be repaired is looked at for as long as it takes: its age does not make it right."""
    table = StripeDifference
    is_open = table.gone_at.is_null() & table.explained_at.is_null()
    first = await table.objects().where(is_open).order_by(table.first_seen_at).first()
    return first.first_seen_at if first else None


async def _store(rule: DifferenceRule, found: Sequence[Found]) -> None:
    """New ones are written, known ones seen again, and those that are not found any more are gone."""
    event = InboxEvent
    waits = event.handled_at.is_null() & event.parked_at.is_null()
    named = any_of(event.object_id, [one.subject for one in found])
    on_their_way = set(await event.select(event.object_id).where(named & waits).output(as_list=True))
    standing = [one for one in found if one.subject not in on_their_way]
    now, table = clock.now(), StripeDifference
    for one in standing:
        said = (one.here[:200], one.there[:200])
        await database.execute(_SEEN, ids.new(), rule.name, one.subject, *said, now, one.about)
    is_gone = (table.rule == rule.name) & table.gone_at.is_null() & (table.last_seen_at < now)
    await table.update({table.gone_at: now}).where(is_gone)


_SEEN = """
INSERT INTO stripe_difference (id, rule, subject, here, there, first_seen_at, last_seen_at, result, words, about)
VALUES ($1, $2, $3, $4, $5, $6, $6, '', '', $7)
ON CONFLICT (rule, subject) WHERE gone_at IS NULL
DO UPDATE SET last_seen_at = excluded.last_seen_at, here = excluded.here, there = excluded.there,
  about = coalesce(excluded.about, stripe_difference.about)
"""
